# Two commands matter: `make demo` and `make test`. Both make the virtual environment themselves.
PYTHON ?= python3
STACK ?= signup-invites
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin

# The import roots: a package has the name that it has in Lambda.
export PYTHONPATH := $(CURDIR)/functions:$(CURDIR)/layers:$(CURDIR)/commands:$(CURDIR)/tests
export PATH := $(BIN):$(PATH)
# Bytecode is kept, also where an image asks for none: each of a hundred processes would compile
# what it imports.
unexport PYTHONDONTWRITEBYTECODE
# sam neither reports usage nor asks the network for a newer version of itself.
export SAM_CLI_TELEMETRY := 0
# Tools want a region, though nothing here reaches AWS. `make deploy` does: it has your own.
demo test test-console prove check build: export AWS_DEFAULT_REGION := eu-west-2

INSTALLED := $(VENV)/installed
BUILT := .aws-sam/build/template.yaml
SOURCES := template.yaml layers/requirements.txt $(shell find functions layers -name '*.py' -o -name '*.toml' -o -name '*.schema.json' -o -name Makefile)

.PHONY: demo test console test-console prove check format bench explain publish deploy build lock clean

demo: $(BUILT) ## deploy the real stack on an emulated AWS and send it the samples of events/
	$(BIN)/python -m support.demo $(if $(KEEP),--keep)

test: $(BUILT) ## unit, contract, template and stack tests
	$(BIN)/pytest --numprocesses=auto --dist=loadscope --no-loadscope-reorder

prove: $(BUILT) ## seeded faults, mutants, any bodies, killed workers: SEED=first SEEDS=count LONG=1
	$(BIN)/python -m simulation.prove --seed $(or $(SEED),0) --seeds $(or $(SEEDS),1000) \
		$(if $(LONG),--long) $(if $(REPLAY),--replay $(REPLAY))

bench: $(BUILT) ## measure, each figure beside what it is compared with: PART=cpu for one table
	$(BIN)/python -m bench $(PART)

console: $(INSTALLED) ## the dead-letter console of the demo that `make demo KEEP=1` left running
	$(BIN)/python -m support.console

test-console: $(BUILT) ## the dead-letter console in a real Chromium
	$(BIN)/python -m support.browser
	$(BIN)/pytest tests/console

check: $(INSTALLED) ## format, lint, strict types, template, files of rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy functions layers commands tests
	$(BIN)/sam validate --lint
	$(BIN)/python -m support.rule_files

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

build: $(BUILT) ## what is deployed is what is tested

explain: $(INSTALLED) ## what becomes of a message, and why: EVENT=path, several, or -; JSON=1
	@$(BIN)/python -m explain $(if $(JSON),--json) $(EVENT)

# The stack is on AWS, or wherever AWS_ENDPOINT_URL points.
publish: $(INSTALLED) ## send a message to a deployed stack: EVENT=path STACK=name
	@$(BIN)/sam remote invoke SignupQueue --stack-name $(STACK) --event-file $(EVENT)

deploy: $(BUILT) ## guided deployment to a real account
	$(BIN)/sam deploy --guided

$(BUILT): $(INSTALLED) $(SOURCES)
	$(BIN)/python -m support.rule_files
	$(BIN)/sam build

# The lock file is complete, so nothing is resolved: --no-deps. uv installs in seconds what takes pip
# more than a minute, with the system's certificates, as those of a company's proxy; pip is asked
# where uv cannot, since pip knows an index from its own settings.
$(INSTALLED): requirements.lock | $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/uv.txt
	VIRTUAL_ENV=$(VENV) UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements.lock \
		|| $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	touch $@

$(VENV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=…")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

lock: $(INSTALLED) ## resolve anew: the tools, and from the same versions what the layer carries
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-annotate pyproject.toml --group dev -o requirements.lock
# Without dnspython: email-validator imports it only to ask the DNS, which nobody here does.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-package dnspython pyproject.toml -c requirements.lock \
		-o layers/requirements.txt

clean:
	rm -rf .aws-sam $(VENV)
