"""Settle what the engine can decide: the source's own answers go through the rooms that grade.

A test cell that they do not pass is *failing*: it would fail everybody, and stops a class and a
release. One that they pass only beside the tests, in one ordinary kernel, is *undecidable* here: it
asks for something that does not cross between two processes. That is a property of the cell, found
before a class is graded, and nothing that is handed in changes it.
"""

import ast
import builtins
import difflib
import json
import re
import shutil
import tempfile
import textwrap
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbgrader import utils

from course_utils.staff.course import CONFIG_NAME, CourseError, read_notebook
from course_utils.staff.files import write_atomically
from course_utils.staff.grading import event_log, resume_key, rules
from course_utils.staff.grading.declaration_check import check_declaration
from course_utils.staff.grading.execute import ExecuteSubmission, is_python
from course_utils.staff.grading.prepare.make_job import job_for
from course_utils.staff.grading.record.merge import merge
from course_utils.staff.grading.run import cell_plan, run_room
from course_utils.staff.names import show_name
from course_utils.staff.settings import FILE_NAME

CACHE = ".checked.json"  # in autograded/, beside the run's other files
SEED = 0  # of the hidden inputs
OUT_OF_LIMITS = ("timeout", "died", "stuck", "out-of-time")  # events that say nothing of a rule


@dataclass(frozen=True)
class Finding:
    """A test cell that the source's own answers do not pass in the rooms.

    Attributes
    ----------
    notebook, cell : str
        The notebook's name without its ending; the cell's grade_id.
    why : str
        For staff: it may tell what is hidden.
    is_undecidable : bool
        Whether they pass it in an ordinary kernel.
    rule : str
        The name of the `rules.Rule` that an undecidable cell breaks.
    """

    notebook: str
    cell: str
    why: str
    is_undecidable: bool
    rule: str = ""


def find(course, assignment):
    """Return the list of `Finding` for an assignment, made once for each state of what it rests on.

    Parameters
    ----------
    course : Course
    assignment : str
    """
    cache = course.folder("autograded") / CACHE
    try:
        known = json.loads(cache.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        known = {}
    digest = _digest(course, assignment)
    if known.get(assignment, {}).get("digest") != digest:
        step = ExecuteSubmission(config=course.config())
        for path in course.notebooks(assignment):
            check_declaration(path, step)
        found = [
            asdict(finding)
            for path in course.notebooks(assignment)
            for finding in check_notebook(path, step)
        ]
        known[assignment] = {"digest": digest, "findings": found}
        write_atomically(cache, json.dumps(known, indent=1) + "\n")
    return [Finding(**finding) for finding in known[assignment]["findings"]]


def stock_trust(course, assignment):
    """Return the cells that ``course.toml`` gives stock's trust.

    Raises
    ------
    CourseError
        The assignment has no such cell.
    """
    named = course.settings().stock_trust.get(assignment, ())
    known = [
        cell.metadata.nbgrader.grade_id
        for path in (course.notebooks(assignment) if named else ())
        for cell in read_notebook(path).cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    ]
    for cell in named:
        if cell not in known:
            near = difflib.get_close_matches(cell, known, n=1)
            hint = f" (did you mean {show_name(near[0])}?)" if near else ""
            raise CourseError(
                f"stock_trust in {FILE_NAME} names {cell!r}, and {show_name(assignment)} has no "
                f"cell of that name{hint}"
            )
    return named


def _digest(course, assignment):
    return resume_key.of_parts(
        resume_key.of_environment(),
        resume_key.of_folder(course.folder("source", assignment=assignment)),
        (course.root / CONFIG_NAME).read_text(encoding="utf-8"),
    )


def check_notebook(path, step):
    """Return the list of `Finding` of one source notebook.

    Parameters
    ----------
    path : Path
    step : ExecuteSubmission
    """
    here = _run(path, step, step.room)
    failing = [cell for cell in here.cells if is_test(cell) and not _passes(cell)]
    if step.room == "kernel" or not is_python(here):
        return [Finding(path.stem, _name(cell), _fault(here, cell), False) for cell in failing]
    found = [
        Finding(path.stem, _name(cell), f"it {rule.name}", True, rule.name)
        for cell in here.cells
        if is_test(cell) and _passes(cell)
        for rule in _passed_by_wrong_answers(cell.source)
    ]
    if not failing:
        return found
    kinds = {event["kind"] for event in event_log.events(here)}
    limited = {e["cell"] for e in event_log.events(here) if e["kind"] in OUT_OF_LIMITS}
    beside = _run(path, step, "kernel")
    others = {_name(cell): cell for cell in beside.cells if is_test(cell)}
    for cell in failing:
        name = _name(cell)
        was_run = "NotRun" not in _errors(cell) or not kinds.intersection(OUT_OF_LIMITS)
        if name in limited or not was_run:
            found.append(Finding(path.stem, name, _error(here, cell), False))
        elif _passes(others[name]):
            rule, told = _rule(here, cell)
            found.append(Finding(path.stem, name, f"it {rule.name} ({told})", True, rule.name))
        else:  # an ordinary kernel tells the fault itself, not what follows from it here
            found.append(Finding(path.stem, name, _fault(beside, others[name]), False))
    return found


def _run(path, step, room):
    """Return a source notebook after its cells have run in one of the rooms."""
    nb = read_notebook(path)
    nb.metadata[event_log.KEY] = {"events": [], "seed": SEED}
    with tempfile.TemporaryDirectory(prefix="course-work-") as scratch:
        folder = Path(shutil.copytree(path.parent, Path(scratch, path.parent.name)))
        if room == "kernel" or not is_python(nb):
            names = {"assignment": path.parent.name, "student": "", "notebook": path.stem}
            resources = {"nbgrader": names, "metadata": {"path": str(folder)}}
            return step.run_in_kernel(nb, resources)[0]
        job = job_for(
            nb,
            seed_of=lambda *_: SEED,
            limits=step.limits(),
            folder=folder,
            source_folder=path.parent,
            source_name=path.name,
            require=step.require_isolation,
            by_hand=step.by_hand,
        )
        merge(step, nb, run_room.run_notebook(replace(job, is_source=True)))
        return nb


# --- verdicts -----------------------------------------------------------------------------------


def is_test(cell):
    """Tell whether a cell is a test that is graded by running it."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _name(cell):
    return cell.metadata.nbgrader.grade_id


def _passes(cell):
    score, points = utils.determine_grade(cell)
    return score == points and not _errors(cell)  # a test of 0 points, too, is to be passed


def _errors(cell):
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def _error(nb, cell):
    """What a failing cell ended with, and in which lines of the notebook."""
    lines = _lines(nb, cell)
    return f"{_message(cell)} ({'; '.join(lines)})" if lines else _message(cell)


def _fault(nb, cell):
    """What a test ended with that fails in any room, and the answer above it that broke."""
    broken = _broken_answers(nb, cell)
    missing = re.search(r"name '(\w+)' is not defined", _message(cell))
    if missing:
        broken = [other for other in broken if re.search(rf"\b{missing[1]}\b", other.source)]
    if not broken:
        return _error(nb, cell)
    return f"{_error(nb, cell)}; the answer {_name_of(broken[-1])} fails: {_error(nb, broken[-1])}"


def _broken_answers(nb, cell):
    """The answer cells above a test that end in an error."""
    above = [other for other in nb.cells[: nb.cells.index(cell)] if other.cell_type == "code"]
    return [other for other in above if utils.is_solution(other) and _errors(other)]


def _message(cell):
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return "it gives a part of its points only"
    name, text = errors[-1].ename, _in_one_line(errors[-1].evalue)
    return textwrap.shorten(f"{name}: {text}" if text else name, 300, placeholder=" …")


def _in_one_line(text):
    """Join lines of a text; a sentence that ends without a full stop gets one."""
    return re.sub(r"(?<=[\w)`])\s*\n\s*(?=[^\W\d_]|`)", ". ", text.strip())


_PLACE = re.compile(r"Cell In ?\[(\d+)\], line (\d+)")


def _lines(nb, cell):
    """The line in which a test failed; then the one of another cell, if the error arose there."""
    tracebacks = [line for o in cell.outputs for line in o.get("traceback", ())]
    text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(tracebacks))
    cells = {c.execution_count: c for c in nb.cells if c.cell_type == "code"}
    found = [(cells.get(int(count)), int(line)) for count, line in _PLACE.findall(text)]
    found = [(where, n) for where, n in found if where and n <= len(where.source.splitlines())]
    in_test = [place for place in found if place[0] is cell]
    elsewhere = [place for place in found[-1:] if place[0] is not cell]
    return [
        f"line {n}{'' if where is cell else f' of {_name_of(where)}'}: "
        f"{textwrap.shorten(where.source.splitlines()[n - 1], 100, placeholder=' …')}"
        for where, n in in_test[-1:] + elsewhere
    ]


def _name_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "an answer cell")


# --- which rule ---------------------------------------------------------------------------------


def _passed_by_wrong_answers(source):
    """The first rule by which wrong answers, too, would pass a test that right ones pass here.

    A list, of one rule at most.
    """
    if replaces_what_is_called(source):
        return [rules.REPLACES]
    if compares_an_argument(source):
        return [rules.CHANGES]
    return []


def compares_an_argument(source):
    """Tell whether a test only calls an answer with a variable and then compares that variable.

    The call stands alone, as one does whose result is of no interest: ``f(x)``, ``assert x == y``.
    """
    tree = _tree(source)
    compared = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            compared |= {side.id for side in sides if isinstance(side, ast.Name)}
    return any(name in compared for name in _given_to_calls_that_stand_alone(source, tree))


def reads_an_argument_again(source):
    """Tell the same of a test that looks at the variable in any way, such as ``x[0]``."""
    tree = _tree(source)
    read = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    given = _given_to_calls_that_stand_alone(source, tree)
    return any(read.count(name) > given.count(name) for name in given)


def _given_to_calls_that_stand_alone(source, tree):
    known = {*dir(builtins), "display", *cell_plan.names_of(source)[0]}
    calls = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    return [
        argument.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id not in known
        for argument in call.args
        if isinstance(argument, ast.Name)
    ]


def replaces_what_is_called(source):
    """Tell whether a test puts something else in a module, which is not the answer's module.

    Right answers may pass such a test here; so would wrong ones, which call what was there before.
    What is printed is sent on, so that ``sys.stdout`` may be replaced.
    """
    tree = _tree(source)
    modules = {name for node in ast.walk(tree) for name in _imported_by(node)}
    targets = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del))
    ]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(
        target.partition(".")[0] in modules and target not in ("sys.stdout", "sys.stderr")
        for target in targets
    ) or any(re.search(r"(^|\.)(patch|monkeypatch)(\.|$)", call) for call in calls)


def _tree(source):
    """The syntax tree of a cell; an empty one where it is no Python."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _imported_by(node):
    if isinstance(node, ast.Import):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return []


def _rule(nb, cell):
    """Return the rule that a test breaks which passes beside the answers only, and its error."""
    error, broken = _error(nb, cell), _broken_answers(nb, cell)
    rule = rules.by_error(_message(cell))
    if rule is None and broken:
        return rules.FAILS, f"{_name_of(broken[-1])}: {_error(nb, broken[-1])}"
    rule = rule or rules.by_text(cell.source)
    if rule is None and reads_an_argument_again(cell.source):
        rule = rules.CHANGES
    if rule is None and _shared_names(nb, cell):
        rule = rules.SHARES
    if rule is None and event_log.event("not-plain", _name(cell)) in event_log.events(nb):
        rule = rules.OBJECT
    return rule or rules.OTHER, error


def _shared_names(nb, cell):
    """The names of given cells that both a test and the answers above it use."""
    above = [other for other in nb.cells[: nb.cells.index(cell)] if other.cell_type == "code"]
    given = set()
    answers = ""
    for other in above:
        if utils.is_solution(other):
            answers += other.source
        elif not utils.is_grade(other):
            given |= cell_plan.names_of(other.source)[0]
    words = set(re.findall(r"\w+", answers)) & set(re.findall(r"\w+", cell.source))
    return given & words
