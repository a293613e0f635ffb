# The ways in are `make start` or `make pages` (take the course) and `make test` (check everything, from nothing).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# The tests of `make quick`.
QUICK := tests/course tests/exercises tests/grading tests/learner tests/notebooks/test_facts.py tests/notebooks/test_glossary.py tests/notebooks/test_chapter_parity.py
# Without compiling: Python does that for what is used, when it is used; here it would take longer than all else.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt

.PHONY: start pages live site site-serve test quick lint notebooks screenshots dist clean

start: .venv/installed-lab
	$(BIN)/maatwerk start $(ARGS)

# The same course and the same answers, as pages to read.
pages: .venv/installed-pages
	$(BIN)/maatwerk pages $(ARGS)

live: .venv/installed-live
	$(BIN)/maatwerk live $(ARGS)

# The course as a site that runs in the browser, in _site; and that site, shown on this machine.
site: .venv/installed-site
	$(BIN)/python -m maatwerk_site build $(ARGS)

site-serve:
	test -d _site || $(MAKE) site
	$(BIN)/python -m maatwerk_site serve $(ARGS)

# The tests start many a Python. Where the environment forbids to keep what was compiled, each would do it again.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/installed-test lint
	sh tests/ensure_chromium.sh
	sh tests/ensure_firefox.sh
	sh tests/ensure_redis.sh
	sh tests/ensure_postgresql.sh
	sh tests/ensure_proxy.sh
	# One more than the cores of a small machine: much of the time is waiting for a browser, a kernel or a server.
	# In the order of tests/conftest.py: what takes longest first, not what has most tests.
	$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup --no-loadscope-reorder

# While you work: what needs no browser, no nbgrader and no server, in under a minute.
quick: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest --numprocesses 2 --quiet $(QUICK)

# Style, types, and every built file against what it is built from.
lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy course/maatwerk exercises/maatwerk_exercises learner grading widgets live app website tools
	$(BIN)/lint-imports
	$(BIN)/python tools/house.py --check
	$(BIN)/python tools/chapters/build.py --check
	$(BIN)/python tools/exercises/build.py --check
	$(BIN)/reuse lint --quiet

# After a change in course/*/*.md or exercises/items/*.toml.
notebooks: .venv/installed-test
	$(BIN)/python tools/chapters/build.py
	$(BIN)/python tools/exercises/build.py

# The pictures in docs/, taken from the real widgets.
screenshots: .venv/installed-test
	sh tests/ensure_chromium.sh
	$(BIN)/python docs/screenshots.py

.venv/installed-lab: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[lab]'
	touch $@

.venv/installed-pages: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[pages]'
	touch $@

.venv/installed-live: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[lab,live]'
	touch $@

.venv/installed-site: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[site]'
	touch $@

.venv/installed-dist: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[dist]'
	touch $@

.venv/installed-test: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[test]'
	touch $@

# A release in dist/: wheel, sdist, site, list of parts and checksums. Two clones give the same bytes.
dist: .venv/installed-dist
	$(BIN)/python tools/dist.py $(ARGS)

clean:
	rm -rf .venv build dist _site .mypy_cache .ruff_cache .pytest_cache .hypothesis
