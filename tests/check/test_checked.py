"""What comes first: a check remembers which functions are not right, and names what to mend."""

import pytest

from course_utils import check
from course_utils.check import checked
from course_utils.staff.authoring.source_notebook import run

TABLE = {
    "one": {"exercise": "C1", "rests_on": []},
    "two": {"exercise": "C2", "rests_on": []},
    "also_two": {"exercise": "C2", "rests_on": []},
    "three": {"exercise": "C3", "rests_on": ["C1"]},
    "four": {"exercise": "C4", "rests_on": ["C1", "C2", "C3"]},
}
OTHER = {
    "relu": {"exercise": "L1", "rests_on": []},
    "train": {"exercise": "L3", "rests_on": ["L1"]},
}
TWO = "C4 rests on C1 and C2, which are not right yet. Mend C1 and C2 first."
ONE = "C4 rests on C1, which is not right yet. Mend C1 first."


class Kernel:
    """Cells that run one after the other; every function returns 1 where it is right."""

    def __init__(self):
        self._namespace = {"check": check}
        for name in TABLE | OTHER:
            self.define(name)

    def define(self, name, result=1):
        run(f"def {name}():\n    return {result}", name, self._namespace)

    def message(self, source):
        """The first line of what a cell fails with; None where it does not."""
        try:
            run(source, "cell", self._namespace)
        except Exception as failure:
            return str(failure).splitlines()[0]
        return None

    def check(self, name):
        return self.message(f"check.equal({name}(), 1)")

    def break_and_check(self, *names):
        for name in names:
            self.define(name, 0)
            self.check(name)


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setattr(checked, "_failing", {})
    monkeypatch.setattr(checked, "_tables", lambda: [TABLE, OTHER])
    return Kernel()


WRONG = "four() is not right"


def test_what_is_wrong_below_is_named_in_order_once_and_at_its_root(kernel):
    kernel.break_and_check("also_two", "two", "one", "three")
    assert kernel.check("four") is None  # what is right stays right
    kernel.define("four", 0)
    assert kernel.check("four") == TWO
    kernel.define("two"), kernel.check("two")
    assert kernel.check("four") == TWO  # the other half of C2 still fails
    kernel.define("also_two"), kernel.check("also_two")
    assert kernel.check("four") == ONE
    kernel.define("one"), kernel.check("one")
    assert kernel.check("four") == WRONG  # three has not been looked at since
    assert kernel.check("three") == "three() is not right"
    assert kernel.check("four") == "C4 rests on C3, which is not right yet. Mend C3 first."


def test_nothing_is_said_of_what_nobody_has_checked_or_has_been_written_anew(kernel):
    kernel.define("four", 0), kernel.define("one", 0)
    assert kernel.check("four") == WRONG
    kernel.check("one")
    assert kernel.check("four") == ONE
    kernel.define("one", 0)
    assert kernel.check("four") == WRONG
    kernel.check("one")
    assert kernel.check("four") == ONE


def test_what_does_not_rest_on_it_is_told_as_ever(kernel):
    kernel.break_and_check("one", "two")
    assert kernel.check("two") == "two() is not right"
    kernel.define("train", 0)
    assert kernel.check("train") == "train() is not right"
    kernel.break_and_check("relu")
    assert kernel.check("train") == "L3 rests on L1, which is not right yet. Mend L1 first."


@pytest.mark.parametrize(
    "cell",
    [
        "check.equal(four() + train(), 3)",  # of two tutorials
        "check.equal(two() + three(), 3)",  # of two exercises, neither of which rests on the other
        "check.equal(0, 1)",
    ],
)
def test_where_it_is_not_certain_what_is_checked_nothing_is_said(kernel, cell):
    kernel.break_and_check("one", "relu")
    assert kernel.message(cell).endswith("is not right")
    kernel.define("four", 0)
    assert kernel.check("four") == ONE


@pytest.mark.parametrize(
    "cell",
    [
        "check.close(four(), 1.5)",
        "check.shape(four(), (2, 3))",
        "check.raises(four)",
        "got = four()\ncheck.equal(got, 2)",
        "check.equal(three() + four(), 3)",  # the check of C4 uses what C3 made
        "with check.explaining():\n    four() + [][0]",
        "with check.explaining():\n    check.equal(four(), 1 / 0)",
        "with check.explaining():\n    check.equal(four(), not_defined)",
    ],
)
def test_every_way_to_fail_counts(kernel, cell):
    kernel.break_and_check("one")
    assert kernel.message(cell) == ONE
    kernel.define("one"), kernel.check("one")
    assert kernel.message(cell) not in (None, ONE)


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit"])
def test_who_interrupts_a_cell_has_failed_no_check(kernel, error):
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        kernel.message(f"with check.explaining():\n    one()\n    raise {error}")
    kernel.define("four", 0)
    assert kernel.check("four") == WRONG


def test_while_grading_everything_is_told(kernel, monkeypatch, capsys):
    kernel.break_and_check("one")
    kernel.define("four", 0)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert kernel.check("four") == WRONG
    assert "yours 0, expected 1" in capsys.readouterr().out
    kernel.define("one")
    assert kernel.check("one") is None


def test_the_card_tells_nothing_else(kernel, capsys):
    kernel.break_and_check("one")
    kernel.define("four", 0)
    capsys.readouterr()
    kernel.check("four")
    assert capsys.readouterr().out == f"○ Not checked: {ONE}\n"
