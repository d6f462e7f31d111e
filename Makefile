# One command for each task: demo, test, install, serve, check, audit, release, bench. PYTHON names the interpreter
# (3.11 to 3.13).
PYTHON ?= python3
# An index to take PyTorch from: a mirror of CPU_INDEX, or any other that has it.
TORCH_INDEX ?=
# CUDA=yes takes PyTorch's default builds on Linux, which bring several gigabytes of CUDA.
CUDA ?= no
ARCHIVE ?= archive

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Two processes: more would each load the models again.
TESTS := $(BIN)/python -m pytest --numprocesses 2 --dist worksteal
QUIET := --quiet --no-warn-script-location
FETCH = $(PIP) install $(QUIET) -c constraints.txt

SYSTEM := $(shell uname -s)
TORCH := $(shell grep '^torch==' constraints.txt)
CPU_INDEX := https://download.pytorch.org/whl/cpu

.PHONY: install torch demo serve test check format reference screenshots audit release bench clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing (a few minutes the first time) ..."
	$(GET_TORCH)
	$(FETCH) -e '.[dev]'
	@touch $(INSTALLED)

# PyTorch alone: with it in place, whatever is installed next finds its need of it met.
torch: | $(BIN)/pip
	$(GET_TORCH)

# Debian's python3 without python3-venv leaves an environment that has a python and no pip: this makes it again.
$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Citewire needs Python 3.11 to 3.13; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

# On Linux, builds without CUDA carry the local version "+cpu". The pin torch==X admits X+cpu, as a specifier without a
# local version ignores that of a candidate (PEP 440). Requiring "+cpu" settles the matter from an index's list of files;
# a dry run would not, as pip before 25.3, or an index without metadata files, makes it download the gigabytes that it
# reports. Where the default index has no such build, PyTorch's own index does. --no-deps: nothing else comes from there.
# A build of the pinned version that is in place stays.
ifneq ($(TORCH_INDEX),)
GET_TORCH = $(FETCH) --no-deps --index-url $(TORCH_INDEX) torch
else ifeq ($(filter yes,$(CUDA))$(SYSTEM),Linux)
GET_CPU = $(PIP) install $(QUIET) --no-deps $(TORCH)+cpu
GET_TORCH = @$(PIP) freeze | grep -Eq '^$(TORCH)([+]|$$)' || $(GET_CPU) 2>/dev/null || { \
	echo "Taking PyTorch for the CPU from $(CPU_INDEX) (CUDA=yes: with CUDA)"; \
	$(GET_CPU) --index-url $(CPU_INDEX) || { echo "$$NO_TORCH" >&2; exit 1; }; }
else
GET_TORCH = $(FETCH) torch
endif

define NO_TORCH

PyTorch could not be installed from $(CPU_INDEX); pip says why above.
If this machine can't reach that address, name a mirror of it:
    make TORCH_INDEX=https://...
Or take PyTorch from the default index, with several gigabytes of CUDA:
    make CUDA=yes
endef
export NO_TORCH

demo: $(INSTALLED)
	@rm -rf demo-archive
	$(BIN)/citewire ingest --archive demo-archive corpus/sample/articles.jsonl
	$(BIN)/citewire ask --archive demo-archive "How many H200 chips did China approve?"
	$(BIN)/citewire ask --archive demo-archive "How much are the approved H200 chips worth?"
	$(BIN)/citewire ask --archive demo-archive "Who is the chief executive of Nvidia?"
	@echo
	@echo "Serve this archive:    $(BIN)/citewire serve --archive demo-archive"
	@echo "Then open:             http://127.0.0.1:8080/  (API: http://127.0.0.1:8080/docs)"
	@echo "Ingest your own:       $(BIN)/citewire ingest --archive archive FILES-OR-DIRECTORIES"

serve: $(INSTALLED)
	$(BIN)/citewire serve --archive $(ARCHIVE)

test: $(INSTALLED)
	$(TESTS)

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

format: $(INSTALLED)
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

reference: $(INSTALLED)
	PYTHONPATH=. COLUMNS=100 TERM=dumb $(BIN)/python -m typer qa.cli.application utils docs --name citewire --output docs/cli.md
	PYTHONPATH=. $(BIN)/python docs/reference.py docs/api.md
	PYTHONPATH=. $(BIN)/python docs/assistant.py docs/mcp.md

# Screenshots of the page in each of its states, for docs/images; needs Chromium.
screenshots: $(INSTALLED)
	PYTHONPATH=. $(BIN)/python docs/screenshots.py docs/images

# Known vulnerabilities of the installed packages; asks the package index.
audit: $(INSTALLED)
	$(PIP) install $(QUIET) -c constraints.txt pip-audit
	$(BIN)/pip-audit --skip-editable

# A wheel, and the packages it needs with the sha256 of each file, for the platform and interpreter that this runs on.
# With TORCH_INDEX=$(CPU_INDEX) it lists PyTorch's CPU build: pip prefers X+cpu to X, as PEP 440 orders it higher.
release: $(INSTALLED)
	rm -rf dist
	$(BIN)/python -m build --wheel
	$(PIP) install --dry-run --ignore-installed --quiet --report dist/report.json -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) dist/*.whl
	$(BIN)/python -c "$$HASHES" <dist/report.json >dist/requirements.txt
	rm dist/report.json

define HASHES
import json, sys
for one in json.load(sys.stdin)["install"]:
    about, archive = one["metadata"], one["download_info"].get("archive_info", {})
    if about["name"] != "citewire":
        print("%s==%s --hash=sha256:%s" % (about["name"], about["version"], archive["hashes"]["sha256"]))
endef
export HASHES

bench: $(INSTALLED)
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) demo-archive build dist *.egg-info
