"""Every attack is shown to work without the defence, or its test's name says that it is not.

``docs/engine.md`` tells how many there are of either kind.
"""

import importlib.util
import re
from pathlib import Path

from attack import attacks_of
from tiny_course import REPOSITORY

WORKS = "test_works_without_protection"
STOPPED = "test_is_stopped"
ONLY_DEFENCE = "test_only_the_defence_is_shown"
FILES = sorted(Path(__file__).parent.glob("test_*.py"))


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULES = {path.stem: load(path) for path in FILES if path != Path(__file__)}


def kinds_of(module, beginning):
    """Return the kinds of attack, in order, that tests of such a name are about."""
    tests = [test for name, test in vars(module).items() if name.startswith(beginning)]
    kinds = []
    for test in tests:
        marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
        assert [mark.args[0] for mark in marks] in ([], ["kind"])
        kinds += marks[0].args[1] if marks else [""]
    return sorted(kinds)


def test_every_attack_is_of_one_kind():
    for name, module in MODULES.items():
        shown, only_defence = kinds_of(module, WORKS), kinds_of(module, ONLY_DEFENCE)
        if attacks_of(module):
            assert kinds_of(module, STOPPED) == shown, name
            assert sorted(shown + only_defence) == sorted(attacks_of(module)), name


def test_the_documentation_counts_them():
    every = sum(len(attacks_of(module)) for module in MODULES.values())
    only_defence = sum(len(kinds_of(module, ONLY_DEFENCE)) for module in MODULES.values())
    text = " ".join((REPOSITORY / "docs" / "engine.md").read_text(encoding="utf-8").split())
    told = re.search(
        r"`tests/attacks/` holds (\d+) attacks.*? (\d+) of them .*? the other (\d+),", text
    )
    assert told is not None
    assert [int(number) for number in told.groups()] == [every, every - only_defence, only_defence]
