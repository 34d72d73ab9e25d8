"""A notebook of a few cells, walked through by the checker: what each cell ends with and shows."""

import dataclasses
import json
import re
import zlib

import numpy as np
import pytest
from small_jobs import LIMITS, SEED, cells_of, errors, grade, hidden, seen

from course_utils.check import verdict
from course_utils.check.verdict import CheckFailed
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.run import run_room

SHORT = dataclasses.replace(LIMITS, cell_seconds=1, later_seconds=1)
AGREES = hidden(
    """
    def twice(x):
        return 2 * x
    check.agrees(f, twice, [check.case(np.arange(3.0))])
    """
)


def test_a_function_that_is_not_there_is_a_name_error_and_the_next_test_runs():
    result = grade("g = 2", "check.close(f(1), 2)", "", "check.equal(g, 2)")
    assert seen(result.messages[2]) == "NameError: name 'f' is not defined"
    assert seen(result.messages[4]) == "✔ g is right"


def test_a_visible_failure_shows_the_students_line():
    result = grade("def f(x):\n    return x / 0", "check.close(f(1), 2)")
    [error] = [content for kind, content in result.messages[2] if kind == "error"]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error["traceback"]))
    assert "return x / 0" in text
    assert text.count("ZeroDivisionError: division by zero") == 1


RAW = hidden("f(np.array([0.125, 0.375]))")
WITH_CAUSE = hidden(
    """
    try:
        f(np.array([0.125, 0.375]))
    except Exception as error:
        raise ValueError("f does not work") from error
    """
)


def lines_of(message):
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(message["traceback"]))


def hidden_error(student, test):
    result = grade(student, test)
    [error] = [content for kind, content in result.messages[2] if kind == "error"]
    assert "125" not in str(result.messages[2])
    return error


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("KeyboardInterrupt(repr(x))", "KeyboardInterrupt"),
        ("GeneratorExit(repr(x))", "GeneratorExit"),
        ("SystemExit(repr(x))", "SystemExit"),
        ("ValueError(repr(x))", "ValueError"),
        ("ValueError(f'not {x}')", "ValueError: not …"),
        ("type('A' + repr(x), (KeyError, ValueError), {})", "KeyError"),
    ],
)
def test_a_hidden_failure_shows_the_students_line_and_no_text_that_could_hold_inputs(raised, told):
    error = hidden_error(f"def f(x):\n    y = 2 * x\n    raise {raised}", RAW)
    place = f"Cell In[2], line 3\n----> 3     raise {raised}"
    assert lines_of(error) == f"{place}\n{told}"
    assert f"{error['ename']}: {error['evalue']}".removesuffix(": ") == told


def test_a_line_that_the_student_did_not_hand_in_is_not_shown():
    planted = (
        "import linecache\n\ndef f(x):\n    line = f'raise ValueError() # {x}'\n"
        "    linecache.cache['x.py'] = len(line), None, [line], 'x.py'\n"
        "    exec(compile(line, 'x.py', 'exec'))"
    )
    assert lines_of(hidden_error(planted, RAW)) == "ValueError"


def test_what_a_hidden_test_says_itself_is_shown_without_the_students_cause():
    error = hidden_error("def f(x):\n    raise TypeError(repr(x))", WITH_CAUSE)
    assert lines_of(error) == "ValueError: f does not work"


def test_of_what_a_hidden_test_says_itself_a_part_is_shown():
    test = hidden("raise ValueError(f('x'))")
    result = grade("def f(x):\n    return 10_000 * x", test)
    [error] = [content for kind, content in result.messages[2] if kind == "error"]
    assert error["evalue"] == 500 * "x"


@pytest.mark.parametrize("name", ["f", "A0_125"])
def test_a_hidden_test_names_a_function_as_the_student_has_written_it(name):
    student = f"def f(x):\n    return 1\n\nf.__name__ = ''.join({list(name)})"
    shown = seen(grade(student, hidden("check.raises(f, np.arange(3.0))")).messages[2])
    called = "f" if name == "f" else "your function"
    assert shown.startswith(f"✘ {called} with x of shape (3,) should raise ValueError")


@pytest.mark.parametrize(
    "result", ["{repr(x): 1}", "1000 * repr(x)", "np.zeros((0, *range(1, 30)))"]
)
def test_of_a_result_a_hidden_check_shows_little(result):
    test = hidden("check.is_right(f(np.array([0.125, 0.375])), {'a': 1})")
    shown = seen(grade(f"def f(x):\n    return {result}", test).messages[2])
    assert "28" not in shown
    assert max(map(len, shown.splitlines())) < 160


@pytest.mark.parametrize(
    "test",
    [
        "check.raises(f, lambda: 1, error=TypeError)",
        "try:\n    f(object())\nexcept TypeError:\n    pass",
        "import contextlib\nwith contextlib.suppress(Exception):\n    f(1, key=print)",
        "try:\n    thing.value\nexcept AttributeError:\n    pass",
        "assert not hasattr(thing, 'value')",
        "try:\n    thing + 1\nexcept TypeError:\n    pass",
        "try:\n    len(thing)\nexcept TypeError:\n    pass",
    ],
)
def test_no_test_passes_by_what_cannot_cross(test):
    student = "def f(x, key=None):\n    return x\n\nclass A:\n    value = 1\n\nthing = A()"
    result = grade(student, test)
    assert errors(result.messages[2]) != []


def test_an_endless_recursion_is_told_as_such_within_the_cells_time():
    result = grade("def f(x):\n    return f(x)", "f(1)")
    assert errors(result.messages[2]) == ["RecursionError"]
    assert result.events == []


def test_prints_are_shown_in_visible_tests_and_kept_away_in_hidden_ones():
    student = "def f(x):\n    print('given', x)\n    return 2 * x"
    result = grade(student, "check.equal(f(3), 6)", "", AGREES)
    assert seen(result.messages[2]) == "given 3\n✔ f(3) is right"
    assert seen(result.messages[4]) == "✔ f agrees with the reference on 1 further inputs"


def test_figures_left_open_are_shown_once_at_the_end_of_a_visible_test():
    student = "import matplotlib.pyplot as plt\n\ndef f(x):\n    plt.plot([x, x])\n    return 2 * x"
    result = grade(student, "check.equal(f(1), 2)\ncheck.equal(f(2), 4)", "", AGREES, "'end'")
    kinds = ["image/png" in content["data"] for _, content in result.messages[2]]
    assert kinds == [False, False, True]
    assert seen(result.messages[4]) == "✔ f agrees with the reference on 1 further inputs"
    assert seen(result.messages[5]) == "'end'", "nothing is left over for the next cell"


def test_a_warning_fails_no_test():
    student = "def f(x):\n    warnings.warn('careful')\n    return 2 * x"
    result = grade(student, "check.equal(f(1), 2)", "", AGREES)
    assert errors(result.messages[2]) == errors(result.messages[4]) == []
    streams = [content for kind, content in result.messages[2] if kind == "stream"]
    assert {content["name"] for content in streams} == {"stdout"}
    assert "careful" in streams[0]["text"]


def test_hidden_tests_draw_the_students_own_numbers():
    result = grade("", "int(check.rng('a').integers(10**9))")
    expected = np.random.default_rng([SEED, zlib.crc32(b"a")]).integers(10**9)
    assert seen(result.messages[2]) == str(expected)


def test_a_seed_in_a_students_cell_governs_the_students_later_draws():
    student = "np.random.seed(0)\n\ndef f():\n    return np.random.rand()"
    result = grade(student, "round(f(), 4)", "round(f(), 4)")
    assert [seen(result.messages[place]) for place in (2, 3)] == ["0.5488", "0.7152"]


@pytest.mark.parametrize("test", ["check.close(f(1), 2)", AGREES, "check.raises(f, 1)"])
def test_an_endless_loop_costs_its_own_tests_only(test):
    result = grade(
        "def f(x):\n    while True: pass", test, "g = 3", "check.equal(g, 3)", limits=SHORT
    )
    assert errors(result.messages[2]) == ["CellTimeoutError"]
    assert seen(result.messages[4]) == "✔ g is right"
    assert result.events == [("timeout", "test_2")]


def test_an_endless_loop_in_a_cell_leaves_what_was_defined_before_it():
    result = grade("g = 3\nwhile True: pass", "check.equal(g, 3)", limits=SHORT)
    assert errors(result.messages[1]) == ["CellTimeoutError"]
    assert seen(result.messages[2]) == "✔ g is right"


def test_a_function_that_ignores_ctrl_c_ends_the_notebook():
    student = (
        "import signal\n\ndef f(x):\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "    while True: pass"
    )
    result = grade(student, "f(1)", "g = 3", "check.equal(g, 3)", limits=SHORT)
    assert ("stuck", "test_2") in result.events
    assert errors(result.messages[2]) == ["CellTimeoutError"]
    assert errors(result.messages[3]) == errors(result.messages[4]) == ["NotRun"]


@pytest.mark.parametrize(
    ("student", "where"),
    [("import os\nos._exit(3)", 1), ("import os\n\ndef f(x):\n    os._exit(3)", 2)],
    ids=["in a cell", "in a call"],
)
def test_tests_before_a_death_keep_their_verdict(student, where):
    result = grade(student, "f(1)", "", "check.equal(1, 1)", limits=SHORT)
    assert errors(result.messages[where]) == ["DeadKernel"]
    assert errors(result.messages[4]) == ["NotRun"]
    assert [kind for kind, _ in result.events] == ["died"]


def test_after_the_first_time_out_the_next_comes_sooner():
    limits = dataclasses.replace(LIMITS, cell_seconds=3, later_seconds=0.5)
    student = """
import time

def f():
    global spent
    start = time.process_time()
    while True:
        spent = time.process_time() - start
"""
    result = grade(student, "f()", "", "f()", "assert spent < 1.5", limits=limits)
    assert [kind for kind, _ in result.events] == ["timeout", "timeout"]
    assert errors(result.messages[5]) == []


def test_cells_after_the_notebooks_deadline_are_not_run():
    limits = jobs.NotebookLimits(cell_seconds=10, notebook_seconds=1, later_seconds=1)
    result = grade("import time\ntime.sleep(1.5)", "check.equal(1, 1)", limits=limits)
    assert errors(result.messages[2]) == ["NotRun"]
    assert result.events == [("out-of-time", "test_2")]


def test_output_without_end_is_cut_off():
    result = grade("for i in range(10**6):\n    print('x' * 100)", "check.equal(1, 1)")
    text = "".join(content["text"] for kind, content in result.messages[1] if kind == "stream")
    assert len(text) < 6 * 2**20
    assert "cut off" in text
    assert errors(result.messages[2]) == []


def test_files_come_with_the_notebook_and_what_it_writes_goes_back():
    student = "open('out.txt', 'w').write(open('in.txt').read().upper())"
    result = grade(student, "check.equal(1, 1)", files={"in.txt": b"abc"})
    assert result.files == {"out.txt": b"ABC"}


@pytest.mark.parametrize(
    "result", ["list(range(1_100_000))", "'a' * 40_000_000", "np.zeros(40_000_000)"]
)
def test_a_result_too_large_to_look_at_fails_its_own_test_only(result):
    result = grade(f"def f():\n    return {result}", "check.equal(f(), 1)", "g = 3", "g")
    assert len(errors(result.messages[2])) == 1
    assert seen(result.messages[4]) == "3"
    assert result.events in ([], [("not-plain", "test_2")])


@pytest.mark.parametrize(
    ("student", "mistake"),
    [
        ("def f(x):\n    return x + 1.5", None),
        ("def f(x):\n    x += 1.5\n    return x.copy()", "argument-changed"),
        ("def f(x):\n    return x", "view-returned"),
        ("def f(x):\n    return x.sum()", "other-kind-of-result"),
        ("def f(x):\n    return (x + 1.5).astype(x.dtype)", "dtype-matters"),
    ],
)
def test_the_contract_of_a_function_in_another_process(student, mistake):
    test = (
        "try:\n"
        "    check.keeps_contract(f, lambda x: x + 1.5, [check.case(np.arange(3.0))], new=True)\n"
        "    print(None)\n"
        "except check.CheckFailed as failure:\n"
        "    print(failure.mistake)"
    )
    assert seen(grade(student, test).messages[2]).splitlines()[-1] == str(mistake)


FORBIDS = "check.forbids(f, 'numpy.fft', '__main__.g', cases=[check.case(np.arange(4.0))])"


@pytest.mark.parametrize(
    ("student", "found"),
    [
        ("def f(x):\n    import numpy.fft\n    return x", None),
        ("def f(x):\n    from numpy import fft\n    return x", None),
        ("def f(x):\n    from numpy import fft\n    return fft.fft(x)", "numpy.fft"),
        ("def f(x):\n    return __import__('numpy.fft').fft.fft(x)", "numpy.fft"),
        ("from numpy import fft\n\ndef f(x):\n    return fft.fft(x)", "numpy.fft"),
        ("def f(x):\n    return np.fft.fft(x)", "numpy.fft"),
        ("def h(x):\n    return np.fft.fft(x)\n\ndef f(x):\n    return h(x)", "numpy.fft"),
        ("def f(x):\n    return getattr(np, 'ff' + 't').fft(x)", "numpy.fft"),
        ("def g(x):\n    return x\n\ndef f(x):\n    return g(x)", "__main__.g"),
        ("def f(x):\n    return x[::-1]", None),
    ],
)
def test_a_forbidden_library_is_found(student, found):
    text = seen(grade(student, FORBIDS).messages[2])
    if found is None:
        assert text == "✔ f is written by hand, as far as we can see"
    else:
        assert text.startswith("✘ f uses " + found)


# --- a row of cases over the wire is like one call after the other ------------------------------


def agrees(reference, cases):
    return f"check.agrees(f, {reference}, [{cases}])"


def test_a_result_behind_a_semicolon_is_no_partial_credit():
    result = grade("y = 0.75", "y;", "", "0.25;")
    assert result.messages.get(2, []) == result.messages[4] == []


def test_a_helper_that_a_given_cell_builds_in_is_not_the_students():
    given = "import builtins\nbuiltins.helper = lambda value: value == 1\nx = 1"
    student = "helper = lambda value: True\ny = 7"
    names = [("given", "given", given), ("solution_1", "solution", "y = 1")]
    test = "assert x == 1 and builtins\nassert helper(y)"
    cells = cells_of(student, test, given=given)
    numbered = tuple(jobs.Cell(place, *cell) for place, cell in enumerate(cells))
    result = run_room.run_notebook(jobs.Job(numbered, (*names, cells[2]), SEED, LIMITS))
    assert errors(result.messages[2]) == ["AssertionError"]


def test_a_function_that_swallows_ctrl_c_costs_its_own_test_only():
    student = "def f(x):\n    try:\n        while True: pass\n    except: return None\ng = 1"
    test = agrees("lambda x: x", "check.case(n) for n in range(20)")
    result = grade(student, test, "h = 2", "check.equal(g + h, 3)", limits=SHORT)
    assert result.events == [("timeout", "test_2")]
    assert errors(result.messages[2]) == ["CellTimeoutError"]
    assert errors(result.messages[4]) == []


@pytest.mark.parametrize(
    ("reference", "cases"),
    [
        ("len", "check.case('x' * 2**20) for _ in range(40)"),
        ("len", "check.case(dict.fromkeys(range(100 * n, 100 * n + 100))) for n in range(60)"),
        ("lambda n: n * 'x'", "check.case(n * 10**6) for n in (3, 30, 1, 2)"),
        ("lambda n: n * ['x']", "check.case(n * 100_000) for n in (1, 8, 2, 8)"),
    ],
    ids=["long texts", "many keys", "long results", "many results"],
)
def test_what_one_case_may_hold_every_case_may(reference, cases):
    result = grade(f"f = lambda x: ({reference})(x)", agrees(reference, cases))
    assert errors(result.messages[2]) == []


COUNTED = "calls = []\ndef f(x):\n    calls.append(x)\n    return 'x' * 3 * 10**6"


def test_every_case_is_called_once_even_where_results_come_apart():
    test = agrees("lambda x: 'x' * 3 * 10**6", "check.case(n) for n in range(5)")
    result = grade(COUNTED, f"{test}\ncheck.equal(calls, [0, 1, 2, 3, 4])")
    assert errors(result.messages[2]) == []


@pytest.mark.parametrize(
    "first", ["warnings.simplefilter('error')", "sys.stderr.close()", "sys.stdout.close()"]
)
def test_what_one_case_does_to_warnings_and_output_ends_with_it(first):
    student = (
        f"import sys\ndef f(x):\n    if x == 0:\n        {first}\n    else:\n"
        "        warnings.warn('careful')\n        print(x, file=sys.stderr)\n        print(x)\n"
        "    return x"
    )
    result = grade(student, agrees("lambda x: x", "check.case(n) for n in range(3)"))
    assert errors(result.messages[2]) == []


def test_an_error_in_answer_to_giving_a_name_back_ends_no_checker():
    student = (
        "import gc\nfrom course_utils.sandbox.agent import Agent\nf = 1\n"
        "Agent._do_show = lambda *_: ({'error': {'type': 'X'}}, b'')"
    )
    result = grade(student, "del f", "y = 1", "check.equal(y, 1)")
    assert errors(result.messages[4]) == []


def test_an_exception_called_as_the_checks_own_word_shows_no_more_than_others():
    student = "class NotPlain(Exception): pass\ndef f(x):\n    raise NotPlain('S' * 5000)"
    result = grade(student, hidden(agrees("lambda x: x", "check.case(1)")))
    assert "S" * 300 not in seen(result.messages[2])


@pytest.mark.parametrize("given", ["(", "x = (\n", "x = " + "-" * 100_000 + "1", "x = '\\ud800'"])
def test_a_given_cell_that_cannot_be_read_ends_no_checker(given):
    result = grade("y = 1", "assert y == 1", given=given)
    assert errors(result.messages[2]) == []


def test_a_future_import_in_a_later_cell_changes_no_earlier_one():
    future = "from __future__ import annotations\nz = 1"
    student = "def f(x: int):\n    return x"
    cells = [
        ("given", "given", "kept = 1"),
        ("task", "solution", student),
        ("first", "test", "f.__annotations__ if False else 1\ndef g(x: int): pass\n"
         "assert g.__annotations__ == {'x': int}, g.__annotations__"),
        ("later", "given", future),
        ("last", "test", "from __future__ import annotations\nassert z == 1"),
    ]  # fmt: skip
    numbered = tuple(jobs.Cell(place, *cell) for place, cell in enumerate(cells))
    result = run_room.run_notebook(jobs.Job(numbered, tuple(cells), SEED, LIMITS))
    assert errors(result.messages[2]) == errors(result.messages[4]) == []


@pytest.mark.parametrize(
    "test", ["check.equal(f(), {'a': 0})", "raise ValueError(str(f()))", "print(f())"]
)
def test_what_a_test_shows_is_cut_off_like_any_other_output(test):
    result = grade("def f():\n    return {'A' * 30_000_000: 0}", f"{test}\nassert False")
    assert errors(result.messages[2])
    assert sum(map(shown_size, result.messages[2])) < 10**6


def test_without_the_limit_it_is_all_there(monkeypatch):
    for name in ("LONGEST_HEAD", "LONGEST_DETAILS"):
        monkeypatch.setattr(verdict, name, 10**9)
    shown = []
    monkeypatch.setattr(verdict, "_show", lambda *parts: shown.extend(map(str, parts)))
    with pytest.raises(CheckFailed) as failure:
        verdict.failed("f", "A" * 1_000_000, "B" * 1_000_000)
    assert len(str(failure.value)) > 2_000_000
    monkeypatch.undo()
    with pytest.raises(CheckFailed) as failure:
        verdict.failed("f", "A" * 1_000_000, "B" * 1_000_000)
    assert len(str(failure.value)) < 30_000


def test_a_notebook_of_floods_is_bounded_as_a_whole_and_its_tests_still_fail():
    flood = "for i in range(900):\n    display(HTML('x' * 4000))"
    cells = ["from IPython.display import HTML, display\n" + flood, "assert False, 'y' * 10_000"]
    result = grade(*cells * 12)
    total = sum(shown_size(m) for messages in result.messages.values() for m in messages)
    assert 10**7 < total < 2 * 10**7
    tests = list(range(2, 25, 2))
    assert [errors(result.messages[place]) for place in tests] == [["AssertionError"]] * 12


def test_files_are_kept_up_to_a_number():
    many = "for i in range(3000):\n    open(f'{i:05}.txt', 'w').write('x')"
    assert sorted(grade(many, "check.equal(1, 1)").files) == [f"{i:05}.txt" for i in range(200)]


def shown_size(message):
    return len(json.dumps(message[1]))


HALF = """
class Half:
    def __eq__(self, other):
        return other == 0.5

def f(x):
    return {}
"""


QUOTING = {
    "np.testing.assert_allclose(f(1), 0.125)": "Not equal to tolerance rtol=1e-07, atol=0",
    "np.testing.assert_array_equal(f(1), [0.125])": "Arrays are not equal",
    "unittest.TestCase().assertEqual(f(1), 0.125)": "",
    "with pytest.raises(ValueError):\n    f(0.125)": "DID NOT RAISE ValueError",
    "assert f(1) == 2, 'twice as much'": "twice as much",
}


@pytest.mark.parametrize("test", QUOTING)
def test_a_library_that_compares_in_a_hidden_test_quotes_nothing(test):
    imports = "import unittest\nimport numpy as np\nimport pytest\n"
    result = grade("def f(x):\n    return x", hidden(imports + test))
    [error] = [content for kind, content in result.messages[2] if kind == "error"]
    assert error["evalue"] == QUOTING[test]
    assert "125" not in str(error)
    visible = grade("def f(x):\n    return x", imports + test)
    assert ("125" in str(visible.messages[2])) == ("0.125" in test)


@pytest.mark.parametrize(
    ("returned", "events"),
    [
        ("Half()", [("not-plain", "test_2")]),
        ("[Half()]", [("not-plain", "test_2")]),
        ("0.25", []),
        ("0.5", []),
    ],
)
def test_an_object_that_a_failed_test_cannot_look_at_is_noted(returned, events):
    result = grade(HALF.format(returned), hidden("assert f(1) == 0.5"))
    assert result.events == events
    assert bool(errors(result.messages[2])) == (returned != "0.5")


def test_nothing_is_noted_where_a_test_passes():
    result = grade(HALF.format("Half()"), hidden("assert f(1) is not None"))
    assert result.events == []


@pytest.mark.parametrize(
    "answer",
    ["yield from [0, 2]", "return filter(str, [0, 2])", "return (n for n in [0, Fraction(2)])"],
)
def test_a_test_may_list_what_an_answer_yields(answer):
    source = f"from fractions import Fraction\ndef f(n):\n    {answer}"
    result = grade(source, "assert list(f(4)) == [0, 2]", "", "assert f(4) != [0, 2]")
    assert not errors(result.messages[2])
    assert not errors(result.messages[4])
