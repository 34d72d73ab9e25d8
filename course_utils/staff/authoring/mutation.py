"""Do the hidden tests notice small changes to a right solution?

Every operator, comparison, constant and condition of the solution cells is changed, one at a
time (cosmic-ray makes the changes); the hidden tests of the cell must fail on each. What they
let pass is either the same function written differently (an equivalent mutant, listed with the
reason in ``tests/mutation/<topic>.toml``) or a hole in the tests.
"""

import contextlib
import resource
import signal
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.plugins
from cosmic_ray.mutating import mutate_code

from course_utils.staff.authoring.source_notebook import SourceNotebook, grading_environment, run

KILL_RATE = 0.98
SECONDS_PER_MUTANT = 5  # of work
MEMORY_LIMIT = 8 * 2**30
OPERATORS = (
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceBinaryOperator",
    "ReplaceBreakWithContinue",
    "ReplaceComparisonOperator",
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator",
    "ZeroIterationForLoop",
)


class OutOfTime(BaseException):
    """A mutant ran too long; not an ``Exception``, so that no check catches it."""


@dataclass(frozen=True)
class Mutant:
    """One change to a solution cell: the line before and after, and the whole changed text."""

    cell: str
    before: str
    after: str
    source: str

    @property
    def key(self):
        """What tells this mutant from the others of a notebook."""
        return self.cell, self.before, self.after


@dataclass
class Result:
    """What became of the mutants of one notebook.

    ``counts`` is ``{cell: Counter(killed=…, equivalent=…, survived=…)}``; ``survivors`` the
    mutants that nothing explains; ``explained`` pairs of mutant and reason; ``stale`` listed
    mutants that no longer exist or that the tests kill.
    """

    counts: dict
    survivors: list
    explained: list
    stale: list

    @property
    def rate(self):
        """Share of the non-equivalent mutants that the hidden tests kill."""
        total = sum(self.counts.values(), Counter())
        return total["killed"] / (total["killed"] + total["survived"])

    @property
    def good(self):
        """Whether the hidden tests kill enough, and every explanation still explains one."""
        return self.rate >= KILL_RATE and not self.stale


def check_notebook(path, explanations, every=1):
    """Run the hidden tests of a source notebook on every mutant of its solutions.

    Parameters
    ----------
    path : path of the source notebook
    explanations : path of a TOML file of equivalent mutants
        ``[[mutant]]`` tables with ``cell``, ``before``, ``after`` (stripped lines) and ``why``.
    every : int
        Only every so many-th mutant is run, always the same ones: a sample.

    Returns
    -------
    Result
    """
    notebook = SourceNotebook(path)
    notebook.namespace()
    why = read_explanations(explanations)
    result = Result({}, [], [], [])
    killed_keys = set()
    mutants = [mutant for cell in notebook.solutions() for mutant in mutants_of(cell)]
    with _memory_limit():
        for mutant in mutants[::every]:
            counts = result.counts.setdefault(mutant.cell, Counter())
            if _is_killed(notebook, mutant):
                counts["killed"] += 1
                killed_keys.add(mutant.key)
            elif mutant.key in why:
                counts["equivalent"] += 1
                result.explained.append((mutant, why[mutant.key]))
            else:
                counts["survived"] += 1
                result.survivors.append(mutant)
    known = {mutant.key for mutant in mutants}
    result.stale = [key for key in why if key not in known or key in killed_keys]
    return result


def mutants_of(cell):
    """Every mutant of one solution cell, those with the same text once."""
    seen = {cell.source}
    mutants = []
    for name in cosmic_ray.plugins.operator_names():
        if not name.startswith(tuple(f"core/{operator}" for operator in OPERATORS)):
            continue
        operator, occurrence = cosmic_ray.plugins.get_operator(name)(), 0
        while changed := mutate_code(cell.source, operator, occurrence):
            occurrence += 1
            if changed not in seen:
                seen.add(changed)
                mutants.append(Mutant(cell.grade_id, *_changed_line(cell.source, changed), changed))
    return mutants


def read_explanations(path):
    """Return ``{(cell, before, after): why}`` from a TOML file; an absent file is empty."""
    path = Path(path)
    if not path.exists():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    for number, table in enumerate(tables, 1):
        missing = {"cell", "before", "after", "why"} - set(table)
        if missing:
            raise ValueError(f"{path}: mutant {number} lacks {', '.join(sorted(missing))}")
    return {(table["cell"], table["before"], table["after"]): table["why"] for table in tables}


def _changed_line(before, after):
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    old, new = next((old, new) for old, new in pairs if old != new)
    return old.strip(), new.strip()


def _is_killed(notebook, mutant):
    cell = next(cell for cell in notebook.solutions() if cell.grade_id == mutant.cell)
    namespace = notebook.namespace()
    try:
        with grading_environment(), _time_limit(SECONDS_PER_MUTANT):
            run(mutant.source, mutant.cell, namespace)
            for test in notebook.tests_of(cell.names_defined, "hidden"):
                run(test.source, test.grade_id, namespace)
    except (Exception, OutOfTime):
        return True
    return False


@contextlib.contextmanager
def _time_limit(seconds):
    def stop(signum, frame):
        raise OutOfTime

    # what other programs take of a busy machine does not count
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _memory_limit():
    """A mutant that asks for a huge array gets ``MemoryError`` instead of the machine's memory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
