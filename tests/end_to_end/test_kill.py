"""However a run ends, the next one goes on: nobody is lost, nobody graded twice."""

import functools
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from gradebook_rows import gradebook_rows, times_saved
from tiny_course import ASSIGNMENT, make_course, write_answers

from course_utils.staff.authoring import release, submissions
from course_utils.staff.course import Course
from course_utils.staff.grading import registration
from course_utils.staff.grading.outcomes import read_outcomes
from course_utils.staff.grading.source_check import CACHE

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

RIGHT = """# %% T1_double
import time
time.sleep({seconds})
double = lambda x: 2 * x
# %% [markdown] T2_answer
# Because of {number}.
# %% T3_shape
tiny_shape_of_it = (2, 3, 4)
"""
WRONG = "# %% T3_shape\ntiny_shape_of_it = (0,)\n"
LATE = "# ---\n# submitted: 2 days late\n# ---\n"
BROKEN = "# ---\n# damage: truncated\n# ---\n"
STUDENTS = [f"student-{number:02}" for number in range(32)]


def make_class(folder):
    course = Course(make_course(folder))
    release.make_release(course, ASSIGNMENT)
    registration.register(course, ASSIGNMENT)
    for number, student in enumerate(STUDENTS):
        right = RIGHT.format(seconds=0.05 * (number % 5), number=number)
        text = (right, LATE + right, WRONG, BROKEN + right)[number % 4]
        submissions.fill(course, ASSIGNMENT, write_answers(course.root, student, text))
    return course


def start(course):
    """Start grading, in a session of its own as in a terminal of its own.

    There Ctrl-C interrupts; a shell's background jobs, the tests perhaps among them, ignore it.
    """
    return subprocess.Popen(
        ["course", "autograde", "--jobs", "2"],
        cwd=course.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def finish(course):
    run = start(course)
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    return output


def saved(course):
    return len(read_outcomes(course.gradebook_file).get(ASSIGNMENT, {}))


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def descendants(pid):
    """Return the processes that a process has started, and those that they have."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def checked(course, undisturbed):
    """Compare what there is with what an undisturbed run has made."""
    assert times_saved(course.gradebook_file) == dict.fromkeys(STUDENTS, 1)
    assert gradebook_rows(course.gradebook_file) == gradebook_rows(undisturbed.gradebook_file)
    ours, theirs = (
        {
            student: (outcome.status, outcome.label, outcome.student, outcome.isolation)
            for student, outcome in read_outcomes(place.gradebook_file)[ASSIGNMENT].items()
        }
        for place in (course, undisturbed)
    )
    assert ours == theirs
    for place in (course, undisturbed):
        names = {path.name for path in place.folder("autograded").iterdir()}
        assert names == {".lock", CACHE, *(s for s in STUDENTS if int(s[-2:]) % 4 != 3)}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    course = make_class(tmp_path_factory.mktemp("undisturbed") / "course")
    output = finish(course)
    assert "24 graded, 8 could not be graded" in output
    return course


def has_saved(count):
    return lambda course, run, before: saved(course) >= before + count


def has_begun_one(course, run, before):
    return any((course.root / "autograded" / ".in-progress").glob("submitted/*/*"))


MOMENTS = {
    "at once": lambda course, run, before: True,
    "when it starts processes": lambda course, run, before: descendants(run.pid),
    "when it has begun a submission": has_begun_one,
    "when one is saved": has_saved(1),
    "when two are saved": has_saved(2),
    "when three are saved": has_saved(3),
}
KILLS = [*MOMENTS, *list(MOMENTS)[1:5]]


def kill(course, run, moment):
    """End a run and everything in its process group, the hard way; return how many it saved."""
    before = saved(course)
    wait_until(lambda: MOMENTS[moment](course, run, before) or run.poll() is not None)
    below = descendants(run.pid)
    ended = run.poll()
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    assert ended is None, f"it was done before it could be killed {moment}"
    wait_until(lambda: not any(is_running(pid) for pid in below), 15)
    return saved(course) - before


def test_killed_ten_times_it_ends_as_if_nothing_had_happened(tmp_path, undisturbed):
    course = make_class(tmp_path / "course")
    progress = [kill(course, start(course), moment) for moment in KILLS]
    assert len(progress) == 10 and sum(map(bool, progress)) >= 3
    already = saved(course)
    assert already < len(STUDENTS), "nothing was left for the last run"
    assert f"{already} unchanged" in finish(course)
    checked(course, undisturbed)
    assert finish(course).strip() == f"{ASSIGNMENT}: {len(STUDENTS)} unchanged"


def test_interrupted_it_leaves_a_gradebook_in_order(tmp_path, undisturbed):
    course = make_class(tmp_path / "course")
    run = start(course)
    wait_until(lambda: saved(course) >= 3)
    os.killpg(run.pid, signal.SIGINT)
    output, _ = run.communicate(timeout=20)
    assert run.returncode == 130, output
    assert "what was finished is kept" in output
    done = saved(course)
    assert 3 <= done < len(STUDENTS)
    with course.gradebook() as gradebook:
        known = gradebook.assignment_submissions(ASSIGNMENT)
        assert len(known) == done
        for submission in known:
            for grade in submission.notebooks[0].grades:
                assert grade.auto_score is not None or grade.cell_type == "markdown"
    assert not (course.root / "autograded" / ".in-progress").exists()
    assert f"{done} unchanged" in finish(course)
    checked(course, undisturbed)
