# Two commands matter: `make demo` shows Trenza, `make test` checks it. The work is done in tools/.
PYTHON ?= python3
UV ?= uv
RUN = $(PYTHON) -m
LOCK = $(UV) pip compile pyproject.toml --quiet --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types journeys chaos bench bench-field bench-lrs bench-measurement messages lock clean python

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 26

demo: python ## Install, load a small demonstration country and serve it (PORT=8001 to choose)
	@$(RUN) tools.demo

test: python ## Run every check there is: lint, types, layers, catalogues, tests, journeys
	@$(RUN) tools.check

lint types journeys chaos bench bench-field bench-lrs bench-measurement: python
	@$(RUN) tools.check $@

lint: ## Run ruff, without changing anything
types: ## Run mypy
journeys: ## Drive a real browser through the pages
chaos: ## Record 200 times while networks, tabs, browsers and servers die (CHAOS_RUNS=20 for fewer)
bench: ## Measure the pages on the national demonstration
bench-field: ## Let five hundred phones send at once, on SQLite and PostgreSQL
bench-lrs: ## Time the record store at 100,000 statements (BENCH_LRS_MILLION=1 for a million too)
bench-measurement: ## Time the statistics beside R and NumPy, and a country's validity report

format: ## Let ruff mend and format the code
	@.venv/bin/python -m ruff check --fix . ; .venv/bin/python -m ruff format .

messages: ## Collect new texts into locale/ (needs gettext)
	@.venv/bin/python manage.py collect_messages

lock: ## Choose newer versions for the lock files (needs uv)
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove the environment and everything that was made, the demonstration's data too
	rm -rf .venv var tests/lrs/clients/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles

python:
	@command -v $(PYTHON) >/dev/null || { \
	echo "Python is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
