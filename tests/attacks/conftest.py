"""Runs every attack of the session: without protection, and as one class through the engine."""

import queue
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from attack_course import (
    HONEST,
    StockGrader,
    grade_protected,
    grade_unprotected,
    make_course,
)

STOCK_GRADERS = 2
CLASS_OPTIONS = ("--timeout", "5", "--notebook-timeout", "60")


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
def base(scratch):
    """The course that every run starts from a copy of."""
    return make_course(scratch / "base")


@pytest.fixture(scope="session")
def stock_base(base, scratch):
    """The same course, where stock nbgrader has graded the first honest student."""
    course = shutil.copytree(base, scratch / "stock-base")
    with StockGrader(scratch / "grader-base") as stock:
        answer = stock.ask(
            course=str(course), students=HONEST[:1], home=str(scratch / "grader-base" / "kernels")
        )
    assert answer["success"], answer["log"]
    return course


@pytest.fixture(scope="session")
def attacks(request):
    """The attacks of the chosen test modules, each named like its module and its own kind."""
    found = {}
    for module in {item.module for item in request.session.items if hasattr(item, "module")}:
        topic = module.__name__.rpartition(".")[2].removeprefix("test_")
        for kind, attack in _attacks_of(module).items():
            attack.name = f"{topic}-{kind}".rstrip("-")
            found[attack.name] = attack
    return dict(sorted(found.items()))


def _attacks_of(module):
    """The module's ATTACK, or its ATTACKS by kind."""
    only = getattr(module, "ATTACK", None)
    return {"": only} if only is not None else getattr(module, "ATTACKS", {})


def _attack_of(item):
    """The attack that a test is about; ``kind`` is its parameter where there are several."""
    parameters = getattr(item, "callspec", None)
    kind = parameters.params.get("kind", "") if parameters else ""
    return _attacks_of(item.module)[kind]


@pytest.fixture(scope="session")
def unprotected_runs(request, attacks, scratch):
    """Attack name to the future of its `Result` with stock nbgrader, where a test asks for it."""
    wanted = {
        _attack_of(item).name
        for item in request.session.items
        if "unprotected" in getattr(item, "fixturenames", ())
    }
    if not wanted:
        yield {}
        return
    stock_base = request.getfixturevalue("stock_base")
    graders = queue.SimpleQueue()
    for number in range(STOCK_GRADERS):
        graders.put(StockGrader(scratch / f"grader-{number}"))

    def grade(attack):
        grader = graders.get()
        try:
            return grade_unprotected(attack, stock_base, scratch, grader)
        finally:
            graders.put(grader)

    with ThreadPoolExecutor(STOCK_GRADERS) as pool:
        yield {
            name: pool.submit(grade, attack) for name, attack in attacks.items() if name in wanted
        }
    for _ in range(STOCK_GRADERS):
        graders.get().close()


@pytest.fixture(scope="session")
def protected_class(attacks, base, scratch, unprotected_runs):
    """Attack name to `Result` of the class that all attacks share."""
    wait(unprotected_runs.values())
    together = [attack for attack in attacks.values() if not attack.alone]
    return grade_protected(together, base, scratch / "protected", CLASS_OPTIONS)


@pytest.fixture
def unprotected(request, unprotected_runs):
    """The test's attack, graded with stock nbgrader."""
    return unprotected_runs[_attack_of(request.node).name].result()


@pytest.fixture
def protected(request, base, scratch, unprotected_runs):
    """The test's attack, graded through the engine."""
    attack = _attack_of(request.node)
    if not attack.alone:
        return request.getfixturevalue("protected_class")[attack.name]
    wait(unprotected_runs.values())
    folder = scratch / f"protected-{attack.name}"
    return grade_protected([attack], base, folder, attack.options)[attack.name]
