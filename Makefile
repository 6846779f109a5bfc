# `make` and `make help` show what there is.
.DEFAULT_GOAL := help
.PHONY: help run logins demo-reset test check lint types templates migrations deploy-check catalogues screenshots bench soak

PYTHON := .venv/bin/python
# Tests run in three processes, for many wait for others; a file stays in one, so that its fixtures are made once. The order stays as it is collected:
# what empties the database comes behind all that reads what the migrations put there.
PYTEST_ARGUMENTS ?= -n 3 --dist loadfile --no-loadscope-reorder
# `make check TESTS=` leaves the tests out, for whoever has just run them.
TESTS ?= test
# Any valid settings do for tools that only import them; ENV_FILE= keeps a local .env out of it.
CLEAN := ENV_FILE=/dev/null SECRET_KEY=only-for-checks-and-tests-0123456789-abcdefghijklmnopqrst
CHECKING := $(CLEAN) ALLOWED_HOSTS=dashboard.example.com

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | sort | awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

run: runtime ## Set up and start the dashboard, its worker and (where no host is configured) the demo host
	@exec $(PYTHON) -m config.run

logins: runtime ## Give the four logins of the last make run new passwords, and print them
	@exec $(PYTHON) manage.py make_logins --reset

demo-reset: runtime ## Remove the demo host's state and set it up again
	@exec $(PYTHON) -m demo reset

test: tools browser ## Run all tests, those in a real browser included
	@$(CLEAN) DEBUG=on $(PYTHON) -m pytest $(PYTEST_ARGUMENTS)

check: lint types templates migrations deploy-check catalogues $(TESTS) ## Everything a reviewer wants green: the checks, then the tests

lint: tools ## Check format and style (ruff)
	@.venv/bin/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@.venv/bin/ruff check .

types: tools ## Check types (mypy --strict)
	@$(CHECKING) .venv/bin/mypy .

templates: tools ## Check the templates' format (djade)
	@find templates -name '*.html' | xargs -r .venv/bin/djade --target-version 5.2 --check && echo "Templates are formatted."

migrations: tools ## Check that no migration is missing
	@$(CHECKING) $(PYTHON) manage.py makemigrations --check --dry-run

deploy-check: tools ## Run Django's checks with production values
	@$(CHECKING) HTTPS=on $(PYTHON) manage.py check --deploy --fail-level WARNING

catalogues: tools ## Check that translations are complete and their compiled form is fresh
	@$(CLEAN) DEBUG=on $(PYTHON) -m pytest -q tests/test_translations.py

screenshots: tools browser ## Make the pictures of the README anew, from the demo host
	@$(PYTHON) -m tests.browser.screenshots

bench: runtime ## Measure a whole pass against its floor (300,000 rows and files; takes a while)
	@exec $(PYTHON) -m benchmarks

soak: tools ## Let resets race with generators for 1,000 rounds of 1,000 sessions (takes an hour or more)
	@exec $(PYTHON) -m tests.soak $(SOAK)

.PHONY: runtime tools browser
runtime:
	@sh config/install.sh requirements.txt

tools:
	@sh config/install.sh requirements-dev.txt

browser: tools
	@$(PYTHON) -m tests.browser.chromium --install
