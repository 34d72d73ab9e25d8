"""Read notebooks that lie a few folders up, or here: nbgrader has put the hidden tests into one."""

import pytest
from attack import Attack, assert_harmless

PLACES = {
    "own-notebook": ("*.ipynb", "autograded/**/*.ipynb"),
    "other-submission": ("../../../submitted/$victim/*/*.ipynb", "submitted/$victim/*/*.ipynb"),
    "source": ("../../../source/*/*.ipynb", "source/*/*.ipynb"),
}
TOLD = {
    "own-notebook": {"hidden test", "expected text", "expected number"},
    "other-submission": {"other student"},
    "source": {"solution", "hidden test"},
}
ATTACKS = {
    kind: Attack(
        cell=f"""
from pathlib import Path

for path in [*Path(".").glob("{here}"), *Path("$course").glob("{below_the_course}")]:
    try:
        print(path.read_bytes().hex())
    except OSError as error:
        print(error)
""",
        stock_group="reads",
    )
    for kind, (here, below_the_course) in PLACES.items()
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_works_without_protection(unprotected, kind):
    assert unprotected.told >= TOLD[kind]


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_harmless(protected)
