#!/bin/sh
# Make the course's virtual environment, or finish, repair or leave alone the one that is there.
#
#   sh scripts/setup.sh            make sure that the environment is there
#   sh scripts/setup.sh --check    only say whether it is, by the exit status
#
# PYTHON=python3.12      the interpreter to build on (otherwise the first Python >= 3.11 on PATH)
# VENV=.venv             where the environment goes
# TORCH_INDEX=<address>  package index to take torch from, e.g. PyTorch's own index of CPU builds
#
# A stamp inside the environment records what was installed, so a second run only reads it.
# Every failure is one line on stderr that says what to do; pip's own words are in setup.log.

set -u

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

say() {
    printf 'setup: %s\n' "$1"
}

# Nothing but the shell's own commands until a Python is found: PATH may be empty.
case $0 in
*/*) cd "${0%/*}/.." || fail "cannot enter the course's folder" ;;
*) cd .. || fail "cannot enter the course's folder" ;;
esac

VENV=${VENV:-.venv}
case $VENV in /*) ;; *) VENV=$PWD/$VENV ;; esac
STAMP=$VENV/course-setup.txt
LOG=$PWD/setup.log
OLDEST=3.11
LAST_WORD="then run 'make setup' again"

# --- is there anything to do? ---------------------------------------------------------------------

# What an environment must have been made from, and where.
wanted() {
    cksum <pyproject.toml
    cksum <requirements.lock
    cd -P "$VENV" && pwd
}

works() {
    "$VENV/bin/python" -I -c 'import course_utils' >/dev/null 2>&1
}

if [ -f "$STAMP" ] && [ "$(wanted)" = "$(cat "$STAMP")" ] && works; then
    exit 0
fi
case ${1:-} in
'') ;;
--check) fail "$VENV is not up to date: run 'make setup'." ;;
*) fail "unknown option $1: the only one is --check." ;;
esac

# --- a Python to build on -------------------------------------------------------------------------

# Prints "3.12.1", or nothing where the command is no working Python.
version_of() {
    "$1" -E -c 'import platform; print(platform.python_version())' 2>/dev/null
}

new_enough() {
    major=${1%%.*}
    rest=${1#*.}
    minor=${rest%%.*}
    [ "$major" -gt "${OLDEST%.*}" ] ||
        { [ "$major" -eq "${OLDEST%.*}" ] && [ "$minor" -ge "${OLDEST#*.}" ]; }
}

# Sets PYTHON.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        version=$(version_of "$PYTHON")
        [ -n "$version" ] ||
            fail "PYTHON=$PYTHON is not a Python that runs: name one that is $OLDEST or newer, or leave PYTHON unset."
        new_enough "$version" ||
            fail "PYTHON=$PYTHON is Python $version, the course needs $OLDEST or newer: name another one."
    else
        too_old=
        for candidate in python3 python python3.11 python3.12 python3.13 python3.14; do
            version=$(version_of "$candidate")
            [ -n "$version" ] || continue
            if new_enough "$version"; then
                PYTHON=$candidate
                break
            fi
            too_old=${too_old:-"$candidate is Python $version"}
        done
        if [ -z "${PYTHON:-}" ] && [ -n "$too_old" ]; then
            fail "$too_old, the course needs $OLDEST or newer: install one (see python.org), or name it: make PYTHON=/path/to/python$OLDEST setup"
        elif [ -z "${PYTHON:-}" ]; then
            fail "found no Python: install $OLDEST or newer (see python.org), or name it: make PYTHON=/path/to/python$OLDEST setup"
        fi
    fi

    "$PYTHON" -I -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "$PYTHON lacks the venv and ensurepip modules: install them (Debian and Ubuntu: apt install python3-venv), $LAST_WORD."
}

# --- the environment itself -----------------------------------------------------------------------

# Its programs name its interpreter by absolute path, so a moved or copied environment fails here.
has_pip_of_its_own() {
    interpreter=$(sed -n '1s/^#!//p' "$VENV/bin/pip" 2>/dev/null)
    [ "$(cd -P "${interpreter%/*}" 2>/dev/null && pwd)" = "$(cd -P "$VENV/bin" && pwd)" ] &&
        logged "$VENV/bin/pip" --version
}

# A virtual environment, or the empty folders of one whose making was stopped at once. Anything else
# in the way is someone's work.
is_ours_to_remove() {
    [ -f "$VENV/pyvenv.cfg" ] || [ -z "$(find "$VENV" -type f 2>/dev/null | head -n 1)" ]
}

: >"$LOG" || fail "cannot write $LOG: check the folder's permissions and the free disk space, $LAST_WORD."

# On a full disk the log may lack its last words.
disk_is_full() {
    free=$(df -Pk "$PWD" | awk 'NR == 2 { print $4 }')
    [ -n "$free" ] && [ "$free" -lt 1024 ]
}

# Says what went wrong in the last logged command, and what to do about it.
explain() {
    if grep -q -i -e 'No space left on device' -e 'Disk quota exceeded' "$LOG" || disk_is_full; then
        fail "the disk is full: free about 4 GB, $LAST_WORD (details: $LOG)."
    elif grep -q -i -e 'NewConnectionError' -e 'name resolution' -e 'Network is unreachable' \
        -e 'Connection refused' -e 'Connection reset' -e 'timed out' -e 'ProxyError' -e 'SSLError' \
        "$LOG"; then
        fail "pip cannot reach its package index: check the network, proxy or PIP_INDEX_URL, $LAST_WORD (details: $LOG)."
    elif missing=$(grep -m 1 'No matching distribution found for' "$LOG"); then
        fail "pip found no ${missing##*found for } for this Python: check the network, PIP_INDEX_URL and PIP_NO_INDEX, or try another PYTHON, $LAST_WORD (details: $LOG)."
    fi
    fail "$1 failed: read the end of $LOG, $LAST_WORD."
}

logged() {
    "$@" </dev/null >>"$LOG" 2>&1
}

if [ -e "$VENV" ] || [ -h "$VENV" ]; then
    version=$(version_of "$VENV/bin/python")
    if [ -n "$version" ] && new_enough "$version" && has_pip_of_its_own; then
        [ -f "$STAMP" ] || say "$VENV was never finished: finishing it."
    elif is_ours_to_remove; then
        say "$VENV is broken, moved or too old: making it again."
        rm -rf "$VENV" || fail "cannot remove $VENV: remove it yourself, $LAST_WORD."
    else
        fail "$VENV is in the way and is no virtual environment: move it away, or name another folder: make VENV=/path/to/venv setup"
    fi
fi
if ! [ -d "$VENV" ]; then
    find_python
    logged "$PYTHON" -m venv "$VENV" || explain "making the virtual environment"
fi
rm -f "$STAMP"

# --- what goes into it ----------------------------------------------------------------------------

install() {
    logged "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input "$@" || explain "pip install"
}

say "installing $(grep -c '==' requirements.lock) packages into $VENV (minutes the first time; log: $LOG) ..."
if [ -n "${TORCH_INDEX:-}" ]; then
    # Its dependencies follow with the rest, from the usual index.
    install --no-deps --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.lock)"
fi
install --requirement requirements.lock
install --no-deps --no-build-isolation --editable .
logged "$VENV/bin/python" -m pip check || explain "pip check"

{ wanted >"$STAMP.new" && mv "$STAMP.new" "$STAMP"; } || fail "cannot write $STAMP: free some disk space, $LAST_WORD."
say "ready."
