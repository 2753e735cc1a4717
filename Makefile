# Two commands matter: `make demo` and `make test`. Both need only Python (with venv) and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
STAMP  := $(VENV)/.installed

# tests and demo start the bot again and again: without compiled modules each start takes twice as long
unexport PYTHONDONTWRITEBYTECODE

.PHONY: chaos hostile venv demo test element lint types unit e2e bench run fmt clean

venv: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary -c constraints.txt -e '.[test]'
	touch $(STAMP)

demo: venv
	$(BIN)/coedu-bot demo $(ARGS)

test: venv element lint types
	$(BIN)/python -m pytest tests -n $(JOBS) --dist loadfile

element: venv
	$(BIN)/python -m tests.element.install

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: venv
	$(BIN)/mypy

unit: venv
	$(BIN)/python -m pytest tests -n $(JOBS) --dist loadfile --ignore=tests/end_to_end

e2e: venv element
	$(BIN)/python -m pytest tests/end_to_end

hostile: venv
	$(BIN)/python -m pytest tests/hostile

chaos: venv
	CHAOS_ROUNDS=20 $(BIN)/python -m pytest tests/chaos

bench: venv
	$(BIN)/python -m benchmarks $(ARGS)

run: venv
	$(BIN)/coedu-bot run --config $(or $(CONFIG),config.yaml)

fmt: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
