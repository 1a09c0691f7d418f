# The commands of this project. `make demo` and `make test` need Python 3.11 or later.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test test-all tools lint bench mutants screenshots agreed accessibility clean

.venv/installed: pyproject.toml hatch_build.py consult/assets/package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group test
	touch $@

# Seed the demo on embedded SQLite and serve it.
demo: .venv/installed
	$(BIN)/consult demo --port $(PORT)

# Many tests wait for programs, so there is one process more than most machines have processors.
PROCESSES ?= 3

# The tests, on both databases and in a real browser; of the longest lists another part each day.
test: .venv/installed tools lint
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal

# The same with every test of the longest lists.
test-all: .venv/installed tools lint
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --every

# What the tests let judge our work, into build/tools: once, and nothing fails if it cannot be had.
tools: .venv/installed
	$(BIN)/python -m tests.tools

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Ratios measured in one run; see tests/benchmarks.
bench: .venv/installed
	$(BIN)/python -m tests.benchmarks

# What tests notice: small faults are planted in copies of the project, a sample of each package.
# make mutants PACKAGES="consult/counting events" SAMPLE=20 SEED=2
PACKAGES ?=
SAMPLE ?= 60
SEED ?= 1
mutants: .venv/installed
	$(BIN)/python -m pip install --quiet --group mutation
	$(BIN)/python -m tests.mutation $(PACKAGES) --sample $(SAMPLE) --seed $(SEED)

# Every page at 375 and 1280 pixels, into build/screenshots.
screenshots: .venv/installed
	FOLKMOOT_SCREENSHOTS=yes $(BIN)/python -m pytest tests/journeys tests/browser -m browser --every -n 2 --dist worksteal -q

# What every page says, into tests/golden/pages: read the difference before it is committed.
agreed: .venv/installed
	rm -f tests/golden/pages/*.txt
	FOLKMOOT_AGREE=yes $(BIN)/python -m pytest --every -n 2 -q \
		tests/consult/web/test_pages_as_agreed.py tests/consult/web/results/test_results_as_agreed.py \
		tests/consult/web/results/test_example_words.py

# What the gates find on every page for residents, into the accessibility statement.
accessibility: .venv/installed
	rm -rf build/accessibility
	$(BIN)/python -m pytest tests/journeys/test_every_resident_page.py --every -n 2 --dist worksteal -q
	$(BIN)/python -m tests.browser.covered

clean:
	rm -rf .venv build
