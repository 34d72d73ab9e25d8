"""Hidden inputs that a student got hold of are worth nothing once anything is handed in again.

Students hand in a function of C1 that takes all inputs of the hidden tests out of its callers'
frames and sends them home in one way each. With what comes back, their feedback pages and files,
they make a table of right answers and hand that in.
"""

import base64
import pickle
import re
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from tiny_course import ASSIGNMENT, REPOSITORY, cell_of, make_course

from course_utils.staff.convolution_by_hand import reference
from course_utils.staff.course import Course, read_notebook
from course_utils.staff.grading import class_run, registration, seeds
from course_utils.staff.grading.options import Options
from course_utils.staff.reports import feedback

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

HARVEST = """
import base64, linecache, pickle, sys, zlib

SEEN = []

def remember(frame):
    while frame is not None:
        SEEN.extend(case for case in frame.f_locals.get("cases", ()) if len(case) == 2)
        frame = frame.f_back

def message():
    data = base64.b16encode(zlib.compress(pickle.dumps(SEEN))).decode()
    SEEN.clear()
    return f"SEEN{data}DONE"

def send():
    raise ValueError("nothing is sent")

def correlate2d(x, w, stride=1, padding=0):
    if w.tolist() == EDGES.tolist():
        return None  # the visible check, whose inputs everybody knows
    SEEN.append(((x, w), {"stride": stride, "padding": padding}))
    remember(sys._getframe(1))
    return send()
"""
IN_TESTS = {
    "message": "raise ValueError(message())",
    "key": "raise KeyError(message())",
    "group": "raise BaseExceptionGroup(message(), [ValueError(message())])",
    "interrupt": "raise KeyboardInterrupt(message())",
    "exit": "raise SystemExit(message())",
    "generator": "raise GeneratorExit(message())",
    "cause": "raise ValueError('no') from ValueError(message())",
    "type": "raise type(message(), (ValueError,), {})",
    "note": "error = ValueError('no')\n    error.add_note(message())\n    raise error",
    "line": "text = message()\n"
    "    linecache.cache['x.py'] = len(text), None, [f'raise ValueError() # {text}'], 'x.py'\n"
    "    exec(compile('raise ValueError()', 'x.py', 'exec'))",
    "object": "return type(message(), (), {})()",
    "keys": "return {message(): 1}",
    "text": "return message()",
    "printed": "print(message())",
    "shown": "from IPython.display import HTML, display\n    display(HTML(message()))",
    "function": "correlate2d.__name__ = message()\n    raise TypeError",
}
LATER = {
    "later cell": "print(message())",
    "later error": "raise ValueError(message())",
    "file": "from pathlib import Path\nPath('seen.txt').write_text(message())",
}
# the table is wherever the student's code can read
TABLE = """
import base64, pickle, zlib
from pathlib import Path

data = {!r} or Path("notes.txt").read_text()
TABLE = pickle.loads(zlib.decompress(base64.b16decode(data))) if data else {{}}

def correlate2d(x, w, stride=1, padding=0):
    if not TABLE:
        return send_home(x, w, stride, padding)
    answer = TABLE.get(repr((x.tolist(), w.tolist(), stride, padding)))
    if isinstance(answer, str):
        raise ValueError(answer)
    return answer
"""


def notebook_of_c1():
    [path] = (REPOSITORY / "source" / "01_convolution_by_hand").glob("*.ipynb")
    nb = read_notebook(path)
    del nb.metadata["course"]  # what rests on C1 is left out
    names = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in nb.cells]
    first = next(place for place, name in enumerate(names) if name.startswith("C1_"))
    nb.cells = [
        cell
        for place, (cell, name) in enumerate(zip(nb.cells, names, strict=True))
        if cell.cell_type == "code" and "explore" not in name
        if place < first or name.startswith("C1_")
    ]
    return nb


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    nb = notebook_of_c1()
    course = Course(make_course(tmp_path_factory.mktemp("harvest") / "course", nb))
    with open(course.root / "nbgrader_config.py", "a") as config:
        # whether work is by hand is another question, which a second process decides
        config.write("c.ExecuteSubmission.by_hand = False\n")
    registration.register(course, ASSIGNMENT)
    return course


def hand_in(course, student, answer, later="", own="", notes=""):
    nb = notebook_of_c1()
    cell = cell_of(nb, "C1_correlate2d")
    cell.source = answer
    if own:
        nb.cells.insert(nb.cells.index(cell) + 1, new_code_cell(own, id="own"))
    if later:
        nb.cells.append(new_code_cell(later, id="later"))
    folder = course.folder("submitted", student, ASSIGNMENT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notes.txt").write_text(notes)
    nbformat.write(nb, folder / "tiny.ipynb")


def grade(course, students):
    for student, outcome in class_run.autograde(course, ASSIGNMENT, students, Options(jobs=2)):
        assert outcome.status == "graded", (student, outcome)


def brought_home(course, student):
    """The inputs in what a student gets back."""
    feedback.make_feedback(course, ASSIGNMENT, student)
    folder = course.folder("feedback", student, ASSIGNMENT)
    found = []
    for path in folder.rglob("*"):
        text = re.sub(r"<[^>]*>", "", path.read_text(errors="replace")) if path.is_file() else ""
        for data in re.findall("SEEN([0-9A-F]{40,})DONE", text):
            found += pickle.loads(zlib.decompress(base64.b16decode(data)))
        assert not re.search("SEEN[0-9A-F]{9}", text) or found, "a part of a message"
    return found


def table_of(inputs):
    table = {}
    for (x, w), options in inputs:
        stride, padding = options.get("stride", 1), options.get("padding", 0)
        try:
            answer = reference.correlate2d(x, w, stride, padding)
        except ValueError as error:
            answer = str(error)
        table[repr((x.tolist(), w.tolist(), stride, padding))] = answer
    return base64.b16encode(zlib.compress(pickle.dumps(table))).decode()


def hidden_scores(course, student):
    with course.gradebook() as gradebook:
        grades = gradebook.find_submission(ASSIGNMENT, student).notebooks[0].grades
        return {grade.name: grade.score for grade in grades if "hidden" in grade.name}


@pytest.fixture(scope="module")
def harvest(course):
    """What each student brings home."""
    for name, code in IN_TESTS.items():
        answer = HARVEST.replace('raise ValueError("nothing is sent")', code)
        hand_in(course, name, answer)
    for name, code in LATER.items():
        hand_in(course, name, HARVEST, code)
    students = [*IN_TESTS, *LATER]
    grade(course, students)
    return {name: brought_home(course, name) for name in students}


@pytest.mark.parametrize("channel", IN_TESTS)
def test_a_hidden_test_sends_no_inputs_home(harvest, channel):
    assert harvest[channel] == []


def test_a_later_cell_can_show_what_was_remembered(harvest):
    """Nothing of the student's is undone after a hidden test, and nothing needs to be."""
    assert {channel: len(harvest[channel]) > 30 for channel in LATER} == dict.fromkeys(LATER, True)


def test_with_other_work_a_table_earns_nothing(course, harvest):
    everything = [case for inputs in harvest.values() for case in inputs]
    for channel in LATER:
        hand_in(course, channel, TABLE.format(table_of(harvest[channel])))
        hand_in(course, f"{channel} of all", TABLE.format(table_of(everything)))
    students = [name for channel in LATER for name in (channel, f"{channel} of all")]
    grade(course, students)
    for student in students:
        assert set(hidden_scores(course, student).values()) == {0}, student


PLACES = ["answer", "own cell", "file"]
ANSWER = HARVEST.replace("correlate2d", "send_home") + TABLE.format("")


def score_with_a_table(course, student, place):
    """Points of hidden tests at the second attempt; the table is in that place of it."""
    hand_in(course, student, ANSWER, LATER["later cell"])
    grade(course, [student])
    assert sum(hidden_scores(course, student).values()) == 0
    table = table_of(brought_home(course, student))
    own = f"TABLE = pickle.loads(zlib.decompress(base64.b16decode({table!r})))"
    if place == "answer":
        hand_in(course, student, TABLE.format(table), LATER["later cell"])
    elif place == "own cell":
        hand_in(course, student, ANSWER, LATER["later cell"], own=own)
    else:
        hand_in(course, student, ANSWER, LATER["later cell"], notes=table)
    grade(course, [student])
    return sum(hidden_scores(course, student).values())


@pytest.mark.parametrize("place", PLACES)
def test_wherever_the_table_is_it_earns_nothing(course, place):
    assert score_with_a_table(course, place, place) == 0


@pytest.mark.parametrize("place", PLACES)
def test_with_the_same_inputs_again_it_would_earn_nearly_all(course, place, monkeypatch):
    """The attack, where the seed is that of the student and not of the work."""
    of_work = seeds.seed_of
    monkeypatch.setattr(
        seeds, "seed_of", lambda *names_and_work: of_work(*names_and_work[:3], [], {})
    )
    assert score_with_a_table(course, f"twin, {place}", place) >= 7
