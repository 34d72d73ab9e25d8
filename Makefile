# One word per job; `make help` lists them. Each word first makes sure of the environment (instant
# when nothing changed), and each is one plain command that also works without make.

VENV ?= .venv
# Options for the command behind a word: make lab ARGS='--no-browser --port=9000'
ARGS ?=

BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest

export VENV PYTHON TORCH_INDEX
# nbgrader starts a program of its environment by its bare name.
export PATH := $(abspath $(BIN)):$(PATH)
# Of another environment that happens to be active; IPython warns of it.
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

.PHONY: help
help:  ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup:  ## make or update the environment in .venv
	@$(SHELL) scripts/setup.sh

# --- a class ------------------------------------------------------------------------------------

.PHONY: demo
demo: setup  ## grade a made-up class from start to end, show its table
	$(BIN)/course demo $(ARGS)

.PHONY: lab
lab: setup  ## open JupyterLab with nbgrader's tools
	JUPYTER_CONFIG_PATH=jupyter_config:$$JUPYTER_CONFIG_PATH $(BIN)/jupyter lab $(ARGS)

.PHONY: release
release: setup  ## make the students' notebooks in release/ from source/
	$(BIN)/course release $(ARGS)

.PHONY: check
check: setup  ## grade the source's own answers: can every test be passed?
	$(BIN)/course check $(ARGS)

.PHONY: autograde
autograde: setup  ## grade what is in submitted/
	$(BIN)/course autograde $(ARGS)

.PHONY: feedback
feedback: setup  ## write each student's feedback page
	$(BIN)/course feedback $(ARGS)

.PHONY: report
report: setup  ## show the class's scores and what went wrong
	$(BIN)/course report $(ARGS)

.PHONY: wheel
wheel: setup  ## build the students' package, without answers
	$(BIN)/python -m build --wheel --no-isolation $(ARGS)

# --- proof --------------------------------------------------------------------------------------

# What `make test` consists of, in this order.
STAGES := lint unit attacks verdicts nbgrader-suite release-check coverage mutation
# PROOF=yes before or behind a word runs its long statistics whole: make verdicts PROOF=yes
PROOF ?=
WHOLE := $(if $(PROOF),--proof)

.PHONY: test
test: setup  ## all checks; what CI runs
	@$(SHELL) scripts/stages.sh $(STAGES)

.PHONY: proof
proof: setup  ## all checks, with all seeds, mutants and answer files
	@PROOF=yes $(SHELL) scripts/stages.sh $(STAGES) kernel-room setup-test

.PHONY: quick
quick: lint  ## style, and the tests without kernel, browser or training
	$(PYTEST) -n 2 --dist loadfile -m 'not slow and not browser' tests/authoring tests/check \
	    tests/commands tests/datasets tests/grading tests/plotting tests/release tests/reports \
	    tests/staff $(ARGS)

.PHONY: lint
lint: setup  ## style of code and notebooks; the way imports go
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache

# Groups of files side by side, three of them, because many wait; ARGS='-n 0': one after the other.
.PHONY: unit
unit: setup  ## tests and source notebooks, then the slowest ten
	$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder --durations=10 \
	    --nbval source tests --ignore tests/notebooks --ignore tests/attacks \
	    --ignore tests/setup/test_setup_script.py $(WHOLE) $(ARGS)

# A part of `make proof`: it makes a dozen environments and changes seldom.
.PHONY: setup-test
setup-test: setup  ## only the tests of scripts/setup.sh
	$(PYTEST) -n 2 --durations=10 tests/setup/test_setup_script.py $(ARGS)

# A part of `make proof`: what there is in the place of the sandbox on macOS and Windows.
.PHONY: kernel-room
kernel-room: setup  ## grading and the sample class, in ordinary kernels
	$(PYTEST) -n 2 --dist loadfile --durations=10 --room kernel tests/commands tests/grading \
	    tests/end_to_end/test_sample_class.py --ignore tests/grading/run $(ARGS)

# One after the other: they share one class, which is graded four notebooks at a time.
.PHONY: attacks
attacks: setup  ## attacks on grading, with nbgrader and with ours
	$(PYTEST) --durations=10 tests/attacks $(WHOLE) $(ARGS)

# So many made-up inputs for each of seven ways in; a few run in `make unit`.
INPUTS ?= 20000
.PHONY: fuzz
fuzz: setup  ## hostile texts, replies and files; seconds per kilobyte
	$(PYTEST) -s tests/fuzz --inputs $(INPUTS) $(ARGS)

# Every mistake and every correct style over four seeds, a hundred with PROOF=yes.
.PHONY: verdicts
verdicts: setup  ## only the verdicts of all tutorials over many seeds
	$(PYTEST) -n 2 --durations=10 tests/notebooks $(WHOLE) $(ARGS)

# ARGS=--stock runs them against nbgrader as it is; -k and -v are pytest's.
.PHONY: nbgrader-suite
nbgrader-suite: setup  ## nbgrader's own tests of grading, with our engine
	$(BIN)/python tests/nbgrader_suite $(ARGS)

.PHONY: nbval
nbval: setup  ## only the source notebooks, outputs compared
	$(PYTEST) --durations=10 --nbval source $(ARGS)

.PHONY: browser-test
browser-test: setup  ## only the tests that drive JupyterLab in Chromium
	$(PYTEST) --durations=10 tests/browser $(ARGS)

.PHONY: release-check
release-check: setup  ## release/ is up to date and leaks no answer
	$(BIN)/course release --check

.PHONY: coverage
coverage: setup  ## the curriculum's rows against the cells that cover them
	$(BIN)/course coverage $(ARGS)
	$(BIN)/course map --check

.PHONY: bench
bench: setup  ## grading a class: the time nbgrader takes against ours
	$(BIN)/python benchmarks/autograde.py $(ARGS)

.PHONY: map
map: setup  ## write the course map into README.md
	$(BIN)/course map

# Every sixteenth change; all of them with PROOF=yes.
.PHONY: mutation
mutation: setup  ## break the reference answers: hidden tests must notice
	$(BIN)/course mutate $(if $(PROOF),,--every 16) $(ARGS)

# --- other versions -----------------------------------------------------------------------------

# The tests without browser and training, and the sample class, each in an environment of its own
# below .venvs/; a Python that is not installed is skipped.
.PHONY: oldest-python
oldest-python: setup  ## tests on the oldest Python that the course supports
	$(SHELL) scripts/test_versions.sh oldest-python $(ARGS)

.PHONY: newest-python
newest-python: setup  ## tests on the newest Python that is installed
	$(SHELL) scripts/test_versions.sh newest-python $(ARGS)

.PHONY: lower-bounds
lower-bounds: setup  ## tests with the oldest packages that pyproject.toml allows
	$(SHELL) scripts/test_versions.sh lower-bounds $(ARGS)

# --- the environment's pins ---------------------------------------------------------------------

# Pins stay as they are where they still fit; ARGS=--upgrade moves them. torch moves only by hand.
# Left out: what only one machine or one package index knows (addresses, local versions such as
# +cpu, CUDA libraries), and pip and this package themselves.
.PHONY: lock
lock: setup  ## write requirements.lock from pyproject.toml
	cp requirements.lock requirements.lock.new
	grep '^torch==' requirements.lock > requirements.lock.torch
	$(BIN)/pip-compile --quiet --extra dev --strip-extras --constraint requirements.lock.torch \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --allow-unsafe --unsafe-package pip --unsafe-package course-utils \
	    --output-file requirements.lock.new $(ARGS) pyproject.toml
	{ echo '# Exact versions for Linux, Python 3.11 and newer. Written by: make lock'; \
	  sed -e '/==/!d' -e 's/ .*//' -e 's/+.*//' -e '/^nvidia-/d' -e '/^cuda-/d' -e '/^triton==/d' \
	  -e '/^pip==/d' requirements.lock.new; } > requirements.lock.done
	mv requirements.lock.done requirements.lock
	rm requirements.lock.new requirements.lock.torch
