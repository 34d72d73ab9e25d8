"""What goes into the run room and what comes out: plain data, for any executor.

Both can be pickled and are small; they hold no object of nbgrader or of a student.
"""

from dataclasses import dataclass, field

# roles of a code cell
SOLUTION, GIVEN, TEST, OTHER = "solution", "given", "test", "other"
ROLES = (SOLUTION, GIVEN, TEST, OTHER)


@dataclass(frozen=True)
class NotebookLimits:
    """What student code may use.

    Attributes
    ----------
    cell_seconds, notebook_seconds : float
        By a `ProcessClock`; 0 is no limit.
    later_seconds : float
        For each cell once one has timed out: one endless loop in a function hangs every cell
        that calls it, and only the first is worth the full wait.
    memory : int
        MiB beyond what the libraries take.
    """

    cell_seconds: float = 30
    notebook_seconds: float = 600
    later_seconds: float = 6
    memory: int = 2048


@dataclass(frozen=True)
class Cell:
    """A code cell of the submission, as it is to be run.

    ``index`` counts the notebook's cells from 0, ``role`` is one of ``ROLES``.
    """

    index: int
    name: str
    role: str
    source: str


@dataclass(frozen=True)
class Job:
    """One notebook to run.

    Attributes
    ----------
    cells : tuple of Cell
        The submission's code cells in order, restored by the prepare room.
    trusted : tuple of (name, role, source)
        The source notebook's code cells in order: what the checker runs itself, and which names
        the solutions define.
    seed : int
        Of the student's hidden tests.
    files : dict of str to bytes
        The notebook's folder, apart from notebooks.
    trusted_files : dict of str to bytes
        The source's folder, likewise: the working directory of the checker.
    require : str
        The lowest isolation that will do; one of ``course_utils.sandbox.isolation.LEVELS``.
    by_hand : bool
        Whether a second process decides what tests want done without a library.
    is_source : bool
        Whether the source's own answers run, so that all is told of an error in a hidden test.
    rests_on : dict of str to frozenset of str
        For an exercise, the earlier ones it rests on: see ``follow_through``. Only where the
        source is at hand, whose answers stand in for wrong ones.
    failed : tuple of str
        For a second try: the tests that failed in the first one. Empty for a first one.
    """

    cells: tuple
    trusted: tuple
    seed: int
    limits: NotebookLimits = NotebookLimits()
    files: dict = field(default_factory=dict)
    trusted_files: dict = field(default_factory=dict)
    require: str = "none"
    by_hand: bool = True
    is_source: bool = False
    rests_on: dict = field(default_factory=dict)
    failed: tuple = ()


@dataclass(frozen=True)
class RunResult:
    """What the run room saw.

    Attributes
    ----------
    messages : dict of int to list
        For each cell's index, (kind, content) of Jupyter's messages, in order.
    counts : dict of int to int
        Execution counts.
    events : list of (kind, cell name)
        As in ``event_log.EVENTS``.
    files : dict of str to bytes
        What the notebook wrote.
    isolation : str
        The level that was reached.
    carried : dict of str to tuple of str
        The failed tests that pass with earlier exercises put right, and which ones.
    still_wrong : dict of str to tuple of str
        Those that were tried in this way and do not pass; ``messages`` has what they showed then.
    """

    messages: dict
    counts: dict
    events: list
    files: dict
    isolation: str
    carried: dict = field(default_factory=dict)
    still_wrong: dict = field(default_factory=dict)
