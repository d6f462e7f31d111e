# One command each: demo, test, install, serve, check, audit, release, bench. PYTHON names the interpreter (3.11 to 3.13).
PYTHON ?= python3
# A package index that holds PyTorch's CPU builds, where the default one would bring CUDA's several gigabytes.
TORCH_INDEX ?=
# CUDA=yes says that those gigabytes are wanted.
CUDA ?= no
ARCHIVE ?= archive

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Two processes: more would each load the models again.
TESTS := $(BIN)/python -m pytest --numprocesses 2 --dist worksteal
QUIET := --quiet --no-warn-script-location

.PHONY: install demo serve test check format reference screenshots audit release bench clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Citewire needs Python 3.11 to 3.13; name one: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (a few minutes the first time) ..."
	@CUDA=$(CUDA) $(BIN)/python -m pip --disable-pip-version-check install --dry-run --quiet --report - -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch | $(BIN)/python -c "$$REFUSE_CUDA"
	$(PIP) install $(QUIET) -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(PIP) install $(QUIET) -c constraints.txt -e '.[dev]'
	@touch $(INSTALLED)

define REFUSE_CUDA
import json, os, sys
names = [one["metadata"]["name"] for one in json.load(sys.stdin)["install"]]
heavy = [name for name in names if name.startswith(("nvidia", "cuda", "triton"))]
if heavy and os.environ["CUDA"] != "yes":
    sys.exit("PyTorch would come with %d CUDA packages, several gigabytes. Name an index that holds its CPU builds:\n"
             "    make TORCH_INDEX=https://...\nor say that you want them:\n    make CUDA=yes" % len(heavy))
endef
export REFUSE_CUDA

demo: $(INSTALLED)
	@rm -rf demo-archive
	$(BIN)/citewire ingest --archive demo-archive corpus/sample/articles.jsonl
	$(BIN)/citewire ask --archive demo-archive "How many H200 chips were approved?"
	$(BIN)/citewire ask --archive demo-archive "What are the approved chips worth?"
	$(BIN)/citewire ask --archive demo-archive "How much more powerful is the H200 than the H20?"
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

# The page in each of its states, in docs/images; needs Chromium.
screenshots: $(INSTALLED)
	PYTHONPATH=. $(BIN)/python docs/screenshots.py docs/images

# Known holes in what is installed; asks the package index.
audit: $(INSTALLED)
	$(PIP) install $(QUIET) -c constraints.txt pip-audit
	$(BIN)/pip-audit --skip-editable

# A wheel, and what it needs with the sha256 of each file, for the platform and interpreter that this runs on.
release: $(INSTALLED)
	rm -rf dist
	$(BIN)/python -m build --wheel
	$(BIN)/python -m pip --disable-pip-version-check install --dry-run --ignore-installed --quiet --report dist/report.json -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) dist/*.whl
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
