"""Run nbgrader's own tests of grading against the course's engine: ``make nbgrader-suite``.

    python tests/nbgrader_suite [--stock] [pytest's options]

With ``--stock`` they run against nbgrader as it is. ``expected.toml`` holds what nbgrader as it is
passes, and every test that does not pass with the course's engine and why; one that passes all the
same, or does not pass without being listed, is a failure.
"""

import os
import sys
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import nbgrader
import pytest

HERE = Path(__file__).parent


class Outcomes:
    """A pytest plugin that counts how each module's tests ended."""

    def __init__(self):
        self.of = defaultdict(Counter)

    def pytest_runtest_logreport(self, report):
        """Count an outcome; set-up and tear-down count where they do not pass."""
        if report.when == "call" or not report.passed:
            end = "different" if hasattr(report, "wasxfail") else report.outcome
            self.of[report.nodeid.split("::")[0]][end] += 1


def run_tests(modules, options):
    """Run nbgrader's tests; return pytest's exit code and the outcomes of each module."""
    tests = Path(nbgrader.__file__).parent / "tests"
    outcomes = Outcomes()
    # nbgrader starts a program of its environment by its bare name
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ["PYTHONPATH"] = str(HERE)  # where the workers find the plugin
    arguments = ["-c", str(HERE / "pytest.ini"), f"--rootdir={tests}", *options]
    arguments += [str(tests / module) for module in modules]
    return pytest.main(arguments, plugins=[outcomes]), outcomes.of


def main(arguments):
    """Run the tests, print a line for each module and return the exit code."""
    expected = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))
    if nbgrader.__version__ != expected["nbgrader"]:
        print(
            f"nbgrader {nbgrader.__version__} is installed; expected.toml is about "
            f"{expected['nbgrader']}: run with --stock and write down what passes"
        )
        return 1
    is_stock = "--stock" in arguments
    options = [argument for argument in arguments if argument != "--stock"]
    different = {} if is_stock else expected["different"]
    start = time.monotonic()
    engine = [] if is_stock else ["-p", "course_engine"]
    code, found = run_tests(expected["stock"], [*engine, *options])
    print(f"\nnbgrader's own tests that pass ({time.monotonic() - start:.0f} s):")
    for module, counts in expected["stock"].items():
        wanted = f"{counts['passed']:4} with nbgrader's engine"
        print(f"  {module:36}{wanted}{found[module]['passed']:5} in this run")
        total = sum(found[module].values())
        if code == 0 and not options and total != sum(counts.values()):
            print(f"{module}: {total} tests were run, expected {counts}")
            code = 1
    if different:
        print("otherwise than with nbgrader's engine, and why:")
    for test, reason in different.items():
        print(f"  {test.split('::')[-1]}: {reason}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
