"""What is to be done by hand is tried where the forbidden libraries are not.

Every way around the watch earns the points where calls are only watched, and none in the second
process.
"""

from pathlib import Path

import pytest
from small_jobs import LIMITS, SEED, cells_of, errors, hidden, seen

from course_utils.staff.course import read_notebook
from course_utils.staff.grading import job as jobs
from course_utils.staff.grading.prepare.make_job import trusted_cells
from course_utils.staff.grading.run import by_hand, run_room

SOURCES = sorted((Path(__file__).parents[3] / "source").glob("*/*.ipynb"))

TEST = hidden("""
    def _right(x, w):
        return [sum(x[i + k] * w[k] for k in range(len(w))) for i in range(len(x) - len(w) + 1)]

    some = [check.case(np.arange(5.0), np.array([1.0, 2.0])), check.case(np.ones(4), np.ones(3))]
    check.agrees(slide, _right, some)
    check.forbids(slide, *check.CONVOLUTION_LIBRARIES, cases=some)
""")
EVASIONS = {
    "the function in C": """
        def slide(x, w):
            return np._core.multiarray.correlate(x, w, 0)
    """,
    "a look at the watch": """
        def slide(x, w):
            import sys
            if sys.getprofile():
                return x
            return __import__("sci" + "py.signal").signal.correlate(x, w, "valid")
    """,
    "the watch switched off": """
        def slide(x, w):
            import sys
            sys.setprofile(None)
            return __import__("sci" + "py.signal").signal.correlate(x, w, "valid")
    """,
    "a thread": """
        def slide(x, w):
            import threading
            found = []
            def work():
                signal = __import__("sci" + "py.signal").signal
                found.append(signal.correlate(x, w, "valid"))
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return found[0]
    """,
    "results that were remembered": """
        known = {}

        def slide(x, w):
            key = x.tobytes() + w.tobytes()
            if key not in known:
                known[key] = __import__("sci" + "py.signal").signal.correlate(x, w, "valid")
            return known[key]
    """,
    "the check replaced": """
        from course_utils.check import forbidden
        forbidden.find = lambda *arguments: None

        def slide(x, w):
            return __import__("sci" + "py.signal").signal.correlate(x, w, "valid")
    """,
    "Python's finders restored": """
        import sys
        from importlib import machinery

        def slide(x, w):
            sys.setprofile(None)
            mine = [machinery.BuiltinImporter, machinery.FrozenImporter, machinery.PathFinder]
            sys.meta_path[:] = mine
            for name in [name for name in sys.modules if name.startswith("sci" + "py")]:
                del sys.modules[name]
            return __import__("sci" + "py.signal").signal.correlate(x, w, "valid")
    """,
}
HONEST = {
    "loops": """
        def slide(x, w):
            return [float((x[i : i + len(w)] * w).sum()) for i in range(len(x) - len(w) + 1)]
    """,
    "an unused import": """
        import scipy.signal
        from torch import nn

        def slide(x, w):
            import torch
            return [float((x[i : i + len(w)] * w).sum()) for i in range(len(x) - len(w) + 1)]
    """,
    "helpers and variables": """
        START = 0

        def slide(x, w):
            return [part(x, w, i) for i in range(START, len(x) - len(w) + 1)]

        def part(x, w, i):
            return float((x[i : i + len(w)] * w).sum())
    """,
    "what the text does not show": """
        globals()["sta" + "rt"] = 0

        def slide(x, w):
            start = globals()["sta" + "rt"]
            return [float((x[i : i + len(w)] * w).sum()) for i in range(start, len(x) - len(w) + 1)]
    """,
    "a class": """
        class Slider:
            def __call__(self, x, w):
                return [float((x[i : i + len(w)] * w).sum()) for i in range(len(x) - len(w) + 1)]

        slide = Slider()
    """,
}


def graded(answer, is_by_hand):
    cells = cells_of(answer, TEST)
    numbered = tuple(jobs.Cell(place, *cell) for place, cell in enumerate(cells))
    job = jobs.Job(numbered, tuple(cells), SEED, LIMITS, by_hand=is_by_hand)
    return run_room.run_notebook(job).messages.get(2, [])


@pytest.mark.parametrize("way", EVASIONS)
def test_an_evasion_of_the_watch_fails_without_the_library(way):
    watched = graded(EVASIONS[way], is_by_hand=False)
    assert errors(watched) == [], "the watch sees it"
    assert errors(graded(EVASIONS[way], is_by_hand=True)) == ["CheckFailed"]


@pytest.mark.parametrize("way", HONEST)
def test_work_by_hand_passes(way):
    messages = graded(HONEST[way], is_by_hand=True)
    assert errors(messages) == [], seen(messages)


def test_the_library_is_named():
    answer = "def slide(x, w):\n    f = getattr(np, 'corre' + 'late')\n    return f(x, w)"
    assert "slide uses numpy.correlate" in seen(graded(answer, is_by_hand=True))


def test_no_text_of_the_second_process_is_told():
    answer = """
        def slide(x, w):
            if not hasattr(__import__("sci" + "py"), "__version__"):
                raise RuntimeError(f"scipy.{x.tobytes().hex()} is not here")
            return [float((x[i : i + len(w)] * w).sum()) for i in range(len(x) - len(w) + 1)]
    """
    told = seen(graded(answer, is_by_hand=True))
    assert "slide uses scipy, and" in told
    assert "f03f" not in told  # the end of 1.0, as bytes


def test_what_most_tests_forbid_is_taken_away():
    trusted = [
        ("a", jobs.TEST, "check.forbids(f, 'scipy', '__main__.g', cases=some)"),
        ("b", jobs.TEST, "check.forbids(g, 'scipy', cases=some)"),
        ("c", jobs.TEST, "check.forbids(h, 'torch', *check.CONVOLUTION_LIBRARIES, cases=some)"),
        ("d", jobs.SOLUTION, "def f(): pass"),
    ]
    assert by_hand.libraries(tuple(trusted)) == ("scipy",)
    assert set(by_hand.libraries(tuple(trusted[2:]))) >= {"torch", "numpy.correlate"}
    assert by_hand.libraries(tuple(trusted[3:])) == ()


@pytest.mark.parametrize(
    "source",
    [
        "check.forbids(f, *names, cases=some)",
        "check.forbids(f, *other.NAMES, cases=some)",
        "from no_such_module import other\ncheck.forbids(f, *other.NAMES, cases=some)",
        "check.forbids(f, name, cases=some)",
    ],
)
def test_names_that_cannot_be_read_off_the_text_are_watched(source):
    assert by_hand.libraries((("a", jobs.TEST, source),)) == ()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_what_every_tutorial_forbids_is_read(path):
    trusted = trusted_cells(read_notebook(path))
    tests = " ".join(source for _, _, source in trusted if "check.forbids(" in source)
    forbids = "LIBRARIES" in tests or '"scipy"' in tests
    assert bool(by_hand.libraries(trusted)) == forbids
