"""A Flask site with a search box; the search pages hang below /find.

    flask --app examples/flask_site.py run

It searches the index in `index/`, which `harbor-search rebuild` makes; HARBOR_INDEX names another folder.
"""

from __future__ import annotations

from flask import Flask, render_template_string

from harbor_search import create_blueprint, load_settings

PAGE = """<!doctype html>
<html lang="en">
<title>My site</title>
<h1>My site</h1>
<form role="search" action="{{ url_for('harbor_search.serve', path='search') }}">
  <input type="search" name="q" aria-label="Search the articles">
  <button>Search</button>
</form>
</html>
"""

app = Flask(__name__)
app.register_blueprint(create_blueprint(load_settings()), url_prefix="/find")


@app.get("/")
def home() -> str:
    """The site's own front page, with the box."""
    return render_template_string(PAGE)
