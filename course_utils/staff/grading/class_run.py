"""Grade a class: several notebooks run at the same time, one submission is recorded after another.

The path of a submission: its files are looked at (``prepare/intake.py``), it is brought into the
assignment's shape (``Batch.prepare``), its notebooks run in an executor (``run/run_room.py``), and
its grades are saved (``Batch.record``). Only this thread touches nbgrader and the gradebook.
"""

import contextlib
import functools
import re
import shutil
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func, select

from course_utils.check.needs import is_installed
from course_utils.sandbox.isolation import LEVELS
from course_utils.staff import faults
from course_utils.staff.course import CONFIG_NAME, CourseError, read_notebook
from course_utils.staff.files import write_atomically
from course_utils.staff.grading import event_log, registration, resume_key, source_check
from course_utils.staff.grading.batch import Batch, Prepared, notebook_text
from course_utils.staff.grading.ledger import Ledger
from course_utils.staff.grading.memory_limit import memory_limit
from course_utils.staff.grading.options import Options, check_isolation
from course_utils.staff.grading.outcomes import (
    FAILED,
    GRADED,
    UNGRADABLE,
    UNKNOWN,
    Outcome,
    forget_keys,
    read_outcomes,
    save_outcome,
    saved_name,
)
from course_utils.staff.grading.prepare.handed_out import texts_of_course
from course_utils.staff.grading.prepare.intake import read_submission
from course_utils.staff.grading.prepare.make_job import trusted_cells
from course_utils.staff.grading.prepare.submitted_files import hash_of_submission, is_by_product
from course_utils.staff.grading.prepare.time_handed_in import put_timestamp_right
from course_utils.staff.grading.record.text_worker import WorkerError
from course_utils.staff.grading.results import graded_notebooks, outcome_as_seen, outcome_from
from course_utils.staff.grading.run import run_room
from course_utils.staff.grading.secret import OF_DEMO, course_secret, fingerprint
from course_utils.staff.names import show_name
from course_utils.staff.patches import validated_as_a_whole

# of an earlier submission that counts, because the newer one cannot be read
COPY_GONE = (
    "Its graded copy is gone from autograded/, so the grade in the gradebook stays as it was; put "
    "the copy back, or ask for another file."
)
GRADES_GONE = (
    "Its grade is gone from the gradebook, and autograded/ has the last copy that could be read: "
    "nothing was changed. Put the gradebook back, or move that copy away."
)
MEMORY = 4 * 2**30  # bytes of address space for the grader, beyond what it has when it begins


def passed_over(course):
    """Return what lies under ``submitted/`` and is nobody's submission: ``{reason: paths}``.

    What is hidden or left by a program is not meant. Paths are relative to the course.
    """
    known, found = set(course.assignments()), {}
    root = course.folder("submitted")

    def note(reason, path):
        found.setdefault(reason, []).append(Path(root.name, path.relative_to(root)))

    for folder in _visible(root):
        if not folder.is_dir():
            note("stands in no student's folder", folder)
            continue
        try:
            inside = _visible(folder)
        except OSError as error:
            note(f"cannot be read: {error.strerror}", folder)
            continue
        if not inside:
            note("is empty", folder)
        for path in inside:
            if not path.is_dir():
                note("stands in no assignment's folder", path)
            elif path.name not in known:
                note("is no assignment's name", path)
    return found


def _visible(folder):
    """The sorted paths in a folder, without what is hidden or a program's; none without it."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in paths if not is_by_product(path.name)]


def choose_students(course, assignments, only=()):
    """Return who is to be graded.

    Parameters
    ----------
    assignments : list of str
    only : collection of str
        Students, each of whom has to have submitted at least one of them; empty: everyone.

    Returns
    -------
    dict of str to list of str
        By assignment; one that none of ``only`` has submitted is left out.
    """
    submitted = {name: course.students("submitted", name) for name in assignments}
    everyone = sorted(set().union(*submitted.values()))
    for student in only:
        if student not in everyone:
            raise CourseError(
                f"no submission of {student!r} for {' or '.join(map(show_name, assignments))}; "
                f"there are {', '.join(map(show_name, everyone)) or 'none at all'}"
            )
    if not only:
        return submitted
    chosen = {name: [s for s in students if s in only] for name, students in submitted.items()}
    return {name: students for name, students in chosen.items() if students}


def lost_grades(course, assignment, students):
    """Return who of ``students`` was graded, and is not in the gradebook any more."""
    outcomes = read_outcomes(course.gradebook_file).get(assignment, {})
    known = [s for s in students if _was_graded(outcomes.get(saved_name(s)))]
    if not known:
        return []
    with course.gradebook() as gradebook:
        try:
            submissions = gradebook.find_assignment(assignment).submissions
        except MissingEntry:
            return known
        entered = {submission.student_id for submission in submissions}
    return [student for student in known if student not in entered]


def _was_graded(outcome):
    return outcome is not None and outcome.status == GRADED


def preload(course, assignment, options):
    """Begin to load what the assignment's notebooks need, while other things are done."""
    course.check_engine()
    step = options.execute_step(course)
    if step.room == "sandbox":
        for path in course.notebooks(assignment):
            run_room.preload(_trusted_cells(path, path.stat().st_mtime_ns), step.by_hand)


@functools.lru_cache(maxsize=8)
def _trusted_cells(path, changed):
    """The cells of a notebook that has not changed since then."""
    return trusted_cells(read_notebook(path))


def grade_assignment(course, assignment, students, options):
    """Enter an assignment in the gradebook and grade its submissions; parameters and what is
    yielded are those of `autograde`.
    """
    if students:
        preload(course, assignment, options)
    registration.register(course, assignment)
    try:
        yield from autograde(course, assignment, students, options)
    finally:
        run_room.close()  # the next assignment needs other libraries
    registration.apply_settings(course)


def autograde(course, assignment, students, options=None, executor=None):
    """Grade submissions and note what became of each.

    A submission has been graded when its transaction is committed: grades, comments, penalty,
    outcome and resume key together. So a run that was killed loses what was in the air, and the
    next one goes on without grading anything twice.

    Parameters
    ----------
    course : Course
    assignment : str
        Has to be registered.
    students : iterable of str
    options : Options, optional
    executor : concurrent.futures.Executor, optional
        Runs the notebooks; otherwise as many threads as there are jobs, each of which waits for a
        process.

    Yields
    ------
    tuple
        Student and ``Outcome``, as they are ready; the outcome is ``None`` where nothing had
        changed.

    Raises
    ------
    CourseError
        The gradebook cannot be written, another run is at work, isolation does not suffice, the
        course's secret is lost, a package is missing that the assignment's checks need, or the
        source's own answers do not pass its tests.
    """
    options = options or Options()
    students = list(students)
    course.check_engine()
    check_isolation(course, options)
    _check_packages(course, assignment)
    if students:
        _check_source(course, assignment, options)
    nbgrader = course.nbgrader(options.config())
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(memory_limit(MEMORY))
            stack.enter_context(_alone(course))
            ledger = Ledger(nbgrader.coursedir.db_url, nbgrader.coursedir.course_id)
            stack.callback(ledger.close)
            secret = _secret_for(course, students, ledger.db_url)
            batch = stack.enter_context(Batch(nbgrader, ledger, secret))
            executor = executor or stack.enter_context(_threads(options.jobs))
            run = _ClassRun(course, assignment, options, ledger, batch, executor)
            yield from run.grade(students)
    except Exception as error:
        if faults.is_of_machine(error):
            raise CourseError(faults.sentence_of(error)) from None
        raise


class _Running(NamedTuple):
    """A submission whose notebooks run: ``futures`` by path, ``key`` to resume by."""

    prepared: Prepared
    timestamp: datetime | None
    key: str
    futures: dict


def _secret_for(course, students, db_url):
    """Return the secret of a course; that of the demonstration is for its own students only."""
    secret = course_secret(db_url)
    if secret == OF_DEMO:
        of_sample = {path.stem for path in course.folder("sample_class").glob("*/*.py")}
        real = sorted(set(students) - of_sample)
        if real:
            raise CourseError(
                "the gradebook is that of `course demo`, whose hidden inputs anybody can know, and "
                f"{real[0]!r} is not of the sample class. Before a real class is graded, stop "
                "`make lab` and remove submitted/, feedback/, gradebook.db and the folders in "
                "autograded/ of the sample class"
            )
    return secret


def _check_packages(course, assignment):
    """Refuse to grade where a check would be left out; see `check.needs`."""
    for path in course.notebooks(assignment):
        for _, _, source in _trusted_cells(path, path.stat().st_mtime_ns):
            for package in re.findall(r"""\bcheck\.needs\(["'](\w+)""", source):
                if not is_installed(package):
                    raise CourseError(
                        f"{show_name(assignment)} cannot be graded without {package}, which its "
                        "checks need; it is not installed here"
                    )


def _check_source(course, assignment, options):
    """Refuse to grade with tests that the source's own answers do not pass, or against orders."""
    named = source_check.stock_trust(course, assignment)
    findings = source_check.find(course, assignment)
    failing = [finding for finding in findings if not finding.is_undecidable]
    if failing and not options.grade_anyway:
        told = "".join(f"\n  {finding.cell}: {finding.why}" for finding in failing)
        count = "1 test cell" if len(failing) == 1 else f"{len(failing)} test cells"
        raise CourseError(
            f"the source's own answers do not pass {count} of {show_name(assignment)}, so "
            f"nobody can; nothing was graded (--grade-anyway grades all the same){told}"
        )
    required = options.execute_step(course).require_isolation
    if required != LEVELS[0] and any(f.cell in named for f in findings if f.is_undecidable):
        raise CourseError(
            f"isolation {required!r} is required, and course.toml gives cells of {assignment} "
            "stock's trust, which has none; nothing was graded"
        )


def passed_by_nobody(course, assignment):
    """Return the test cells in which nobody of those who were graded has any points."""
    outcomes = read_outcomes(course.gradebook_file).get(assignment, {})
    graded = [student for student, outcome in outcomes.items() if outcome.status == GRADED]
    best = (
        select(BaseCell.name, func.max(Grade.auto_score))
        .join(Grade, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id.in_(graded))
        .group_by(BaseCell.name)
        # others wait for a person
        .having(func.count(Grade.id) == func.count(Grade.auto_score))
    )
    with course.gradebook() as gradebook:
        scores = dict(map(tuple, gradebook.db.execute(best)))
    tests = [
        cell.metadata.nbgrader
        for path in course.notebooks(assignment)
        for cell in read_notebook(path).cells
        if source_check.is_test(cell)
    ]
    return [test.grade_id for test in tests if test.points and scores.get(test.grade_id) == 0]


class _ClassRun:
    def __init__(self, course, assignment, options, ledger, batch, executor):
        self._course, self._assignment, self._options = course, assignment, options
        self._ledger, self._batch, self._executor = ledger, batch, executor
        self._saved = read_outcomes(course.gradebook_file).get(assignment, {})
        self._known = self._saved
        self._wanted = {
            path.name: {*_grade_ids(nb := read_notebook(path)), *texts_of_course(nb)}
            for path in course.notebooks(assignment)
        }
        self._zone = course.settings().zone
        step = options.execute_step(course)
        self._key = resume_key.of_parts(
            resume_key.of_environment(),
            resume_key.of_folder(course.folder("source", assignment=assignment)),
            (course.root / CONFIG_NAME).read_text(encoding="utf-8"),
            check_isolation(course, options).level,
            repr(course.settings().stock_trust.get(assignment)),
            repr(step.follow_through_share()),
            fingerprint(batch.secret),
        )
        self._with_grades = ledger.students_with_grades(assignment)
        self._limits = repr((step.timeout, step.later_timeout, step.notebook_timeout, step.memory))
        self._running = {}  # student -> _Running

    def grade(self, students):
        if not self._options.resume:
            # at once, so that this run can be taken up where it is interrupted
            with self._ledger.transaction():
                forget_keys(self._ledger.db, self._assignment, students)
            self._known = {}
        for student in students:
            folder = self._course.folder("submitted", student, self._assignment)
            put_timestamp_right(folder, self._zone)
            key = resume_key.of_parts(self._key, hash_of_submission(folder))
            if self._is_up_to_date(student, key):
                yield student, None
                continue
            outcome = self._start(student, folder, key)
            if outcome is not None:
                yield student, outcome
            while len(self._running) >= 2 * self._options.jobs:  # so that memory stays flat
                yield from self._record_what_is_done()
        while self._running:
            yield from self._record_what_is_done()

    def _is_up_to_date(self, student, key):
        outcome = self._known.get(saved_name(student))
        if outcome is None or outcome.resume_key != key:
            return False
        if student not in self._with_grades and saved_name(student) == student:
            return False  # somebody has removed them from the gradebook since
        if outcome.status == UNGRADABLE:
            return True
        # who asks for other limits wants to see what they change; what was graded with limits of
        # its own stays so in a run that names none
        if self._options.has_limits() and outcome.limits != self._limits:
            return False
        return bool(graded_notebooks(self._course, self._assignment, student))

    def _start(self, student, folder, key):
        """Begin to run a submission; or return its outcome, where it cannot be run."""
        with validated_as_a_whole():  # which `prepare` does
            intake = read_submission(folder, self._wanted, self._course.root, self._zone)
        if intake.problem is not None:
            outcome = Outcome(UNGRADABLE, *intake.problem, key)
            return self._refuse(student, intake.timestamp, outcome)
        try:
            prepared = self._batch.prepare(self._assignment, student, intake)
        except Exception as error:  # whatever nbgrader makes of this submission
            if faults.is_of_machine(error):
                raise
            return self._refuse(student, intake.timestamp, _not_gradable(error, key))
        futures = {
            path: self._executor.submit(_timed, run_room.run_notebook, job)
            for path, job in prepared.jobs.items()
        }
        self._running[student] = _Running(prepared, intake.timestamp, key, futures)
        return None

    def _record_what_is_done(self):
        """Wait until something is done; record it and yield its outcome."""
        done = [
            student
            for student, running in self._running.items()
            if all(future.done() for future in running.futures.values())
        ]
        for student in done:
            yield student, self._record(self._running.pop(student))
        if not done:
            waiting = [f for running in self._running.values() for f in running.futures.values()]
            wait([f for f in waiting if not f.done()], return_when=FIRST_COMPLETED)

    def _record(self, running):
        prepared, timestamp, key = running.prepared, running.timestamp, running.key
        student = prepared.student
        try:
            done = {path: future.result() for path, future in running.futures.items()}
        except Exception as error:  # our own fault: no grade is made of it
            self._batch.discard(self._assignment, student)
            return Outcome(FAILED, "grading failed", staff=_one_line(error))
        results = {path: result for path, (result, _) in done.items()}
        seconds = sum(seconds for _, seconds in done.values())
        try:
            with self._ledger.transaction():
                self._enter(student, timestamp)
                graded = self._batch.record(prepared, results)
                outcome = outcome_from(
                    graded, resume_key=key, seconds=round(seconds, 2), limits=self._limits
                )
                save_outcome(self._ledger.db, self._assignment, student, outcome)
        except WorkerError as error:  # our own fault again
            self._batch.discard(self._assignment, student)
            return Outcome(FAILED, "grading failed", staff=str(error))
        except Exception as error:
            if faults.is_of_machine(error):
                raise
            return self._refuse(student, timestamp, _not_gradable(error, key))
        return outcome

    def _refuse(self, student, timestamp, outcome):
        """Let what was graded before count, or nothing; return the outcome."""
        self._batch.discard(self._assignment, student)
        kept = self._keep_earlier(student, timestamp, outcome)
        return kept or self._score_zero(student, timestamp, outcome)

    def _keep_earlier(self, student, timestamp, refusal):
        """Let the submission before a refused one count, where it was graded; return its outcome.

        The time in the gradebook is the newer one's all the same: the formgrader shows only
        submissions that have the time of the student's folder.
        """
        course, assignment = self._course, self._assignment
        paths = graded_notebooks(course, assignment, student)
        has_grades = student in self._with_grades
        if not paths and not (has_grades and _was_graded(self._saved.get(saved_name(student)))):
            return None
        if not (paths and has_grades):  # half of what counts cannot be made again from a new file
            lost = GRADES_GONE if paths else COPY_GONE
            return Outcome(FAILED, "grading failed", staff=f"{lost} {refusal.staff}")
        notebooks = [read_notebook(path) for path in paths]
        earlier = outcome_as_seen(self._saved, student, notebooks, is_entered=True)
        for path, nb in zip(paths, notebooks, strict=True):
            event_log.set_event(nb, "newer-not-read", refusal.student)
            write_atomically(path, notebook_text(nb))
        with self._ledger.transaction():
            before = self._ledger.find_submission(assignment, student).timestamp
            self._enter(student, timestamp)
            outcome = outcome_from(
                notebooks,
                staff=refusal.staff,
                resume_key=refusal.resume_key,
                seconds=earlier.seconds,
                limits=earlier.limits,
                counts_as_of=earlier.counts_as_of or (before.isoformat() if before else UNKNOWN),
            )
            save_outcome(self._ledger.db, assignment, student, outcome)
        return outcome

    def _score_zero(self, student, timestamp, outcome):
        """Give no automatic points; a grader's own points stay."""
        assignment = self._assignment
        shutil.rmtree(self._course.folder("autograded", student, assignment), ignore_errors=True)
        with self._ledger.transaction():
            if saved_name(student) == student:  # otherwise it is no text, as nbgrader needs it
                self._enter_zero(student, timestamp)
            save_outcome(self._ledger.db, assignment, student, outcome)
        return outcome

    def _enter(self, student, timestamp):
        """Enter a submission; nbgrader itself would leave an earlier one's time there."""
        self._ledger.update_or_create_student(student)
        self._ledger.update_or_create_submission(self._assignment, student, timestamp=timestamp)

    def _enter_zero(self, student, timestamp):
        self._enter(student, timestamp)
        for notebook in self._wanted:
            name = notebook.removesuffix(".ipynb")
            for grade in self._ledger.entries(Grade, name, self._assignment, student).values():
                grade.auto_score = 0
                # a mark by hand that waits for a second look goes on waiting
                grade.needs_manual_grade &= grade.manual_score is not None


def _grade_ids(nb):
    """Return the grade_ids of a notebook's cells."""
    found = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells)
    return [grade_id for grade_id in found if grade_id]


def _one_line(error):
    return show_name(" ".join(str(error).split()), longest=500)


def _timed(run, job):
    """Return what ``run(job)`` returns, and the seconds that it took."""
    started = time.monotonic()
    return run(job), time.monotonic() - started


def _not_gradable(error, key):
    return Outcome(
        UNGRADABLE,
        "nbgrader failed",
        "Your submission could not be graded. Please ask your teachers.",
        f"nbgrader says: {type(error).__name__}: {_one_line(error)}",
        key,
    )


@contextlib.contextmanager
def _threads(count):
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:  # Ctrl-C, or a consumer that has seen enough
        pool.shutdown(wait=False, cancel_futures=True)
        run_room.close()  # so that no thread waits for a notebook any longer
        raise
    pool.shutdown()


@contextlib.contextmanager
def _alone(course):
    """Make sure that no other run is writing to the same folders."""
    try:
        import fcntl
    except ModuleNotFoundError:  # not on Windows
        yield
        return
    course.folder("autograded").mkdir(exist_ok=True)
    with open(course.folder("autograded") / ".lock", "w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(
                "another `course autograde` is at work in this course; wait until it is done"
            ) from None
        yield
