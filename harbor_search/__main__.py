"""`python -m harbor_search` is `harbor-search`."""

from harbor_search.cli import main

# Server workers import this module again under another name, and must not start a second server.
if __name__ == "__main__":
    main()
