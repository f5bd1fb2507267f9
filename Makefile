# Each target sets up what it needs, in .venv and build/; the second time is quick.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test setup lint format types test-python test-pythons screens test-clients test-cpp bench bench-clients docs docs-serve wheels clean

VENV := $(CURDIR)/.venv
CLIENTS := $(CURDIR)/.venv-clients
WHEELS := $(CURDIR)/build/wheels
STAMPS := $(VENV)/.stamps
REPORTS := build/reports
JOBS ?= $(shell nproc)
BENCH ?= $(filter-out %/bench_sb3.py,$(sort $(wildcard benchmarks/bench_*.py)))
CPP_SOURCES = $(shell find cpp -name '*.hpp' -o -name '*.cpp')

export PATH := $(VENV)/bin:$(PATH)
unexport PYTHONPATH

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) \
	  | sed -E 's/^([a-z-]+):.*## */  make \1|/' | column -t -s '|'

demo: $(STAMPS)/run ## Learn CartPole-v1 from nothing; results go to demo-output/
	@scripts/extension.sh
	@dromos demo $(DEMO_ARGS)

test: ## All checks: style, types, Python tests, C++ tests under sanitizers
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory test-python
	@$(MAKE) --no-print-directory test-clients
	@$(MAKE) --no-print-directory test-cpp
	@scripts/summary.sh $(REPORTS)

setup: $(STAMPS)/dev ## Set up for work on the tree: .venv and the built extension
	scripts/extension.sh

lint: $(STAMPS)/dev ## Style of the Python and C++ sources
	ruff check .
	ruff format --check .
	@echo clang-format --dry-run -Werror cpp
	@clang-format --dry-run -Werror $(CPP_SOURCES)

format: $(STAMPS)/dev ## Bring the sources into style
	ruff check --fix .
	ruff format .
	clang-format -i $(CPP_SOURCES)

types: $(STAMPS)/dev ## Type checks: mypy and pyright
	mypy
	pyright

test-python: $(STAMPS)/dev screens ## Python tests, on the tree
	scripts/extension.sh
	@mkdir -p $(REPORTS)
	python -m pytest -q -n $(JOBS) $(PYTEST_ARGS) 2>&1 | tee $(REPORTS)/pytest.txt

test-pythons: $(STAMPS)/venv screens ## Python tests on the oldest and newest other Python that are here
	@scripts/pythons.sh $(REPORTS) -n $(JOBS) $(PYTEST_ARGS)

# What Python tests draw on.
screens:
	@command -v Xvfb >/dev/null || scripts/system.sh xvfb
	@command -v chromium >/dev/null || scripts/system.sh chromium
	@ldconfig -p | grep -q libEGL.so || scripts/system.sh libegl1 libgl1-mesa-dri
	@ldconfig -p | grep -q libOSMesa.so || scripts/system.sh libosmesa6

test-clients: $(STAMPS)/dev $(CLIENTS)/.stamp ## Libraries written for Gymnasium, run on dromos
	scripts/extension.sh
	@mkdir -p $(REPORTS)
	$(CLIENTS)/bin/python -m pytest -q -n $(JOBS) -c tests/clients/pytest.ini tests/clients \
	  $(PYTEST_ARGS) 2>&1 | tee $(REPORTS)/clients.txt

test-cpp: $(STAMPS)/dev ## C++ tests under the address, undefined-behaviour and thread sanitizers
	scripts/ctest.sh asan $(REPORTS)
	scripts/ctest.sh tsan $(REPORTS)

bench: $(STAMPS)/bench ## Compare speed with Gymnasium and EnvPool
	scripts/extension.sh
	for script in $(BENCH); do python $$script $(BENCH_ARGS); done

bench-clients: $(STAMPS)/dev $(CLIENTS)/.stamp ## Compare speed with Stable-Baselines3's own vectors
	scripts/extension.sh
	$(CLIENTS)/bin/python benchmarks/bench_sb3.py

docs: $(STAMPS)/docs ## Build the documentation site into build/docs
	@ldconfig -p | grep -q libEGL.so || scripts/system.sh libegl1 libgl1-mesa-dri
	scripts/extension.sh
	python scripts/docs/build.py build/docs

docs-serve: docs ## Build the site and show it on this machine: PORT=8000
	python -m http.server --bind 127.0.0.1 --directory build/docs $(or $(PORT),8000)

wheels: $(WHEELS)/tools/.stamp ## Build wheels for other Linuxes and try each: WHEELS_ARGS="--python 3.11"
	@command -v qemu-aarch64 >/dev/null || scripts/system.sh qemu-user
	$(WHEELS)/tools/bin/python scripts/wheels/build.py $(WHEELS) $(WHEELS_ARGS)

clean: ## Remove what was built and written; .venv stays
	rm -rf build dist demo-output src/dromos/_core*.so

$(STAMPS)/venv: scripts/venv.sh
	@scripts/venv.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(CLIENTS)/.stamp: pyproject.toml scripts/clients.sh | $(STAMPS)/venv
	@scripts/clients.sh $(CLIENTS)
	@touch $@

$(WHEELS)/tools/.stamp: pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(WHEELS)/tools
	@$(WHEELS)/tools/bin/python -m pip -qq install --upgrade 'pip>=25.1' # knows dependency groups
	@$(WHEELS)/tools/bin/python -m pip -qq install --group wheels
	@touch $@

# Dependency group and extras of each use; the package itself is installed editable.
$(STAMPS)/run: GROUP := build
$(STAMPS)/run: EXTRAS := cli,plot,video
$(STAMPS)/dev: GROUP := dev
$(STAMPS)/dev: EXTRAS := all
$(STAMPS)/bench: GROUP := bench
$(STAMPS)/bench: EXTRAS := all
$(STAMPS)/docs: GROUP := docs
$(STAMPS)/docs: EXTRAS := all,atari,jax
$(STAMPS)/run $(STAMPS)/dev $(STAMPS)/bench $(STAMPS)/docs: pyproject.toml scripts/install.sh | $(STAMPS)/venv
	@scripts/install.sh $(GROUP) $(EXTRAS)
	@touch $@
