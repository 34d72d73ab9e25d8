"""Runs every attack of the session: without protection, and as a class through the engine."""

import queue
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from attack import attacks_of
from attack_course import HONEST, make_course
from attack_grading import StockGrader, StockServer, grade_protected, grade_unprotected

STOCK_GRADERS = 4  # more than there may be cores: what never ends only waits


def pytest_collection_modifyitems(items):
    """Mark what grades notebooks as slow."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.slow)
        item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))


@pytest.fixture(scope="session")
def scratch():
    """A folder that other users could enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="course-attacks-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stock_graders(scratch):
    """The processes that grade with stock nbgrader and have nothing to do."""
    server = StockServer(scratch)
    graders = queue.SimpleQueue()
    for _ in range(STOCK_GRADERS):
        graders.put(StockGrader(server))
    yield graders
    for _ in range(STOCK_GRADERS):
        graders.get().close()
    server.close()


@pytest.fixture
def stock_grader(stock_graders):
    """A process that grades with stock nbgrader."""
    grader = stock_graders.get()
    yield grader
    stock_graders.put(grader)


@pytest.fixture(scope="session")
def base(scratch, stock_graders):
    """The course that every run starts from a copy of."""
    grader = stock_graders.get()
    course = make_course(scratch / "base", grader)
    stock_graders.put(grader)
    return course


@pytest.fixture(scope="session")
def stock_base(base, scratch, stock_graders):
    """The same course, where stock nbgrader has graded the first honest student."""
    course = shutil.copytree(base, scratch / "stock-base")
    grader = stock_graders.get()
    answer = grader.ask(course=str(course), students=HONEST[:1], home=str(scratch / "kernels"))
    stock_graders.put(grader)
    assert answer["success"], answer["log"]
    return course


@pytest.fixture(scope="session")
def attacks(request):
    """The attacks of the chosen test modules, each named like its module and its own kind."""
    found = {}
    for module in {item.module for item in request.session.items if hasattr(item, "module")}:
        topic = module.__name__.rpartition(".")[2].removeprefix("test_")
        for kind, attack in attacks_of(module).items():
            attack.name = f"{topic}-{kind}".rstrip("-")
            found[attack.name] = attack
    return dict(sorted(found.items()))


def _attack_of(item):
    """The attack that a test is about; ``kind`` is its parameter where there are several."""
    parameters = getattr(item, "callspec", None)
    kind = parameters.params.get("kind", "") if parameters else ""
    return attacks_of(item.module)[kind]


@pytest.fixture(scope="session")
def unprotected_runs(request, attacks, scratch):
    """Attack name to the future of a dict with its `Result` with stock nbgrader.

    Only of attacks whose tests ask for it.
    """
    wanted = {
        _attack_of(item).name
        for item in request.session.items
        if "unprotected" in getattr(item, "fixturenames", ())
    }
    if not wanted:
        yield {}
        return
    notebooks = {}
    for name, attack in attacks.items():
        if name in wanted:
            notebooks.setdefault(attack.stock_group or name, []).append(attack)
    stock_base = request.getfixturevalue("stock_base")
    stock_graders = request.getfixturevalue("stock_graders")

    def grade(together):
        grader = stock_graders.get()
        try:
            return grade_unprotected(together, stock_base, scratch, grader)
        finally:
            stock_graders.put(grader)

    with ThreadPoolExecutor(STOCK_GRADERS) as pool:
        futures = {}
        # the long ones first: many cells, or one without end
        order = sorted(notebooks.values(), key=lambda them: (-len(them), them[0].stock_timeout))
        for together in order:
            futures |= dict.fromkeys([a.name for a in together], pool.submit(grade, together))
        yield futures


@pytest.fixture(scope="session")
def protected_class(attacks, base, scratch, unprotected_runs):
    """Attack name to `Result` of the class that all attacks share."""
    wait(unprotected_runs.values())
    return grade_protected(attacks.values(), base, scratch / "protected")


@pytest.fixture
def unprotected(request, unprotected_runs):
    """The test's attack, graded with stock nbgrader."""
    name = _attack_of(request.node).name
    return unprotected_runs[name].result()[name]


@pytest.fixture
def protected(request, protected_class):
    """The test's attack, graded through the engine."""
    return protected_class[_attack_of(request.node).name]
