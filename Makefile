# Everything runs in a virtual environment of its own, made on first use.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEERS := benchmarks/peers/.venv
CHECKOV := deploy/kubernetes/.venv
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo repro test test-real test-browser test-parts path soak lint format image bench speed peers checkov lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.train: requirements/train.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/train.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@ $(VENV)/.train

$(PEERS)/.ready: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -r $<
	@touch $@

$(CHECKOV)/.ready: deploy/kubernetes/requirements.txt
	$(PYTHON) -m venv $(CHECKOV)
	$(CHECKOV)/bin/python -m pip install --quiet -r $<
	@touch $@

demo: $(VENV)/.train ## Starter community, whole pipeline, web page
	$(BIN)/anirec demo --port $(PORT)

repro: $(VENV)/.dev ## The pipeline by DVC: only what a change touches runs again
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/dvc repro

test: $(VENV)/.dev ## The fast tests
	$(BIN)/python -m pytest -n 2 -m "not real and not soak"

test-real: test-browser test-parts ## Every real part: data, GCS server, browser, containers

test-browser: $(VENV)/.dev ## The page in a real Chromium
	$(BIN)/python -m pytest -n 2 -m "real and not soak" tests/web/browser

# Real parts that neither measure time nor share anything: two at a time.
SIDE_BY_SIDE := tests/web/test_schemathesis.py tests/bundle/registry tests/store tests/data

test-parts: $(VENV)/.dev $(PEERS)/.ready $(CHECKOV)/.ready ## The real parts other than the browser
	$(BIN)/python -m pytest -n 2 -m "real and not soak" $(SIDE_BY_SIDE)
	$(BIN)/python -m pytest -m "real and not soak" $(addprefix --ignore ,tests/web/browser $(SIDE_BY_SIDE))

path: $(VENV)/.dev ## The whole path with real parts: from a bucket to pods
	$(BIN)/python -m pytest -s tests/test_commit_to_cluster.py

soak: $(VENV)/.dev ## The long runs
	$(BIN)/python -m pytest -m soak

lint: $(VENV)/.dev ## Style, types, import direction, no secrets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	git ls-files -z -- ':!requirements/*.txt' | xargs -0 $(BIN)/detect-secrets-hook

format: $(VENV)/.dev ## Rewrite to the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

image: ## The image that serves, tagged by revision: docs/image.md
	deploy/image/build.sh serve

bench: $(VENV)/.dev $(PEERS)/.ready ## Side by side with other libraries: docs/benchmark.md
	$(BIN)/python benchmarks/side_by_side.py

speed: $(VENV)/.dev ## Rows per second, samples per second, milliseconds per request
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/keras_speed.py
	$(BIN)/anirec demo --check
	$(BIN)/anirec bench --bundle demo/bundles/current

peers: $(PEERS)/.ready ## An environment with the libraries that anirec is compared with

checkov: $(CHECKOV)/.ready ## Policies for the Kubernetes manifests
	deploy/kubernetes/check.sh

lock: $(VENV)/.dev ## Renew the pinned, hashed requirements
	$(BIN)/python requirements/lock.py

clean: ## Remove the environment and everything the pipeline wrote
	rm -rf $(VENV) $(PEERS) $(CHECKOV) artifacts bundles demo
