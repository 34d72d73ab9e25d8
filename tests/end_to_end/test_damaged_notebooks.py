"""Whatever happens to a notebook's cells on their way, no mark is lower without a word.

Work of the sample class, right and partly right, is damaged at random, as students, editors and
other formats do it: cells are split, merged, moved, copied, stripped of metadata, retyped, renamed,
deleted, and answers are written into other cells. Then it is graded. The seeds are fixed, so that a
failure comes again; `draw` names what was done.
"""

import copy
import random
import shutil
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader import utils
from tiny_course import REPOSITORY, write_config, write_secret

from course_utils.staff.authoring import submissions
from course_utils.staff.course import Course, read_notebook
from course_utils.staff.grading import class_run, registration
from course_utils.staff.grading.options import Options
from course_utils.staff.grading.outcomes import GRADED

pytestmark = [pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"), pytest.mark.slow]

# whose work is damaged
WORK = {
    "06_leaky_relu": ("correct-loops", "no-leak-in-the-gradient"),
    "07_confusion_metrics": ("correct-functional", "matrix-transposed"),
}


def name_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_answer(cell):
    return utils.is_solution(cell)


# --- one kind of damage each: changes the cells, returns what it did


def split(cells, random, given):
    place = random.randrange(len(cells))
    lines = cells[place].source.split("\n")
    cut = random.randint(0, len(lines))
    second = copy.deepcopy(cells[place])  # JupyterLab copies the metadata
    second["id"] = f"split-{random.randrange(10**9)}"
    cells[place].source, second.source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
    cells.insert(place + 1, second)
    return name_of(second)


def merge(cells, random, given):
    place = random.randrange(len(cells) - 1)
    second = cells.pop(place + 1)
    cells[place].source += f"\n{second.source}"
    return f"{name_of(cells[place])} + {name_of(second)}"


def move(cells, random, given):
    cell = cells.pop(random.randrange(len(cells)))
    cells.insert(random.randrange(len(cells) + 1), cell)
    return name_of(cell)


def copied(cells, random, given):
    place = random.randrange(len(cells))
    other = copy.deepcopy(cells[place])
    other["id"] = f"copy-{random.randrange(10**9)}"
    if random.random() < 0.5:
        other.source = given.get(name_of(other), other.source)
    cells.insert(place + random.randint(0, 1), other)
    return name_of(other)


def strip(cells, random, given):
    first, last = sorted(random.choices(range(len(cells) + 1), k=2))
    lose_ids = random.random() < 0.5
    for cell in cells[first:last]:
        cell["metadata"] = nbformat.NotebookNode()
        if lose_ids:
            cell["id"] = f"new-{random.randrange(10**9)}"
    return f"{first} to {last}{', ids too' if lose_ids else ''}"


def strip_one(cells, random, given):
    cell = random.choice(cells)
    name = name_of(cell)
    cell["metadata"] = nbformat.NotebookNode()
    cell["id"] = f"new-{random.randrange(10**9)}"
    return name


def retype(cells, random, given):
    place = random.randrange(len(cells))
    make = random.choice([new_code_cell, new_markdown_cell, new_raw_cell])
    old = cells[place]
    cells[place] = make(old.source, id=old["id"], metadata=old.metadata)
    return f"{name_of(old)} to {cells[place].cell_type}"


def rename(cells, random, given):
    cell = random.choice([cell for cell in cells if name_of(cell)] or cells)
    name = name_of(cell)
    cell.metadata.setdefault("nbgrader", {})["grade_id"] = f"mine-{random.randrange(10**9)}"
    return name


def set_flags(cells, random, given):
    cell = random.choice([cell for cell in cells if name_of(cell)] or cells)
    key, value = random.choice(
        [("points", 100), ("grade", True), ("solution", True), ("locked", False), ("task", True)]
    )
    cell.metadata.setdefault("nbgrader", {})[key] = value
    return f"{key} of {name_of(cell)}"


def delete(cells, random, given):
    return name_of(cells.pop(random.randrange(len(cells))))


def write_elsewhere(cells, random, given):
    """Leave an answer as it was given, and write it into a new cell, or into another one."""
    answers = [cell for cell in cells if is_answer(cell) and name_of(cell) in given]
    if not answers:
        return None
    answer = random.choice(answers)
    text, answer.source = answer.source, given[name_of(answer)]
    place = cells.index(answer)
    where = random.choice(["above", "below", "anywhere", "cell above", "cell below"])
    if where.startswith("cell"):
        neighbour = cells[max(0, place - 1) if where == "cell above" else (place + 1) % len(cells)]
        neighbour.source += f"\n\n{text}"
    else:
        make = new_code_cell if answer.cell_type == "code" else new_markdown_cell
        at = {"above": place, "below": place + 1, "anywhere": random.randrange(len(cells))}[where]
        cells.insert(at, make(text))
    return f"{name_of(answer)}, {where}"


def round_trip(cells, random, given):
    """As through a text format: no metadata, no ids, texts behind one another are one cell."""
    whole = cells[:]
    cells.clear()
    for cell in whole:
        if cells and cell.cell_type == cells[-1].cell_type == "markdown":
            cells[-1].source += f"\n\n{cell.source}"
        else:
            cells.append(cell)
    for number, cell in enumerate(cells):
        cell["metadata"], cell["id"] = nbformat.NotebookNode(), f"made-{number}"


DAMAGE = [
    split,
    merge,
    move,
    copied,
    strip,
    strip_one,
    retype,
    rename,
    set_flags,
    delete,
    write_elsewhere,
    round_trip,
]

TOML = """timezone = "UTC"
[late]
grace_minutes = 15
penalty_per_day = 0.1
max_penalty = 0.5
"""


@pytest.fixture(scope="module")
def graded(request, tmp_path_factory):
    """Grade every piece of work as it is, and damaged; everybody is called after what happened."""
    root = tmp_path_factory.mktemp("damaged") / "course"
    for assignment in WORK:
        for step in ("source", "release", "sample_class"):
            shutil.copytree(REPOSITORY / step / assignment, root / step / assignment)
    write_config(root)
    write_secret(root)
    tables = "".join(f"[assignments.{name}]\ndue = 2027-03-05T12:00:00\n" for name in WORK)
    (root / "course.toml").write_text(TOML + tables)
    course, done = Course(root), {}
    for assignment, names in WORK.items():
        whole = {name: hand_in(course, assignment, name) for name in names}
        [path] = course.folder("release", assignment=assignment).glob("*.ipynb")
        given = {name_of(cell): cell.source for cell in read_notebook(path).cells if name_of(cell)}
        damaged = {}
        for number, name in drawn_work(request.config, assignment):
            student = f"{name}-{number}"
            folder = course.folder("submitted", student, assignment)
            shutil.copytree(course.folder("submitted", name, assignment), folder)
            nb = read_notebook(folder / path.name)
            damaged[student] = name, draw(nb, random.Random(number), given)
            nbformat.write(nb, folder / path.name)
        registration.register(course, assignment)
        outcomes = dict(
            class_run.grade_assignment(course, assignment, [*whole, *damaged], Options(jobs=2))
        )
        for student, (name, what) in damaged.items():
            done[assignment, student] = SimpleNamespace(
                what=what,
                outcome=outcomes[student],
                before=grades(course, assignment, name),
                after=grades(course, assignment, student),
            )
    return done


def hand_in(course, assignment, name):
    path = course.root / "sample_class" / assignment / f"{name}.py"
    return submissions.fill(course, assignment, path)


def draw(nb, drawn, given):
    """Damage a notebook in one to three ways; return what was done."""
    told = []
    for damage in drawn.sample(DAMAGE, drawn.choice([1, 1, 2, 3])):
        told.append(f"{damage.__name__}: {damage(nb.cells, drawn, given)}")
    return told


def grades(course, assignment, student):
    """Score of each cell; None where it waits for a person."""
    with course.gradebook() as gradebook:
        notebook = gradebook.find_submission(assignment, student).notebooks[0]
        return {
            grade.name: None if grade.needs_manual_grade else grade.score
            for grade in notebook.grades
        }


def pytest_generate_tests(metafunc):
    """One case for each piece of work that is damaged."""
    if "student" in metafunc.fixturenames:
        cases = [
            (assignment, f"{name}-{number}")
            for assignment in WORK
            for number, name in drawn_work(metafunc.config, assignment)
        ]
        metafunc.parametrize(("assignment", "student"), cases)


def drawn_work(config, assignment):
    """Number and name of the work that is damaged, as much of it as ``--inputs`` says."""
    names = WORK[assignment]
    count = config.getoption("--inputs") // 10
    return [(number, names[number % len(names)]) for number in range(count)]


def test_no_mark_is_lower_without_a_word(graded, assignment, student):
    one = graded[assignment, student]
    assert one.outcome.label not in ("nbgrader failed", "grading failed"), (one.outcome, one.what)
    if one.outcome.status != GRADED:
        assert one.outcome.label and one.outcome.student and one.outcome.staff, one.what
        return
    lower = [cell for cell, score in one.before.items() if score and (one.after[cell] or 0) < score]
    assert not lower or one.outcome.label, (lower, one.what)
    for cell, score in one.before.items():
        if score is None:  # what a person is to read stays so
            assert one.after[cell] is None, (cell, one.what)


def test_nearly_all_damage_costs_nothing(graded):
    kept = [
        one
        for one in graded.values()
        if all((one.after.get(cell) or 0) >= (score or 0) for cell, score in one.before.items())
    ]
    assert len(kept) > 0.8 * len(graded), [
        (name, one.what) for name, one in graded.items() if one not in kept
    ]
