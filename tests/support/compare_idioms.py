"""Grade a right and a wrong answer to every idiom with nbgrader as it is and with our engine."""

from pathlib import Path

import nbformat
from idioms import IDIOMS
from tiny_course import ASSIGNMENT, make_course, nbgrader_cell
from two_graders import grade_twice

from course_utils.staff.authoring import release
from course_utils.staff.course import Course
from course_utils.staff.grading import registration, source_check
from course_utils.staff.grading.rules import EVERY_RULE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "idioms.md"
SAME, UNDECIDABLE, DIFFERENT = "same", "undecidable", "different"
RIGHT, WRONG = "right", "wrong"

HEAD = """# Test idioms

Ways in which notebooks test an answer. Each was graded with a right and with a wrong answer, by
nbgrader as it is and by this engine. *Same*: both give the same points for both answers.
*Undecidable*: the engine cannot tell from plain data; `course check` names such a cell with the
rule that says why, and it waits for a person ([engine.md](engine.md#what-cannot-be-decided)).
*Different*: anything else.

`python tests/idioms` writes this page, and a test compares it with what comes out.
"""

INSTEAD = """## What to write instead

| A test that … | instead |
|---|---|"""


def notebook():
    """Return the source notebook: for every idiom what is given, the answer, and its test."""
    cells = []
    for number, idiom in enumerate(every_idiom()):
        if idiom.given:
            cells.append(nbgrader_cell("locked", f"given{number}", idiom.given))
        answer = f"### BEGIN SOLUTION\n{idiom.right}\n### END SOLUTION"
        cells.append(nbgrader_cell("solution", f"answer{number}", answer))
        cells.append(nbgrader_cell("test", f"test{number}", idiom.test, 1))
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernelspec, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def every_idiom():
    """All idioms, in order."""
    return [idiom for group in IDIOMS.values() for idiom in group]


def graded(folder):
    """Grade the right and the wrong answers; return what came out by the idiom's name.

    Parameters
    ----------
    folder : pathlib.Path
        Empty; the course is made in it.

    Returns
    -------
    dict
        Of ``Outcome``.
    """
    source = notebook()
    course = Course(make_course(folder / "course", source))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    for student in (RIGHT, WRONG):
        _hand_in(course, student)
    stock, ours = grade_twice(course, ASSIGNMENT)
    rules = {finding.cell: finding.rule for finding in source_check.find(course, ASSIGNMENT)}
    return {
        idiom.name: Outcome(
            {s: stock.scores(s)[f"test{number}"] for s in (RIGHT, WRONG)},
            {s: ours.scores(s)[f"test{number}"] for s in (RIGHT, WRONG)},
            ours.waiting(RIGHT)[f"test{number}"] and ours.waiting(WRONG)[f"test{number}"],
            rules.get(f"test{number}", ""),
        )
        for number, idiom in enumerate(every_idiom())
    }


class Outcome:
    """Points for the right and the wrong answer, by nbgrader as it is and by our engine.

    ``rule`` is the one that an undecidable test breaks.
    """

    def __init__(self, stock, ours, waits, rule):
        self.stock, self.ours, self.rule = stock, ours, rule
        self.word = UNDECIDABLE if waits else SAME if stock == ours else DIFFERENT

    def told(self):
        """As a cell of the table: the word, and why, or else who gives how many points."""
        if self.word == UNDECIDABLE:
            return f"{self.word}: {self.rule}"
        if self.word == DIFFERENT:
            return f"{self.word}: {_points(self.ours)}, by nbgrader {_points(self.stock)}"
        return self.word


def _points(of):
    return " and ".join(f"{of[answer]} for the {answer} answer" for answer in (RIGHT, WRONG))


def _hand_in(course, student):
    [path] = (course.root / "release" / ASSIGNMENT).glob("*.ipynb")
    nb = nbformat.read(path, as_version=4)
    answers = {f"answer{n}": getattr(idiom, student) for n, idiom in enumerate(every_idiom())}
    for cell in nb.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    folder = course.root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / path.name)


def page(outcomes):
    """Return the text of ``docs/idioms.md``.

    Parameters
    ----------
    outcomes : dict
        As ``graded`` returns it.
    """
    words = [outcome.word for outcome in outcomes.values()]
    counts = ", ".join(f"{words.count(word)} {word}" for word in (SAME, UNDECIDABLE, DIFFERENT))
    lines = [HEAD, f"{len(words)} idioms: {counts}.\n", INSTEAD]
    lines += [f"| {rule.name} | {rule.instead} |" for rule in EVERY_RULE]
    lines.append("")
    for title, idioms in IDIOMS.items():
        lines += [f"## {title}\n", "| Idiom | Test | |", "|---|---|---|"]
        for idiom in idioms:
            lines.append(f"| {idiom.name} | {_code(idiom)} | {outcomes[idiom.name].told()} |")
        lines.append("")
    return "\n".join(lines)


def _code(idiom):
    """The test, as a cell of the table: a line below another."""
    lines = [line.replace("|", "\\|") for line in idiom.test.splitlines() if line]
    return "<br>".join(f"`{line}`" for line in lines)
