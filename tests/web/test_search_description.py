"""The OpenSearch description by which browsers add the site as a search engine."""

from __future__ import annotations

from xml.etree import ElementTree

from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.memory_engine import MemoryEngine

NAMES = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def test_the_description_names_the_site_and_where_to_search(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.data)
    assert root.findtext("o:ShortName", namespaces=NAMES) == "HealthHarbor"
    templates = {each.get("type"): each.get("template") for each in root.findall("o:Url", NAMES)}
    assert templates["text/html"] == "http://localhost/search?q={searchTerms}"
    filled = str(templates["text/html"]).replace("{searchTerms}", "iron")
    assert "Signs of Low" in client.get(filled).text
    image = root.findtext("o:Image", namespaces=NAMES)
    assert client.get(str(image)).mimetype == "image/svg+xml"


def test_a_long_name_with_signs_makes_a_valid_description() -> None:
    name = "Health & <Care> of the Whole Family"
    client = create_app(Settings(site_name=name), MemoryEngine()).test_client()
    root = ElementTree.fromstring(client.get("/opensearch.xml").data)
    short = root.findtext("o:ShortName", namespaces=NAMES)
    assert short is not None and len(short) <= 16 and name.startswith(short)
    assert root.findtext("o:LongName", namespaces=NAMES) == name
