# Everything runs in a virtual environment made here; the machine needs make and Python 3.11 or newer, nothing else.
# Each stamp below says "this is installed" and is older than what it depends on only when that has changed.

# A name on PATH may be a shim that leads nowhere, so a Python is chosen by running it.
FIT := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do $$p -c '$(FIT)' 2>/dev/null && echo $$p && break; done)
ARGS ?=

DISTRIBUTIONS := $(patsubst %/pyproject.toml,%,$(sort $(wildcard plugins/*/*/pyproject.toml reports/*/pyproject.toml)))
PROJECTS := pyproject.toml $(DISTRIBUTIONS:=/pyproject.toml)
WITH_PYTHON := $(sort $(foreach d,$(DISTRIBUTIONS),$(if $(wildcard $(d)/*/*.py),$(d))))

RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install -q -c constraints.txt
RUNTIME := $(VENV)/.stamp-runtime
DEV := $(VENV)/.stamp-dev
BENCH := $(VENV)/.stamp-bench

NO_PYTHON := This needs Python 3.11 or newer with its venv module, and found none\
 (on Debian: apt-get install python3 python3-venv). Elsewhere on the machine? make <target> PYTHON=/path/to/python3

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench packages matrix clean

help:  ## say what there is
	@echo "make <target>, where <target> is"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=/path/to/python3 chooses the interpreter that makes $(VENV); 'make clean' first if it exists."

demo: $(RUNTIME)  ## a synthetic clinic, scored and reported, in demo/
	$(RUN) examples/synthetic_clinic.py --out demo

test: $(DEV)  ## the test suite; ARGS="-k wai -x" goes to pytest
	$(RUN) -m pytest -n 2 $(ARGS)

lint: $(DEV)  ## ruff (rules and format) and mypy --strict
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	@set -e; for d in $(WITH_PYTHON); do echo "mypy $$d"; $(RUN) -m mypy "$$d"; done

bench: $(BENCH)  ## the measurements behind the numbers in the docs
	$(RUN) benchmarks/run.py $(ARGS)

packages: $(DEV)  ## each package's tests alone, together, at lowest versions, and the bare wheels; ARGS names some
	$(RUN) scripts/packages.py $(ARGS)

matrix:  ## the test suite on every CPython >= 3.11 of this machine
	@scripts/matrix

clean:  ## remove what make made
	rm -rf .venv .venv-3.* demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): $(PROJECTS) constraints.txt
	@$(RUN) -m pip --version >/dev/null 2>&1 || { \
	  python="$(PYTHON)"; \
	  "$$python" -c '$(FIT)' 2>/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	  echo "$$("$$python" --version) into $(VENV)"; \
	  "$$python" -m venv --clear "$(VENV)"; }
	$(INSTALL) hatchling editables
	$(INSTALL) --no-build-isolation -e . $(addprefix -e ./,$(DISTRIBUTIONS))
	@touch $@

$(DEV): $(RUNTIME) dev-requirements.txt
	$(INSTALL) -r dev-requirements.txt
	@touch $@

$(BENCH): $(RUNTIME) bench-requirements.txt
	$(INSTALL) -r bench-requirements.txt
	@touch $@
