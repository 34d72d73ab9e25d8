"""Of an exception's text, a hidden test tells only what can hold no inputs."""

import random
import re
import string
import time
from pathlib import Path

import numpy as np
import pytest

from course_utils.staff.grading.run.exception_text import COMMON, harmless, known_words

CELLS = [
    "def pad(x, rows):\n"
    "    if rows < 0:\n"
    "        raise ValueError('rows is negative')\n"
    "    if rows > len(x):\n"
    "        raise ValueError(f'{rows} rows, but x has shape {x.shape}!')\n",
    "class Stack: ...\nkernel = 3",
    "def broken(:",
]


NOTHING = None


def unpacked(x):
    a, b = x
    return a, b


# what honest mistakes say, as this Python and these libraries do
HONEST = {
    "broadcast": lambda: np.ones(3) + np.ones(4),
    "assigned": lambda: np.zeros(3).__setitem__(slice(0, 2), np.ones(4)),
    "matmul": lambda: np.ones((2, 3)) @ np.ones((2, 3)),
    "dot": lambda: np.ones((2, 3)).dot(np.ones((2, 3))),
    "index": lambda: np.ones(3)[5],
    "indices": lambda: np.ones(3)[1, 2],
    "reshape": lambda: np.ones(6).reshape(4, 2),
    "float index": lambda: np.ones(3)[1.5],
    "truth": lambda: bool(np.ones(3) > 0),
    "concatenate": lambda: np.concatenate([np.ones((2, 3)), np.ones((2, 4))]),
    "stack": lambda: np.stack([np.ones(2), np.ones(3)]),
    "axis": lambda: np.ones(3).sum(axis=2),
    "empty": lambda: np.max([]),
    "ragged": lambda: np.array([[1, 2], [3]]),
    "read-only": lambda: np.broadcast_to(1, 3).__setitem__(0, 1),
    "list index": lambda: [1][3],
    "unpack": lambda: unpacked([1]),
    "unpack more": lambda: unpacked([1, 2, 3]),
    "None": lambda: NOTHING + 1,
    "subscript": lambda: NOTHING[0],
    "iterate": lambda: list(3),
    "call": lambda: NOTHING(),
    "attribute": lambda: np.ones(3).kernel,
    "module": lambda: np.kernel,
    "arguments": lambda: unpacked(),
    "more arguments": lambda: unpacked(1, 2),
    "length": lambda: len(3),
    "range": lambda: range(1.5),
    "zero": lambda: 1 // 0,
    "float zero": lambda: 1.0 / 0,
    "max": lambda: max([]),
    "compare": lambda: "a" < 1,
    "key": lambda: {}["kernel"],
    "number as key": lambda: {}[17],
    "file": lambda: Path("kernel").read_text(),
}


@pytest.mark.parametrize("what", HONEST)
def test_what_python_and_numpy_say_is_told(what):
    cells = [*CELLS, "def unpacked(x):\n    a, b = x"]
    with pytest.raises(Exception) as raised:
        HONEST[what]()
    text = str(raised.value)
    assert text and harmless(text, cells) == text.strip()


def test_what_the_students_own_code_says_is_told_without_what_it_fills_in():
    assert harmless("rows is negative", CELLS) == "rows is negative"
    told = harmless("7 rows, but x has shape (3, 4)!", CELLS)
    assert told == "… rows, but x has shape …!"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.25 -1.5 0.75",
        "rows is negative: 0.25",
        "[0.25 -1.5] rows",
        "name 'x0_25' is not defined",
        "name 'pad' is not defined, 0.25",
        "index 123456 is out of bounds for axis 0 with size 5",
        "index 0.25 is out of bounds for axis 0 with size 5",
        "cannot reshape array of size 6 into shape (1,2,3,4,5,6)",
        "'NoneType' object has no attribute 'a25b15'",
        "list index out of range\n0.25",
        "rows is negative\n",
    ],
)
def test_anything_else_is_not(text):
    assert harmless(text, CELLS) == ""


def test_an_f_string_of_nothing_but_gaps_tells_nothing():
    assert harmless("0.25", ["f'{x}'", "f'{x} {y}'", "''", "' '"]) == ""


def test_no_text_holds_much_that_the_student_did_not_write():
    """The numbers in a message that is told: at most ten digits for each of four gaps."""
    for template in COMMON.strip().splitlines():
        assert len(re.findall(r"\{n\}|\{shape\}", template)) <= 7, template
        assert len(re.findall(r"\{name\}", template)) <= 3, template


def test_a_class_is_named_where_its_name_says_nothing_new():
    assert known_words("Stack", CELLS)
    assert known_words("an array of datetime64[D]", CELLS)
    assert known_words("sparse_coo tensor of torch.float64 on cpu", CELLS)
    assert not known_words("A0_25", CELLS)
    assert not known_words(" ".join(["Stack"] * 100), CELLS)


def test_hostile_texts_and_cells_take_no_time():
    draw = random.Random(0)
    cells = [
        "f'" + "{x}a" * 20_000 + "'",
        "\n".join(f"f'a{{x}}{n}'" for n in range(20_000)),
        "(" * 5000,
        "x = " + "-" * 100_000 + "1",
        "".join(draw.choices(string.printable, k=100_000)),
    ]
    texts = ["a" * 1_000_000, "(1," * 60, "'" * 200, "a" * 200, "name " * 40, "1." * 100]
    texts += ["shapes (" + "1, " * 60, "a.b" * 66, "could not broadcast " * 9]
    began = time.process_time()
    for text in texts:
        harmless(text, cells)
    assert time.process_time() - began < 5
