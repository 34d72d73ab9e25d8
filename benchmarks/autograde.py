"""How much sooner a class is graded than by nbgrader's own command, from one run on one machine.

    python benchmarks/autograde.py                     # honest submissions, then the sample class
    python benchmarks/autograde.py --submissions 8     # a smaller class, for a quick look
    python benchmarks/autograde.py --growth            # cost and memory from 40 to 400, ours only
    python benchmarks/autograde.py --second-try        # what follow-through credit costs, ours only

The same submissions of the convolution notebook are graded by ``nbgrader autograde`` with its
default steps, and by ``course autograde`` with sandbox and checker on, each as its own command in
a scratch course. Times are wall clock and CPU of the command with all its child processes. "The
limit" is the CPU that the cells of one submission take in an interpreter that is warm already, in
one process and without any grading.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[1]
ASSIGNMENT = "01_convolution_by_hand"
NOTEBOOK = "convolution_by_hand.ipynb"
SAMPLE = REPOSITORY / "sample_class" / ASSIGNMENT
TIMEOUT = 8  # seconds for a cell, on both sides
console = Console(width=100, highlight=False)


def main(
    submissions: Annotated[int, typer.Option(min=1, help="Honest submissions to grade.")] = 40,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at a time, on our side.")] = 2,
    sample_class: Annotated[bool, typer.Option(help="Also grade the whole sample class.")] = True,
    growth: Annotated[bool, typer.Option(help="Only: 40 against 400 submissions, ours.")] = False,
    second_try: Annotated[bool, typer.Option(help="Only: without and with a second try.")] = False,
):
    """Print the ratio of nbgrader's time to ours, and where ours goes."""
    honest = sorted(SAMPLE.glob("correct-*.py"))
    everyone = sorted(SAMPLE.glob("*.py"))
    with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
        scratch = Path(scratch)
        if growth:
            _show_growth(scratch, honest, jobs)
            return
        if second_try:
            _show_second_try(scratch / "second-try", everyone, jobs)
            return
        _compare(scratch / "honest", "honest submissions", honest, submissions, jobs)
        if sample_class:
            _compare(scratch / "everyone", "the sample class", everyone, len(everyone), jobs)
            _show_second_try(scratch / "second-try", everyone, jobs)


def _compare(folder, title, answer_files, count, jobs):
    from course_utils.staff.course import Course
    from course_utils.staff.grading import registration

    ours = _make_course(folder / "ours", answer_files, count)
    theirs = shutil.copytree(ours, folder / "theirs")
    # both gradebooks know the assignment before the clock starts
    _run(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"], ours)
    registration.register(Course(ours), ASSIGNMENT)
    again = shutil.copytree(ours, folder / "again")
    (theirs / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(theirs)!r}\n"
        f"c.Execute.timeout = {TIMEOUT}\n",
        encoding="utf-8",
    )
    _run(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"], theirs)
    # ours before and after theirs, because a machine's speed drifts
    before = _run_ours(ours, jobs) | {"limit": _limit(ours)}
    stock = _run(["nbgrader", "autograde", ASSIGNMENT], theirs, accepts=(0, 1))  # 1: gave some up
    after = _run_ours(again, jobs) | {"limit": _limit(again)}
    mine = {name: (value + after[name]) / 2 for name, value in before.items()}

    table = Table(title=f"{count} {title} of {ASSIGNMENT}")
    for heading in ("", "nbgrader autograde", f"course autograde --jobs {jobs}", "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for what, name in (("wall clock, s", "wall"), ("CPU, s", "cpu")):
        pair = getattr(stock, name), mine[name]
        table.add_row(what, *(f"{seconds:.1f}" for seconds in pair), f"{pair[0] / pair[1]:.1f}")
    console.print(table)
    prepare, run, record = (mine[name] / count for name in ("prepare", "run", "record"))
    each, limit = prepare + run + record, mine["limit"]
    console.print(
        f"ours: the mean of {before['wall']:.1f} s before nbgrader "
        f"and {after['wall']:.1f} s after\n"
        f"CPU of one submission: prepare {prepare:.3f} s, run {run:.3f} s, record {record:.3f} s; "
        f"together {each:.3f} s\n"
        f"the rest, once: {mine['cpu'] - count * each:.1f} s of CPU\n"
        f"the limit, its cells alone in a warm interpreter: {limit:.3f} s; "
        f"so {each - limit:.3f} s are ours, {run - limit:.3f} s of them in the run room\n",
        soft_wrap=True,
    )


def _show_growth(scratch, answer_files, jobs):
    rows = []
    for count in (40, 400):
        course = _make_course(scratch / str(count), answer_files, count)
        used = _run_ours(course, jobs)
        cpu = used["prepare"] + used["run"] + used["record"]
        rows.append((count, used["wall"] / count, cpu / count, used["memory"]))
    table = Table(title="the cost of one submission, from a small class to a large one")
    for heading in ("submissions", "wall clock, s", "CPU, s", "largest process, MiB"):
        table.add_column(heading, justify="right")
    for count, wall, cpu, memory in rows:
        table.add_row(str(count), f"{wall:.3f}", f"{cpu:.3f}", f"{memory:.0f}")
    console.print(table)


def _show_second_try(folder, answer_files, jobs):
    first = _make_course(folder / "off", answer_files, len(answer_files))
    courses = {"off, before": first}
    for name in ("on", "off, after"):
        courses[name] = shutil.copytree(first, folder / name)
    used = {}
    for name, course in courses.items():
        with (course / "course.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"\n[grading]\nfollow_through = {int(name == 'on')}\n")
        used[name] = _run_ours(course, jobs)
    for what, key in (("wall clock", "wall"), ("CPU", "cpu")):
        off = (used["off, before"][key] + used["off, after"][key]) / 2
        console.print(
            f"follow-through credit, the sample class, {what}: {used['on'][key]:.1f} s with, "
            f"{off:.1f} s without, ratio {used['on'][key] / off:.2f}"
        )


def _make_course(root, answer_files, count):
    """Make a course with ``count`` submissions, answer files in turn; return its folder."""
    from course_utils.staff.authoring import submissions
    from course_utils.staff.course import Course

    for step in ("source", "release"):
        shutil.copytree(REPOSITORY / step / ASSIGNMENT, root / step / ASSIGNMENT)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "gradebook.secret").write_text("7" * 64)  # the same inputs in every run
    (root / "course.toml").write_text(
        f"[assignments.{ASSIGNMENT}]\ndue = 2030-01-01T00:00:00\n", encoding="utf-8"
    )
    answers = root / "answers"
    shutil.copytree(SAMPLE, answers)
    course = Course(root)
    for number in track(range(count), "making submissions", console=console, transient=True):
        like = answer_files[number % len(answer_files)]
        submissions.fill(course, ASSIGNMENT, answers / like.name)
        made = root / "submitted" / like.stem
        made.rename(made.with_name(f"s{number:03}-{like.stem}"))
    return root


class _Used(NamedTuple):
    """What a command and all its processes took: seconds, and MiB of the largest."""

    wall: float
    cpu: float
    memory: float


def _run_ours(course, jobs):
    """Run ``course autograde``; return what it used by name, its parts' CPU seconds included."""
    used = _run([sys.executable, __file__, "measured", str(jobs)], course)
    parts = json.loads((course / "parts.json").read_text(encoding="utf-8"))
    return used._asdict() | parts


def _run(command, folder, accepts=(0,)):
    """Run a command; return what it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - began
    if done.returncode not in accepts:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Used(wall, cpu, after.ru_maxrss / 1024)


def measured(jobs):
    """Run ``course autograde`` in this process and note how much CPU its parts take."""
    import psutil

    from course_utils.staff.commands import app
    from course_utils.staff.grading.class_run import _ClassRun
    from course_utils.staff.grading.run import run_room

    sys.argv = ["course", "autograde", "--jobs", jobs, "--timeout", str(TIMEOUT)]
    parts = {"prepare": 0.0, "record": 0.0, "run": 0.0}
    pairs = []  # of preload processes that were used

    class MeasuredPair(run_room._PreloadPair):
        def _wait_until_ready(self):
            is_first = self.level is None
            super()._wait_until_ready()
            if is_first:
                pairs.append(self)
                parts["run"] -= _cpu_of_children(psutil.Process())

        def close(self):
            if self in pairs:
                parts["run"] += _cpu_of_children(psutil.Process())
            super().close()

    run_room._PreloadPair = MeasuredPair

    def timed(part, name):
        act = getattr(_ClassRun, name)

        def wrapper(*args, **kwargs):
            began = time.thread_time()
            try:
                return act(*args, **kwargs)
            finally:
                parts[part] += time.thread_time() - began

        setattr(_ClassRun, name, wrapper)

    timed("prepare", "_start")
    timed("record", "_record")
    try:
        app.main()
    finally:
        run_room.close()
        if len(pairs) != 2:  # the second is for work by hand
            sys.exit(f"{len(pairs)} pairs of preload processes were measured; expected 2")
        Path("parts.json").write_text(json.dumps(parts), encoding="utf-8")


def _cpu_of_children(process):
    """CPU seconds of a process's children and theirs, alive or dead."""
    # the dead are in their parents' sums
    return sum(sum(child.cpu_times()[:4]) for child in process.children(recursive=True))


def _limit(course, notebooks=5):
    """CPU seconds of one submission's cells in a warm interpreter, the mean of a few."""
    paths = sorted((course / "autograded").glob(f"*/{ASSIGNMENT}/{NOTEBOOK}"))[:notebooks]
    seconds = [
        float(
            subprocess.run(
                [sys.executable, __file__, "warm", str(path)],
                check=True,
                capture_output=True,
                text=True,
                env=os.environ | {"NBGRADER_EXECUTION": "autograde", "OMP_NUM_THREADS": "1"},
            ).stdout.splitlines()[-1]
        )
        for path in paths
    ]
    return sum(seconds) / len(seconds)


def warm(path):
    """Run a notebook's cells twice in this process; print the CPU seconds of the second time."""
    import nbformat

    from course_utils.sandbox.shell import make_shell

    shell = make_shell()
    for _ in range(2):
        began = time.process_time()
        for count, cell in enumerate(nbformat.read(path, as_version=4).cells, 1):
            if cell.cell_type == "code":
                shell.run(cell.source, count)
        used = time.process_time() - began
    print(used)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measured"]:
        measured(sys.argv[2])
    elif sys.argv[1:2] == ["warm"]:
        warm(sys.argv[2])
    else:
        typer.run(main)
