# Two commands matter: `make run` and `make test`. The rest serve them.
PYTHON ?= python3
PORT ?= 4566
DASHBOARD_PORT ?= 8501
USERS ?= 250
FOLDER ?= .local_cloud
STATE ?=
WORKERS ?= 2

VENVS := .venvs
DASHBOARD := $(VENVS)/dashboard
LOCAL_CLOUD := $(VENVS)/local_cloud
INFRA := $(VENVS)/infra
AWS_CLI := $(VENVS)/awscli
NODE_CLIENTS := tests/clients/node_modules
TOOLS := $(DASHBOARD)/bin

# STATE=folder keeps what the local cloud holds from one run to the next; without it a stop forgets all.
KEPT = $(if $(STATE),--state $(STATE))

.PHONY: help run local-cloud outbox test lint types unit infra-test local-cloud-test suite bench pictures templates lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run           the local cloud and the dashboard, at http://127.0.0.1:$(DASHBOARD_PORT)"
	@echo "make test          every check: lint, types, imports, stacks, services, pages in a browser"
	@echo "make local-cloud   the local cloud alone      [PORT=4566] [USERS=250] [FOLDER=.local_cloud] [STATE=]"
	@echo "make outbox        the codes and invitations that its Cognito would have mailed"
	@echo "make bench         the promised figures, as ratios"
	@echo "make pictures      the pictures in docs/, taken from the running dashboard"
	@echo "make templates     synthesise infra/templates again (needs Node)"
	@echo "make lock          choose exact versions again"
	@echo "make clean         remove what make built"

run: $(DASHBOARD)/.ready $(LOCAL_CLOUD)/.ready
	@exec $(TOOLS)/python tools/run.py --port $(PORT) --dashboard-port $(DASHBOARD_PORT) --users $(USERS) --folder $(FOLDER) $(KEPT)

local-cloud: $(LOCAL_CLOUD)/.ready
	@exec $(LOCAL_CLOUD)/bin/python -m local_cloud --port $(PORT) --users $(USERS) --folder $(FOLDER) $(KEPT)

outbox: $(LOCAL_CLOUD)/.ready
	@exec $(LOCAL_CLOUD)/bin/python -m local_cloud outbox --folder $(FOLDER)

test: lint types infra-test local-cloud-test suite

lint: $(DASHBOARD)/.dev
	$(TOOLS)/ruff check .
	$(TOOLS)/ruff format --check .
	$(TOOLS)/lint-imports

types: $(DASHBOARD)/.dev $(LOCAL_CLOUD)/.dev
	$(TOOLS)/mypy services pages dashboard.py
	$(TOOLS)/mypy --python-executable $(LOCAL_CLOUD)/bin/python local_cloud

infra-test: $(INFRA)/.ready
	PYTHONPATH=. $(INFRA)/bin/python -m pytest tests/infra -q

local-cloud-test: $(LOCAL_CLOUD)/.dev
	$(LOCAL_CLOUD)/bin/python -m pytest tests/local_cloud -q

# Everything that runs beside a live local cloud; the browser is found or fetched first, and its absence fails.
suite: $(DASHBOARD)/.dev $(LOCAL_CLOUD)/.dev $(AWS_CLI)/.ready $(NODE_CLIENTS)/.ready
	GATEHOUSE_CHROMIUM="$$($(TOOLS)/python tools/chromium.py)" $(TOOLS)/python -m pytest \
		tests/unit tests/pages tests/contract tests/clients tests/integration tests/browser -n $(WORKERS) --dist loadfile -q

bench: $(DASHBOARD)/.dev $(LOCAL_CLOUD)/.ready
	GATEHOUSE_CHROMIUM="$$($(TOOLS)/python tools/chromium.py)" $(TOOLS)/python -m bench

pictures: $(DASHBOARD)/.dev $(LOCAL_CLOUD)/.ready
	GATEHOUSE_CHROMIUM="$$($(TOOLS)/python tools/chromium.py)" $(TOOLS)/python -m tools.pictures

templates: $(INFRA)/.ready
	PYTHONPATH=. $(INFRA)/bin/python -m infra.synth

lock:
	$(PYTHON) tools/lock.py

clean:
	rm -rf $(VENVS) $(NODE_CLIENTS) .local_cloud .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis cdk.out

# One virtual environment a part: the dashboard, the stand-in for AWS, and the CDK app share no package versions.
$(DASHBOARD)/.ready: requirements.lock
	$(PYTHON) -m venv $(DASHBOARD)
	$(DASHBOARD)/bin/pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

$(DASHBOARD)/.dev: requirements-dev.lock $(DASHBOARD)/.ready
	$(DASHBOARD)/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(LOCAL_CLOUD)/.ready: local_cloud/requirements.lock
	$(PYTHON) -m venv $(LOCAL_CLOUD)
	$(LOCAL_CLOUD)/bin/pip install --quiet --disable-pip-version-check -r local_cloud/requirements.lock
	@touch $@

$(LOCAL_CLOUD)/.dev: local_cloud/requirements-dev.lock $(LOCAL_CLOUD)/.ready
	$(LOCAL_CLOUD)/bin/pip install --quiet --disable-pip-version-check -r local_cloud/requirements-dev.lock
	@touch $@

$(INFRA)/.ready: infra/requirements.lock
	$(PYTHON) -m venv $(INFRA)
	$(INFRA)/bin/pip install --quiet --disable-pip-version-check -r infra/requirements.lock
	@touch $@

# Clients that nobody here wrote: the AWS CLI in its own environment, and packages from npm.
$(AWS_CLI)/.ready: tests/clients/requirements.lock
	$(PYTHON) -m venv $(AWS_CLI)
	$(AWS_CLI)/bin/pip install --quiet --disable-pip-version-check -r tests/clients/requirements.lock
	@touch $@

$(NODE_CLIENTS)/.ready: tests/clients/package-lock.json
	npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
