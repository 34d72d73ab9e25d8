"""Failed tests are tried once more with earlier exercises put right; nobody gets a gift by it."""

from pathlib import Path

import pytest
from follow_through import LIMITS, RESTS_ON, SOURCE, job_of, naive
from small_jobs import errors, seen

from course_utils.staff.course import read_notebook
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.follow_through import declared, second_try
from course_utils.staff.grading.prepare.make_job import trusted_cells
from course_utils.staff.grading.run import run_room

pytestmark = pytest.mark.slow

WRONG = "def double(x):\n    return 3 * x"
BLANK = "def double(x):\n    raise NotImplementedError"
OWN = {"B_quadruple_visible", "B_quadruple_hidden", "C_octuple_hidden", "E_next_hidden"}


def failed_in(job, result):
    return {
        cell.name
        for cell in job.cells
        if any(kind == "error" for kind, _ in result.messages[cell.index])
    }


def carried_by(**answers):
    return run_room.run_notebook(job_of(**answers)).carried


@pytest.mark.parametrize("answer", [WRONG, BLANK, "double = None", "def double(x:"])
def test_what_rests_on_a_wrong_exercise_is_carried(answer):
    carried = carried_by(A=answer)
    assert carried == dict.fromkeys(carried, ("A",))
    assert carried.keys() == OWN


def test_an_exercise_that_is_wrong_itself_is_put_right_for_the_next():
    carried = carried_by(A=WRONG, B="def quadruple(x):\n    return double(x)")
    assert carried == {"C_octuple_hidden": ("A", "B"), "E_next_hidden": ("A",)}


def test_what_fails_again_shows_how_it_fails_with_the_earlier_one_put_right():
    add = "def next_one(x):\n    print('got', double(x))\n    return double(double(x)) + 2"
    job = job_of(A=WRONG, E=add)
    result = run_room.run_notebook(job)
    assert result.still_wrong == {"E_next_hidden": ("A",)}
    [cell] = [cell for cell in job.cells if cell.name == "E_next_hidden"]
    assert seen(result.messages[cell.index]).startswith("got 10\n")  # 2 * 5
    assert "AssertionError" in errors(result.messages[cell.index])


def test_one_that_is_right_given_the_first_is_the_student_s_own():
    b = "def quadruple(x):\n    quadruple.calls = 1\n    return double(double(x))"
    c = "def octuple(x):\n    y = double(quadruple(x))\n    return y * quadruple.calls"
    assert carried_by(A=WRONG, B=b, C=c).keys() == OWN


def test_a_test_without_an_answer_of_its_own_is_left_out():
    job = job_of(A=WRONG)
    result = run_room.run_notebook(job)
    assert "D_both_hidden" in failed_in(job, result) - result.carried.keys()


def test_an_exercise_that_declares_nothing_is_left_out():
    assert carried_by(rests_on={}, A=WRONG) == {}
    assert carried_by(rests_on={"E": frozenset("A")}, A=WRONG).keys() == {"E_next_hidden"}


def test_a_part_of_the_points_is_not_carried():
    partial = [("E_partly_hidden", "1 if next_one(2) == 9 else 1 / 0")]
    assert "E_partly_hidden" not in carried_by(more_tests=partial, A=WRONG)


def test_a_test_that_compares_an_answer_with_itself_counts_beside_another():
    some = "[check.case(n) for n in (1, 2)]"
    itself = [("E_next_hidden_contract", f"check.keeps_contract(next_one, next_one, {some})")]
    honest = carried_by(more_tests=itself, A=BLANK)
    assert {"E_next_hidden", "E_next_hidden_contract"} <= honest.keys()
    forwards = carried_by(more_tests=itself, A=BLANK, E="def next_one(x):\n    return double(x)")
    assert forwards.keys() == OWN - {"E_next_hidden"}


def test_what_ends_python_in_an_earlier_exercise_costs_only_that():
    job = job_of(A="import os\n\ndef double(x):\n    os._exit(1)")
    result = run_room.run_notebook(job)
    assert result.events == [("died", "A_double_visible")]
    assert result.carried.keys() == OWN


def test_the_first_run_is_as_it_was():
    without, with_second = (
        run_room.run_notebook(job_of(rests_on=rests_on, A=WRONG)) for rests_on in ({}, RESTS_ON)
    )
    assert with_second.carried
    for field in ("counts", "events", "files", "isolation"):
        assert getattr(without, field) == getattr(with_second, field)
    assert without.messages.keys() == with_second.messages.keys()


@pytest.mark.parametrize(
    ("answers", "runs"),
    [({}, 1), ({"E": "def next_one(x):\n    return x"}, 1), ({"A": WRONG}, 2)],
    ids=["nothing-fails", "nothing-earlier-is-wrong", "something-earlier-is-wrong"],
)
def test_there_is_no_second_run_unless_it_can_carry_something(answers, runs, monkeypatch):
    seen, run = [], run_room._PreloadPair.run
    monkeypatch.setattr(
        run_room._PreloadPair, "run", lambda self, *args: seen.append(args) or run(self, *args)
    )
    run_room.run_notebook(job_of(**answers))
    assert len(seen) == runs


def test_after_a_time_out_the_second_try_has_little_time():
    endless = "def next_one(x):\n    double(x)\n    while True:\n        pass"
    job = job_of(A=WRONG, E=endless)
    result = run_room.run_notebook(job)
    assert ("timeout", "E_next_hidden") in result.events
    assert result.carried.keys() == OWN - {"E_next_hidden"}
    assert second_try(job, result).limits.cell_seconds == LIMITS.later_seconds


TUTORIAL = Path(__file__).parents[3] / "source/01_convolution_by_hand/convolution_by_hand.ipynb"
BY_LIBRARY = """
def correlate2d(x, w, stride=1, padding=0):
    from scipy import signal

    (sv, sh), (pv, ph) = np.broadcast_to(stride, 2), np.broadcast_to(padding, 2)
    x = np.pad(x, ((pv, pv), (ph, ph)))
    return signal.correlate2d(x, w, mode="valid")[::sv, ::sh]
"""


def tutorial_job(change):
    nb = read_notebook(TUTORIAL)
    trusted = trusted_cells(nb)
    cells = tuple(
        jobs.Cell(place, name, role, change(name, source) if role == jobs.SOLUTION else source)
        for place, (name, role, source) in enumerate(trusted)
    )
    below = declared(nb).all_below()
    return jobs.Job(cells, trusted, 1, jobs.NotebookLimits(), rests_on=below)


def test_a_library_in_an_earlier_exercise_costs_nothing_later():
    def change(name, source):
        return BY_LIBRARY if name == "C1_correlate2d" else source

    job = tutorial_job(change)
    result = run_room.run_notebook(job)
    failed = failed_in(job, result)
    assert {"C1_correlate2d_hidden_values", "C9_conv2d_hidden_values"} <= failed
    assert "C9_conv2d_hidden_values" in result.carried


def test_a_library_in_a_later_exercise_is_not_carried():
    def change(name, source):
        if name == "C1_correlate2d":
            return "def correlate2d(x, w, stride=1, padding=0):\n    raise NotImplementedError"
        by_library = "np.array(__import__('scipy.signal').signal.correlate2d(channel, w, 'valid'))"
        return source.replace("correlate2d(channel, w, stride, padding)", by_library)

    job = tutorial_job(change)
    result = run_room.run_notebook(job)
    assert "C9_conv2d_hidden_values" in failed_in(job, result)
    assert "C9_conv2d_hidden_values" not in result.carried
    assert "C17_shift_error_hidden_values" in result.carried


# --- attacks: each earns points where the source's function is put into the student's process -----

ATTACKS = {
    "takes what stands beside the function": (
        "E_next_hidden",
        {"E": "def next_one(x):\n    return double.__globals__['next_one'](x)"},
    ),
    "reads the function": (
        "E_next_hidden",
        {
            "E": """
            def next_one(x):
                two = double.__code__.co_consts
                return max(n for n in two if type(n) is int) ** 2 * x + 1
            """
        },
    ),
    "remembers what the function returned": (
        "D_both_hidden",
        {
            "A": "known = {}\n\ndef double(x):\n    return known.get(x, 0)",
            "B": """
            def quadruple(x):
                y = double(x)
                if y:
                    known[x] = y
                    known[y] = double(y)
                return double(y)
            """,
        },
    ),
    "keeps the function": (
        "D_both_hidden",
        {
            "A": "kept = []\n\ndef double(x):\n    return kept[0](x) if kept else 0",
            "B": """
            def quadruple(x):
                if double.__globals__ is not globals() and not kept:
                    kept.append(double)
                return double(double(x))
            """,
        },
    ),
    "calls a function that it does not rest on": (
        "E_next_hidden",
        {
            "B": "def quadruple(x):\n    raise NotImplementedError",
            "E": "def next_one(x):\n    return quadruple(x) + 1",
        },
    ),
    "keeps a function that it does not rest on": (
        "E_next_hidden",
        {
            "B": "def quadruple(x):\n    raise NotImplementedError",
            "E": "def next_one(x, found=lambda x: quadruple(x)):\n    return found(x) + 1",
        },
    ),
    "calls it without end": (
        "E_next_hidden",
        {
            "E": """
            def next_one(x):
                for n in range(10_100):
                    double(n)
                return double(double(x)) + 1
            """
        },
    ),
    "gives it more than fits": (
        "E_next_hidden",
        {
            "E": """
            import numpy as np

            def next_one(x):
                return int(double(double(np.full(600_000, float(x))))[0]) + 1
            """
        },
    ),
    "calls it in a thread": (
        "E_next_hidden",
        {
            "E": """
            from concurrent.futures import ThreadPoolExecutor

            def next_one(x):
                with ThreadPoolExecutor() as pool:
                    return pool.submit(lambda: double(double(x))).result() + 1
            """
        },
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_that_earns_points_without_the_defence_earns_none(name):
    gains, answers = ATTACKS[name]
    answers = {"A": BLANK} | answers
    failed, carried = naive(job_of(**answers))
    assert gains in carried or gains not in failed, "the attack does not work at all"
    job = job_of(**answers)
    result = run_room.run_notebook(job)
    assert gains in failed_in(job, result)
    assert gains not in result.carried


def test_a_call_that_takes_the_checker_too_long_ends_the_second_try():
    slow = "def double(x):\n    while x == 99:\n        pass\n    return 2 * x"
    job = job_of(
        source=SOURCE | {"A_double": slow},
        limits=jobs.NotebookLimits(1, 60, 1),
        A=BLANK,
        E="def next_one(x):\n    double(99)\n    return double(double(x)) + 1",
    )
    assert run_room.run_notebook(job).carried.keys() == OWN - {"E_next_hidden"}


SOCKET = """
import gc
import json

def next_one(x):
    agents = [o for o in gc.get_objects() if type(o).__name__ == "Connection"]
    for agent in agents:
        agent.send({frame})
        {answer}
    return double(double(x)) + 1
"""


@pytest.mark.parametrize(
    "frame", ["{'replaced': 'next_one', 'args': 1}", "{'replaced': ['double']}"]
)
def test_a_call_made_by_hand_is_refused(frame):
    answer = "reply, _ = agent.receive(); assert 'error' in reply"
    e = SOCKET.replace("{frame}", frame).replace("{answer}", answer)
    # refused, and then the answer is right, so that the test is
    assert "E_next_hidden" in carried_by(A=BLANK, E=e)


@pytest.mark.parametrize(
    "frame", ["{'replaced': 'double', 'args': 1}", "{'replaced': 'double', 'args': {'tuple': 1}}"]
)
def test_a_broken_call_ends_the_second_try(frame):
    e = SOCKET.replace("{frame}", frame).replace("{answer}", "agent.receive()")
    assert carried_by(A=BLANK, E=e).keys() == OWN - {"E_next_hidden"}


@pytest.mark.parametrize("act", ["os._exit(1)", "raise KeyError('no')", "time.sleep(60)"])
def test_who_does_not_let_a_name_be_replaced_gets_nothing_and_is_graded(act):
    patch = f"""
        import gc, os, time

        def refuse(*args):
            {act}

        for found in gc.get_objects():
            if type(found).__name__ == "Agent":
                type(found)._do_replace = refuse

        def double(x):
            return 3 * x
    """
    result = run_room.run_notebook(job_of(A=patch))
    assert not result.carried
    assert result.counts  # of the first run


def test_an_empty_test_is_no_failure():
    assert carried_by(more_tests=[("E_empty_hidden", "")], A=WRONG).keys() == OWN


def test_in_a_first_run_nobody_answers_such_calls():
    e = SOCKET.replace("{frame}", "{'replaced': 'double'}").replace("{answer}", "pass")
    result = run_room.run_notebook(job_of(E=e))
    assert result.events == [("unreadable", "E_next_hidden")]
    assert result.carried == {}
