"""What the tutorials have to cover (``source/curriculum.toml``), and what their notebooks hold."""

import re
import tomllib
from dataclasses import dataclass

import nbformat

from course_utils.staff.authoring import times
from course_utils.staff.authoring.answer_file import read_answer_file
from course_utils.staff.authoring.source_notebook import SourceNotebook
from course_utils.staff.course import CourseError
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.names import show_name

FILE_NAME = "curriculum.toml"
KINDS = ("auto", "manual", "explore")
_ROW = re.compile(r"[A-Z]\d+")


@dataclass(frozen=True)
class Row:
    """How one row of the curriculum is covered by its notebook.

    ``visible`` and ``hidden`` count test cells, ``mistakes`` the known mistakes of the functions
    that the hidden ones compare, ``styles`` the complete correct students of the sample class,
    ``answers`` written answers, ``explorations`` ungraded cells.
    """

    name: str
    kind: str
    visible: int
    hidden: int
    mistakes: int
    styles: int
    answers: int
    explorations: int

    @property
    def missing(self):
        """What the row lacks, as a phrase; empty where it is covered."""
        wanted = {
            "auto": {"a visible check": self.visible, "a hidden check": self.hidden},
            "manual": {"a written answer with points": self.answers},
            "explore": {"something to explore": self.explorations},
        }[self.kind]
        return " and ".join(what for what, count in wanted.items() if not count)


@dataclass(frozen=True)
class Tutorial:
    """A line of the course map.

    ``title`` and ``question`` come from the notebook's heading, ``minutes`` from its own estimate,
    points from its cells, ``needs`` (assignments to do first) from the curriculum. Of several
    notebooks the first heading counts, and all minutes and points.
    """

    assignment: str
    title: str
    question: str
    minutes: int
    auto_points: float
    manual_points: float
    needs: list


def read_curriculum(course):
    """Return ``{assignment: {"needs": […], "auto": […], "manual": […], "explore": […]}}``.

    Raises
    ------
    CourseError
        The file is missing or not TOML, or an entry has another form.
    """
    path = course.folder("source") / FILE_NAME
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None
    for assignment, entry in content.items():
        if set(entry) != {"needs", *KINDS}:
            raise CourseError(
                f"{path}: [{assignment}] has {', '.join(entry)}; expected needs, {', '.join(KINDS)}"
            )
        for kind in KINDS:
            for row in entry[kind]:
                if not _ROW.fullmatch(row):
                    raise CourseError(f"{path}: [{assignment}] {kind}: {row!r} is no row like C1")
    return content


def coverage(course, assignment):
    """Return the ``Row``\\ s of one tutorial, in the order of their numbers."""
    entry = read_curriculum(course).get(assignment)
    if entry is None:
        raise CourseError(f"{assignment} is not in source/{FILE_NAME}")
    path = only_notebook(course, assignment)
    notebook = SourceNotebook(path)
    cells = nbformat.read(path, as_version=4).cells
    folder = course.folder("sample_class", assignment=assignment)
    styles = [read_answer_file(file).answers for file in sorted(folder.glob("correct-*.py"))]
    rows = [_row(name, kind, notebook, cells, styles) for kind in KINDS for name in entry[kind]]
    return sorted(rows, key=lambda row: int(row.name[1:]))


def only_notebook(course, assignment):
    """Return the path of an assignment's notebook, of which there is to be one."""
    paths = course.notebooks(assignment)
    if len(paths) != 1:
        names = ", ".join(show_name(path.name) for path in paths)
        raise CourseError(
            f"{show_name(assignment)} holds {names}; the curriculum knows assignments of one "
            "notebook only"
        )
    return paths[0]


def _row(name, kind, notebook, cells, styles):
    def belongs(grade_id):
        return re.match(rf"{name}(?!\d)", grade_id) is not None

    tests = {
        role: [cell for cell in notebook.tests(role) if belongs(cell.grade_id)]
        for role in ("visible", "hidden")
    }
    used = set().union(*(cell.names_used for cell in tests["hidden"]))
    of_row = [cell for cell in cells if belongs(_grader(cell).get("grade_id", ""))]
    return Row(
        name,
        kind,
        len(tests["visible"]),
        len(tests["hidden"]),
        sum(len(bank) for function, bank in banks(notebook.mistakes).items() if function in used),
        sum(any(belongs(grade_id) for grade_id in answers) for answers in styles),
        sum(cell.cell_type == "markdown" and bool(_grader(cell).get("points")) for cell in of_row),
        sum("explore" in cell.metadata.get("tags", []) for cell in of_row),
    )


def course_map(course):
    """Return the ``Tutorial``\\ s of the course, in order.

    Raises
    ------
    CourseError
        A notebook has no heading "# Title: question?" or no "**Time**: about N minutes.".
    """
    curriculum = read_curriculum(course)
    tutorials = []
    for assignment in course.assignments():
        paths = course.notebooks(assignment)
        cells = [cell for path in paths for cell in nbformat.read(path, as_version=4).cells]
        texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
        heading = re.search(r"^# (.+?): (.+)$", "\n".join(texts), re.M)
        minutes = [found for found in map(times.printed, texts) if found]
        if not heading or not minutes:
            what = "'**Time**: about 90 minutes.'" if heading else "heading '# Title: why?'"
            raise CourseError(f"{' and '.join(map(str, paths))}: no {what}")
        graded = [(cell, _grader(cell).get("points", 0)) for cell in cells]
        manual = sum(points for cell, points in graded if cell.cell_type == "markdown")
        tutorials.append(
            Tutorial(
                assignment,
                heading[1],
                heading[2][0].upper() + heading[2][1:],
                sum(minutes),
                sum(points for _, points in graded) - manual,
                manual,
                curriculum.get(assignment, {}).get("needs", []),
            )
        )
    return tutorials


def map_as_markdown(tutorials):
    """Return the course map as a Markdown table."""
    number = {tutorial.assignment: tutorial.assignment.partition("_")[0] for tutorial in tutorials}
    lines = [
        "| | tutorial | its question | minutes | points by tests | points by hand | after |",
        "|---|---|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {number[t.assignment]} | {t.title} | {t.question} | {t.minutes} | {t.auto_points:g} "
        f"| {t.manual_points:g} | {', '.join(number[n] for n in t.needs if n in number) or '–'} |"
        for t in tutorials
    ]
    total = f"| | all | | {sum(t.minutes for t in tutorials)} "
    total += f"| {sum(t.auto_points for t in tutorials):g} "
    total += f"| {sum(t.manual_points for t in tutorials):g} | |"
    return "\n".join([*lines, total]) + "\n"


def put_map(text, tutorials):
    """Return ``text`` with the course map between its two marker comments.

    Raises
    ------
    CourseError
        ``text`` lacks the markers.
    """
    begin, end = "<!-- course map: written by `make map` -->\n", "<!-- end of the course map -->"
    head, found, rest = text.partition(begin)
    _, also_found, tail = rest.partition(end)
    if not found or not also_found:
        raise CourseError(f"README.md lacks the lines {begin.strip()!r} and {end!r}")
    return f"{head}{begin}\n{map_as_markdown(tutorials)}\n{end}{tail}"


def _grader(cell):
    return cell.metadata.get("nbgrader", {})
