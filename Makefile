# Reelyard's commands. Each builds what it needs first; nothing but Python 3.11 and the package registries is asked of the machine.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
FILES ?=
OUT ?= out
DATA ?= data
N ?= 100

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench faults clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready  ## build .venv with everything that the other commands need

$(VENV)/.ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Reelyard needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@

run: setup  ## do the main job on media made here, or on FILES="a.mp3 b.mp4 c.docx"; results go to ./out
	@$(BIN)/reelyard demo --out "$(OUT)" --data "$(DATA)" -- $(FILES)

test: setup  ## run every test, with the coverage that the project promises
	@scripts/test

check: setup  ## lint, types and the dependency rules of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup  ## let the formatter and the linter mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## print each promised figure beside its limit or its peer
	@$(BIN)/python -m bench

faults: setup  ## kill workers, children and the server N times while items, films, stories and exports are made, and count what was lost
	@$(BIN)/python -m tests.faults.storm --rounds $(N)

clean:  ## remove what the commands above made (not your data folder)
	rm -rf $(VENV) out .coverage* .mypy_cache .ruff_cache .pytest_cache
