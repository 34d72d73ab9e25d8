"""Who gains by follow-through credit, and what the second try costs.

    python benchmarks/follow_through.py                # the sample class of every tutorial
    python benchmarks/follow_through.py 01 07          # of some

The sample class, which holds correct styles, known mistakes and blanks, is graded twice, without
follow-through credit and with all of it. Printed are those who gain. The command fails where
anybody loses a point, or gains one in an exercise whose answer is as it was handed out.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[1]
SHARES = {"without": 0, "with": 1}
TIMEOUT = 8  # seconds for a cell
console = Console(width=100, highlight=False)


def main(
    topics: Annotated[list[str] | None, typer.Argument(help="Beginnings of names.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at a time.")] = 2,
):
    """Grade the sample class without and with follow-through credit, and compare."""
    names = sorted(path.name for path in (REPOSITORY / "sample_class").iterdir() if path.is_dir())
    wrong = []
    with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
        for name in names:
            if not topics or name.startswith(tuple(topics)):
                wrong += _compare(Path(scratch), name, jobs)
    for line in wrong:
        console.print(line)
    raise typer.Exit(bool(wrong))


def _compare(scratch, assignment, jobs):
    scores, seconds = {}, {}
    for title, share in SHARES.items():
        course = _make_course(scratch / f"{assignment}-{title}", assignment, share)
        began = time.perf_counter()
        _autograde(course, assignment, jobs)
        seconds[title] = time.perf_counter() - began
        scores[title] = _scores(course, assignment)
    gains = {}  # student -> exercise -> points
    wrong = []
    for (student, cell), before in scores["without"].items():
        gain = scores["with"][student, cell][0] - before[0]
        if gain:
            exercise = cell.split("_")[0]
            per_exercise = gains.setdefault(student, {})
            per_exercise[exercise] = per_exercise.get(exercise, 0) + gain
        if gain < 0:
            wrong.append(f"{assignment}: {student} loses {-gain:g} points in {cell}")
        if gain and before[1]:
            wrong.append(f"{assignment}: {student} gains in {cell}, and has answered nothing there")
    students = sorted({student for student, _ in scores["without"]})
    table = Table(title=f"{assignment}: {len(gains)} of {len(students)} gain")
    for heading in ("submission", "without", "with", "in"):
        table.add_column(heading, justify="left" if heading in ("submission", "in") else "right")
    for student in sorted(gains):
        totals = [
            sum(points for (who, _), (points, _) in found.items() if who == student)
            for found in scores.values()
        ]
        where = ", ".join(f"{name} {points:g}" for name, points in gains[student].items())
        table.add_row(student, *(f"{total:g}" for total in totals), where)
    console.print(table)
    ratio = seconds["with"] / seconds["without"]
    console.print(
        f"{len(students)} submissions: {seconds['without']:.1f} s without, "
        f"{seconds['with']:.1f} s with, ratio {ratio:.2f}\n"
    )
    return wrong


def _make_course(root, assignment, share):
    from course_utils.staff.authoring import submissions
    from course_utils.staff.course import Course

    for step in ("source", "release"):
        shutil.copytree(REPOSITORY / step / assignment, root / step / assignment)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "gradebook.secret").write_text("7" * 64)  # the same inputs in every run
    (root / "course.toml").write_text(
        f"[grading]\nfollow_through = {share}\n\n"
        f"[assignments.{assignment}]\ndue = 2030-01-01T00:00:00\n",
        encoding="utf-8",
    )
    answers = shutil.copytree(REPOSITORY / "sample_class" / assignment, root / "answers")
    for path in sorted(answers.glob("*.py")):
        submissions.fill(Course(root), assignment, path)
    return root


def _autograde(course, assignment, jobs):
    command = ["course", "autograde", assignment, f"--jobs={jobs}", f"--timeout={TIMEOUT}"]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 1):  # 1: some could not be graded
        sys.exit(f"course autograde ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _scores(root, assignment):
    """{(student, test): (points, whether no answer above it in its exercise is changed)}."""
    from nbgrader import utils

    from course_utils.staff.course import Course, read_notebook
    from course_utils.staff.grading.as_given import is_as_given
    from course_utils.staff.grading.results import graded_notebooks

    found, course = {}, Course(root)
    for student in course.students("autograded", assignment):
        for path in graded_notebooks(course, assignment, student):
            answered = {}
            for cell in read_notebook(path).cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                exercise = name.split("_")[0]
                if utils.is_solution(cell):
                    answered[exercise] = answered.get(exercise, False) or not is_as_given(cell)
                elif utils.is_grade(cell):
                    points, _ = utils.determine_grade(cell)
                    found[student, name] = (points or 0, not answered.get(exercise, False))
    return found


if __name__ == "__main__":
    typer.run(main)
