# The menu. Everything is set up on first use (see .ci/setup); a second start takes no set-up time.

PYTHON := .venv/bin/python
DEMO := build/demo

.DEFAULT_GOAL := help
.PHONY: help run test check demo pictures bench build clean

help: ## show this menu
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: ## open the window; without a display make the demo instead
	@.ci/setup run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(PYTHON) -m app; \
	else \
		echo "No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): making the demo instead."; \
		exec $(MAKE) --no-print-directory demo; \
	fi

test: ## run all tests
	@.ci/setup dev
	$(PYTHON) -m pytest -n 2

check: ## lint, format, types and the rules of the house
	@.ci/setup dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -q tests/test_architecture.py

demo: ## do the whole job on the sample registry, into build/demo
	@.ci/setup run
	@rm -rf $(DEMO)
	$(PYTHON) -m app demo $(DEMO)

pictures: demo ## take the pictures in docs/images again, from the demo
	$(PYTHON) .ci/pictures.py $(DEMO) docs/images

bench: ## measure every claim about speed
	@.ci/setup dev
	$(PYTHON) benchmarks/run.py

build: ## freeze the program into dist/chayan
	@.ci/setup dev
	$(PYTHON) -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/frozen build.spec

clean: ## remove everything that was made here
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
