"""The commands of whoever writes tutorials: release, fill, coverage, map, mutate."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from course_utils.staff.authoring import curriculum, release, submissions
from course_utils.staff.authoring.damage import KINDS
from course_utils.staff.commands.terminal import (
    CourseFolder,
    Topics,
    console,
    errors,
    plain,
    progress_bar,
)
from course_utils.staff.course import Course, CourseError
from course_utils.staff.files import write_atomically
from course_utils.staff.grading.options import usable_cores

FILL_HELP = """
Make submissions from answer files: submitted/STUDENT/ASSIGNMENT/.

STUDENT is the answer file's name. The released notebook is filled in with the answers; cells
without an answer stay as released. An answer file is Python in percent format, its header
optional:

\b
  # ---
  # like: correct-loops       # take from that file the answers missing here
  # submitted: 2 days late    # or "30 minutes early"; default: a day early
  # damage: truncated         # what happened to the notebook afterwards
  # ---
  # %% C1_correlate2d
  def correlate2d(x, w, stride=1, padding=0): ...
  # %% [markdown] C2_answer
  # Horizontal edges.

Kinds of damage; `damage` is one of them or a list:

\b
""" + "\n".join(
    f"  {kind + (' GRADE_ID' if needs_cell else ''):<25} {what}"
    for kind, (needs_cell, what) in KINDS.items()
)


def release_command(
    topics: Topics = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Change nothing; exit with 1 if release/ is not what source/ makes, or leaks.",
        ),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Make the student notebooks in release/ from source/.

    Solutions, hidden tests and mark schemes are taken out. If any of them would still reach
    students (a misspelt marker, a solution pasted elsewhere, an import of the answers, …),
    nothing is written and the cell is named. Run it after every change to source/ and commit
    release/ with it.
    """
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        act = release.check_release if check else release.make_release
        result = act(course, assignment)
        if result.leaks:
            is_good = False
            errors.print(f"[red]{assignment}: not fit for students, because of", soft_wrap=True)
            for leak in result.leaks:
                errors.print(f"  {plain(leak)}", soft_wrap=True)
        elif result.stale and check:
            is_good = False
            errors.print(f"[red]{assignment}: release/ is stale: run `course release`")
            for name in result.stale:
                errors.print(f"  {plain(name)}", soft_wrap=True)
        elif result.stale:
            names = plain(", ".join(result.stale))
            console.print(f"{assignment}: released ({names})", soft_wrap=True)
        else:
            console.print(f"{assignment}: release/ is up to date")
    if not is_good:
        raise typer.Exit(1)


def fill(
    topic: Annotated[str, typer.Argument(help="The assignment, or a part of its name.")],
    answer_files: Annotated[
        list[Path], typer.Argument(help="Answer files, such as sample_class/01_…/blank.py.")
    ],
    course_folder: CourseFolder = None,
):
    """Make submissions from answer files."""
    course = Course.find(course_folder)
    [assignment] = course.select([topic])
    for path in answer_files:
        student = submissions.fill(course, assignment, path)
        console.print(f"submitted/{plain(student)}/{assignment}")


def coverage_command(topics: Topics = None, course_folder: CourseFolder = None):
    """List the curriculum's rows against the cells that cover them.

    Exits with 1 where a row has no visible or no hidden check, no written answer, or nothing to
    explore, as its kind in source/curriculum.toml asks.
    """
    course = Course.find(course_folder)
    is_good = True
    for assignment in course.select(topics):
        table = Table("row", "kind", box=box.SIMPLE, title=assignment)
        for heading in ("visible", "hidden", "mistakes", "styles", "answers", "explore"):
            table.add_column(heading, justify="right")
        table.add_column("missing", style="red")
        for row in curriculum.coverage(course, assignment):
            counts = (row.visible, row.hidden, row.mistakes, row.styles, row.answers)
            shown = [str(count or "") for count in (*counts, row.explorations)]
            table.add_row(row.name, row.kind, *shown, row.missing)
            is_good &= not row.missing
        console.print(table)
    if not is_good:
        raise typer.Exit(1)


def map_command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit with 1 if the map is stale."),
    ] = False,
    course_folder: CourseFolder = None,
):
    """Write the course map into README.md from the notebooks.

    Tutorials, their questions, minutes, points, and what to do first.
    """
    course = Course.find(course_folder)
    path = course.root / "README.md"
    before = path.read_text(encoding="utf-8")
    after = curriculum.put_map(before, curriculum.course_map(course))
    if check and after != before:
        errors.print("[red]the course map in README.md is stale: run `course map`")
        raise typer.Exit(1)
    if after != before:
        write_atomically(path, after)
    console.print("the course map in README.md is up to date")


def mutate(
    topics: Topics = None,
    every: Annotated[
        int,
        typer.Option(
            "--every", min=1, metavar="N", help="Make only every N-th change: always the same ones."
        ),
    ] = 1,
    course_folder: CourseFolder = None,
):
    """Check the hidden tests: change each solution a little and see whether they notice.

    Exits with 1 where they notice fewer than 95 % of the changes that matter, and lists what they
    let pass. Changes that do not matter are explained in tests/mutation/. Several notebooks are
    checked at the same time.
    """
    try:
        from course_utils.staff.authoring import mutation
    except ModuleNotFoundError as error:
        raise CourseError(
            f"{error.name} is missing: `course mutate` needs the extra `dev` of this package"
        ) from None
    course = Course.find(course_folder)
    paths = [path for name in course.select(topics) for path in course.notebooks(name)]
    is_good = True
    with ProcessPoolExecutor(usable_cores()) as pool, progress_bar() as progress:
        running = [
            pool.submit(
                mutation.check_notebook,
                path,
                course.root / "tests" / "mutation" / f"{path.stem}.toml",
                every,
            )
            for path in paths
        ]
        for path, future in zip(
            paths, progress.track(running, description="notebooks"), strict=True
        ):
            result = future.result()
            is_good &= result.good
            _show_mutants(progress.console, path.stem, result)
    if not is_good:
        raise typer.Exit(1)


def _show_mutants(console, name, result):
    total = sum(sum(counts.values()) for counts in result.counts.values())
    console.print(f"{name}: {result.rate:.1%} of the changes that matter noticed, of {total}")
    for mutant in result.survivors:
        text = f"  not noticed: {mutant.cell}: {mutant.before}  ->  {mutant.after}"
        console.print(plain(text), soft_wrap=True)
    for key in result.stale:
        console.print(plain(f"  explained, but noticed or gone: {key}"), soft_wrap=True)
