PYTHON ?= python3
PORT ?= 8501
REAL_DATA ?= ../shared/data
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
DEMO ?= --demo
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-real lint bench demo screenshots clean

run: $(VENV)/installed
	@$(BIN)/python -m queries migrate $(DEMO)
	@$(BIN)/streamlit run app.py --server.address=localhost --server.port=$(PORT)

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-real: $(VENV)/installed-dev
	@test -d "$(REAL_DATA)" || { echo "REAL_DATA=$(REAL_DATA) is not there: give the folder of real data"; exit 1; }
	REAL_DATA="$(abspath $(REAL_DATA))" $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile tests/real -o "norecursedirs=.venv .hypothesis"

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	REAL_DATA="$(abspath $(REAL_DATA))" $(BIN)/python -m tests.bench

demo: $(VENV)/installed
	$(BIN)/python -m queries migrate
	$(BIN)/python -m queries demo

screenshots: $(VENV)/installed-dev
	KEEP_SCREENSHOTS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/browser -k "draws_itself or fits_a_phone or read_from_afar"

clean:
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt tests/install.sh $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	sh tests/install.sh $(BIN)/python
	@touch $@
