# Two commands: `make demo` and `make test`. Needs make, Python 3.11 or newer (PYTHON=...) and PyPI.

PYTHON ?= python3
BIN := .venv/bin
# What Python compiles is kept, whatever the shell says: the tests start it hundreds of times.
export PYTHONDONTWRITEBYTECODE :=
# Ansible's tools start each other by name, and write below ANSIBLE_HOME.
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" ANSIBLE_HOME="$(CURDIR)/.cache/ansible"
PYTEST := $(RUN) python -m pytest -n auto --dist worksteal
CHECKS := lint types docs changelog build sanity
# One check uses one core. Where make can, it prints what each one says in one piece.
SIDE_BY_SIDE := --no-print-directory --jobs=$(shell getconf _NPROCESSORS_ONLN) \
                $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: simulator sanity-all release release-check release-changelog help setup demo test unit sentences integration checks pytest sanity lint types docs build site changelog bench bench-quick soak test-all test-cores test-rulebook test-browser clean collections

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: .venv/.dev ## Make the virtual environment with all that the tests need

demo: .venv/.demo ## Run joiners, a reviewed change, a leaver and the report twice against the simulator; the second run sends nothing
	$(RUN) python -m tests.demo

simulator: .venv/.demo ## Run a simulated Microsoft Graph until Ctrl-C; another terminal uses it by `. .cache/simulator.sh`
	@$(RUN) python -m tests.simulator --shell-file .cache/simulator.sh

test: checks pytest ## Run every check and every test

checks: .venv/.dev collections ## Run every check: linters, types, documentation, artifact, sanity
	@$(MAKE) $(SIDE_BY_SIDE) $(CHECKS)

pytest: .venv/.dev
	$(PYTEST)

unit: .venv/.dev ## Run the unit tests
	$(PYTEST) tests/unit

sentences: .venv/.dev ## Write every sentence that users see into the file to review, tests/unit/sentences.txt
	$(RUN) python -m tests.support.sentences

integration: .venv/.dev ## Run the playbooks of the tests against the simulator
	$(PYTEST) tests/integration

sanity: .venv/.dev ## Run ansible-test sanity
	$(BIN)/python -m tests.sanity.run

lint: .venv/.dev collections ## Run ansible-lint (profile production), yamllint and ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/yamllint --strict .
	$(RUN) ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.cache/collections" ansible-lint --strict

types: .venv/.dev collections ## Run mypy in strict mode
	$(BIN)/mypy -p ansible_collections.idgov.entra.plugins -p tests

docs: .venv/.dev ## Check the documentation of the plugins and the links between pages
	$(RUN) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all .
	$(RUN) python -m pytest tests/unit/test_markdown_links.py

build: .venv/.demo ## Build the artifact, install it offline and check what is in it
	$(RUN) python -m tests.support.artifact

changelog: .venv/.dev ## Check the changelog fragments
	$(RUN) antsibull-changelog lint

bench: .venv/.dev ## Measure the performance goals against the simulator, in twenty minutes
	$(RUN) python -m tests.benchmark .cache/benchmark

bench-quick: .venv/.dev ## The same with 100 people only, in a minute
	$(RUN) python -m tests.benchmark --quick .cache/benchmark

soak: .venv/.dev ## Play random faults, a contrary Graph, odd answers by the thousand, and weeks of events, in an hour
	$(RUN) python -m tests.soak
	$(RUN) python -m tests.contrary
	$(RUN) python -m tests.events

test-all: ## Run unit and integration tests on every ansible-core from 2.16 for each Python found
	$(PYTHON) -m tests.matrix --table

test-cores: .venv/.dev ## Play hostile texts through the playbooks on every ansible-core from 2.16 for which a Python is found
	$(RUN) python -m tests.cores

test-rulebook: .venv/.rulebook ## Run the rulebooks under the real ansible-rulebook; needs Java 17 or newer
	$(RUN) python -m pytest tests/rulebook

sanity-all: .venv/.demo ## Run ansible-test sanity on the oldest and the newest supported ansible-core
	$(BIN)/python -m tests.sanity.run --core 2.16
	$(BIN)/python -m tests.sanity.run --core 2.21

release: .venv/.demo ## Make what is uploaded for a release from the last commit: artifact, bill of materials, checksums
	$(RUN) python -m tests.release

release-check: .venv/.demo ## The same, built twice for the same bytes, and given to galaxy-importer
	$(RUN) python -m tests.release --check

release-changelog: .venv/.dev ## Put all changelog fragments into the release that galaxy.yml names
	$(RUN) antsibull-changelog release --update-existing --reload-plugins
	rm -f changelogs/.plugin-cache.yaml

site: .venv/.site ## Build the documentation as web pages in .cache/site/html
	$(RUN) python -m tests.website .cache/site

test-browser: .venv/.browser .venv/.site ## Open the report and the documentation site in the Chromium on the PATH
	$(RUN) python -m pytest tests/browser

clean: ## Remove everything that was made
	rm -rf .venv .cache

collections: .venv/.demo
	@$(BIN)/python -m tests.support.paths > /dev/null

# One environment, made once; a changed requirements file installs what changed.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.demo: requirements-demo.txt | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/.browser: requirements-browser.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/.site: requirements-site.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/.rulebook: requirements-rulebook.txt .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.venv/.dev: requirements-dev.txt requirements-test.txt .venv/.demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
