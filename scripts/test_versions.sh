#!/bin/sh
# Run the tests that need neither browser nor training, and grade the sample class, with another
# Python or with the oldest dependencies. Where the Python is missing, say so and succeed.
#
#   sh scripts/test_versions.sh oldest-python  the oldest Python that the course supports
#   sh scripts/test_versions.sh newest-python  the newest of those it supports that is here
#   sh scripts/test_versions.sh lower-bounds   the lower bounds of pyproject.toml, on the oldest
#
# Further arguments are pytest's. Each has an environment of its own below .venvs/.

set -eu
cd "$(dirname "$0")/.."

kind=$1
shift
case $kind in
oldest-python | lower-bounds) versions=3.11 ;;
newest-python) versions='3.13 3.12' ;;
*)
    echo "test_versions: unknown $kind: expected oldest-python, newest-python or lower-bounds" >&2
    exit 2
    ;;
esac

pyenv=${PYENV_ROOT:-$HOME/.pyenv}
PYTHON=
for version in $versions; do
    for candidate in "python$version" "$pyenv/versions/$version".*/bin/python; do
        if "$candidate" -c '' 2>/dev/null; then
            PYTHON=$candidate
            break 2
        fi
    done
done
if [ -z "$PYTHON" ]; then
    echo "skipped: none of Python $versions is on PATH or in pyenv"
    exit 0
fi
VENV=$PWD/.venvs/$version
[ "$kind" != lower-bounds ] || VENV=$PWD/.venvs/$kind
export PYTHON VENV
sh scripts/setup.sh

# What setup.sh has just installed anew has the versions of requirements.lock again.
if [ "$kind" = lower-bounds ] && ! cmp -s "$VENV/course-setup.txt" "$VENV/oldest.txt"; then
    echo "going down to the lower bounds, except for torch, which stays as it is locked ..."
    sed -n 's/^ *"\([a-z0-9-]*\)>=\([0-9.]*\).*/\1==\2/p' pyproject.toml | grep -v '^torch==' \
        >"$VENV/bounds.txt"
    "$VENV/bin/python" -m pip install -qq --requirement "$VENV/bounds.txt"
    "$VENV/bin/python" -m pip check
    cp "$VENV/course-setup.txt" "$VENV/oldest.txt"
fi

exec "$VENV/bin/python" -m pytest -n 2 --dist loadfile --durations=10 tests \
    --ignore tests/browser --ignore tests/notebooks --ignore tests/attacks --ignore tests/readme \
    --ignore tests/setup/test_setup_script.py \
    --ignore tests/end_to_end/test_benchmark.py --ignore tests/end_to_end/test_kill.py \
    --ignore tests/end_to_end/test_same_as_stock.py "$@"
