# One command each: `make run`, `make test`, `make check`, `make bench`. Everything they make lies in this folder.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

# One flow of output and no stamp written by two recipes at once.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
FORK := .venv-whoosh3
PIP := -m pip install --quiet --disable-pip-version-check
# Where PYTHONDONTWRITEBYTECODE is set, each command would compile all that it imports.
BYTECODE := -m compileall -q harbor_search
LOCKED := setup.cfg pyproject.toml constraints.txt Makefile

# PYTEST_ARGS="tests/cli -x" runs a part, "-n 0" in one process. Temporary files stay in the clone. A module stays in one
# process, where its fixtures are made once.
PYTEST_ARGS ?=
PYTEST := -m pytest -n 2 --dist loadfile

# Two processes that need the same kernel would both compile it. A rebuild does that once, on all processors; where it
# was done before, this takes three seconds.
COMPILE := -m harbor_search --index .tmp/compiled rebuild corpus

.PHONY: help run index test test-opensearch check lint audit bench dist docs messages pictures browser-tools

help:
	@echo 'make run    build the index of corpus/ where it is absent or outdated, and serve it (HOST=$(HOST) PORT=$(PORT))'
	@echo 'make test   run the tests'
	@echo 'make test-opensearch  run the tests of the OpenSearch engine on a real node (needs Java 21 and Maven, fetches 160 MB once)'
	@echo 'make check  ruff, mypy --strict, the import contract, bandit, pip-audit, the tests, and the tests again with the fork of Whoosh'
	@echo 'make bench  measure against other engines (BENCH_ARGS="engine --json")'
	@echo 'make messages  bring the catalogues of the pages up to date with their texts'
	@echo 'make pictures  take the pictures of the pages in docs/pictures/ anew'
	@echo 'make browser-tools  install axe-core and Lighthouse for the browser tests'
	@echo 'make dist   build sdist and wheel, and try the wheel on each Python that is here'
	@echo 'make docs   write the reference pages of docs/ from the program'
	@echo
	@echo 'Each makes .venv here first, with $(PYTHON); make PYTHON=python3.12 ... takes another.'

run: index
	@echo 'Serving (Ctrl-C stops it):'
	@exec $(VENV)/bin/harbor-search --index index serve --host $(HOST) --port $(PORT)

# A folder is newer when an article has left it. The package and what it was installed with count because a newer one
# may read articles better or write another format.
index: $(VENV)/.run
	@if [ ! -e index/CURRENT ] || \
	  [ -n "$$(find corpus $(VENV)/.run -newer index/CURRENT; find harbor_search -name '*.py' -newer index/CURRENT)" ]; then \
	  echo 'Building the index of corpus/ in index/ ...'; \
	  $(VENV)/bin/harbor-search --index index rebuild corpus; \
	else echo 'The index of corpus/ in index/ is up to date.'; fi

test: $(VENV)/.test
	@mkdir -p .tmp
	@echo 'Compiling for this processor, where that was not done yet ...'
	@$(VENV)/bin/python $(COMPILE) >/dev/null
	@echo 'Running the tests ...'
	@$(VENV)/bin/python $(PYTEST) --basetemp=.tmp/pytest $(PYTEST_ARGS)

# The whole engine suite, on a node that it starts on loopback and ends, and on three of which one is killed.
test-opensearch: $(VENV)/.test
	@$(VENV)/bin/python -m tests.support.opensearch_cluster fetch
	@echo 'Running the tests of the OpenSearch engine ...'
	@mkdir -p .tmp
	@HARBOR_TEST_OPENSEARCH=start $(VENV)/bin/python -m pytest --basetemp=.tmp/pytest-opensearch \
	  tests/engines/test_contract.py tests/engines/test_near_duplicates.py tests/engines/test_priors.py \
	  tests/engines/test_meaning.py tests/engines/test_explaining.py tests/engines/test_german_compounds.py \
	  tests/engines/test_mixed_languages.py tests/engines/opensearch $(PYTEST_ARGS)

check: lint audit test $(FORK)/.test
	@echo 'Running the tests again, with whoosh3 in the place of Whoosh ...'
	@mkdir -p .tmp
	@$(FORK)/bin/python $(PYTEST) --basetemp=.tmp/pytest-whoosh3 $(PYTEST_ARGS)
	@echo 'All checks passed.'

lint: $(VENV)/.check
	@echo 'Checking style (ruff) ...'
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@echo 'Checking types (mypy --strict) ...'
	@$(VENV)/bin/mypy --strict harbor_search
	@echo 'Checking the import contract (import-linter) ...'
	@$(VENV)/bin/lint-imports
	@echo 'Looking for weaknesses (bandit) ...'
	@$(VENV)/bin/bandit --quiet --configfile pyproject.toml --recursive --severity-level medium harbor_search

# Known weaknesses in the exact versions of constraints.txt. What cannot be looked up does not fail, but is said.
audit: $(VENV)/.check
	@echo 'Looking for known weaknesses of what is installed (pip-audit) ...'
	@$(VENV)/bin/pip-audit --progress-spinner off --disable-pip --no-deps -r constraints.txt >.audit.log 2>&1; status=$$?; \
	if grep -q 'Found .* known vulnerabilit' .audit.log; then cat .audit.log >&2; exit 1; fi; \
	unknown=$$(grep -c 'could not be audited' .audit.log); \
	if [ $$status -ne 0 ]; then echo 'NOT AUDITED: pip-audit could not ask; see .audit.log' >&2; \
	elif [ $$unknown -gt 0 ]; then \
	  echo "NOT AUDITED: pip-audit could not look up $$unknown of $$(grep -c == constraints.txt) libraries; see .audit.log" >&2; fi

# Both distributions, and the main job done from the wheel in an empty environment on each Python that is here. A name
# may be there and not run, as where pyenv has another version switched on: then its own folder is looked into.
DIST_VERSIONS ?= 3.11 3.12 3.13
dist: $(VENV)/.check
	@rm -rf dist .dist
	@$(VENV)/bin/python -m build --outdir dist . >/dev/null
	@for version in $(DIST_VERSIONS); do python=; \
	  for each in python$$version $$HOME/.pyenv/versions/$$version.*/bin/python; do \
	    if $$each -c '' 2>/dev/null; then python=$$each; break; fi; \
	  done; \
	  test "$$python" || { echo "Python $$version is not here: not tried"; continue; }; \
	  echo "Trying the wheel with Python $$version ..."; \
	  rm -rf .dist && $$python -m venv .dist && \
	  .dist/bin/python $(PIP) -c constraints.txt dist/*.whl && \
	  (cd .dist && bin/harbor-search --index index rebuild ../corpus && \
	   bin/harbor-search --index index search -n 1 'can tea block iron' && bin/harbor-search --index index verify) \
	  || exit 1; \
	done; rm -rf .dist; ls dist

docs: $(VENV)/.run
	@echo 'Writing docs/cli.md, docs/settings.md and the index of docs/adr/ ...'
	@$(VENV)/bin/python -m harbor_search.cli.reference docs
	@$(VENV)/bin/python docs/adr/make_index.py

# Texts of the pages: gathered into the template, and into each catalogue, where new ones wait to be translated.
TEXTS := harbor_search/web/translations
messages: $(VENV)/.run
	@echo 'Gathering the texts of the pages into $(TEXTS)/ ...'
	@$(VENV)/bin/pybabel -q extract -F $(TEXTS)/babel.cfg -k N_ --no-location --sort-output --omit-header \
	  -o $(TEXTS)/messages.pot harbor_search/web
	@for catalogue in $(TEXTS)/*.po; do \
	  $(VENV)/bin/pybabel -q update -i $(TEXTS)/messages.pot -o $$catalogue -l $$(basename $$catalogue .po) \
	    --no-fuzzy-matching --omit-header --width 120 || exit 1; done

# Needs Chromium and its driver, as the browser tests do.
pictures: $(VENV)/.test index
	@echo 'Taking the pictures of docs/pictures/ ...'
	@$(VENV)/bin/python docs/pictures/take.py

# What the browser tests measure pages with (axe-core, Lighthouse); needs Node.js and npm.
browser-tools:
	@echo 'Installing what the browser tests measure pages with ...'
	@cd tests/browser/tools && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

bench: $(VENV)/.bench
	@echo 'Measuring ...'
	@$(VENV)/bin/python -m benchmarks $(BENCH_ARGS)

$(VENV)/.run: $(LOCKED) | $(VENV)/bin/python
	@echo 'Installing harbor_search into $(VENV) ...'
	@$(VENV)/bin/python $(PIP) -c constraints.txt -e .
	@$(VENV)/bin/python $(BYTECODE)
	@touch $@

$(VENV)/.test: $(LOCKED) | $(VENV)/bin/python
	@echo 'Installing harbor_search and what its tests need into $(VENV) ...'
	@$(VENV)/bin/python $(PIP) -c constraints.txt -e '.[test]'
	@$(VENV)/bin/python $(BYTECODE)
	@touch $@ $(VENV)/.run

$(VENV)/.check: $(LOCKED) | $(VENV)/bin/python
	@echo 'Installing harbor_search and what its checks need into $(VENV) ...'
	@$(VENV)/bin/python $(PIP) -c constraints.txt -e '.[check]'
	@$(VENV)/bin/python $(BYTECODE)
	@touch $@ $(VENV)/.run $(VENV)/.test

$(VENV)/.bench: $(LOCKED) | $(VENV)/bin/python
	@echo 'Installing harbor_search and the engines it is measured against into $(VENV) ...'
	@$(VENV)/bin/python $(PIP) -c constraints.txt -e '.[bench]'
	@$(VENV)/bin/python $(BYTECODE)
	@touch $@ $(VENV)/.run $(VENV)/.test

# The distributions hold the same package, so the original leaves before the fork comes.
$(FORK)/.test: $(LOCKED) constraints-whoosh3.txt | $(FORK)/bin/python
	@echo 'Installing harbor_search with whoosh3 into $(FORK) ...'
	@$(FORK)/bin/python $(PIP) -c constraints.txt -e '.[test]'
	@$(FORK)/bin/python -m pip uninstall --quiet --yes Whoosh
	@$(FORK)/bin/python $(PIP) --no-deps --force-reinstall -r constraints-whoosh3.txt
	@touch $@

$(VENV)/bin/python $(FORK)/bin/python:
	@command -v '$(PYTHON)' >/dev/null || { \
	  echo 'There is no $(PYTHON) here. Install Python 3.11, 3.12 or 3.13, or name it: make PYTHON=/path/to/python3.12' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "harbor_search needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$('$(PYTHON)' --version 2>&1)." >&2; \
	  echo 'Name another: make PYTHON=python3.12 ...' >&2; exit 1; }
	@echo 'Creating $(patsubst %/bin/python,%,$@) with $(PYTHON) ...'
	@'$(PYTHON)' -m venv $(patsubst %/bin/python,%,$@) || { rm -rf $(patsubst %/bin/python,%,$@); \
	  echo 'The venv module did not work; on Debian and Ubuntu, install the package python3-venv.' >&2; exit 1; }
