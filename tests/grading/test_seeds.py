"""The seed is the same for the same work, and other for any other; nobody can compute it."""

import hashlib
import itertools
import subprocess
import sys

from tiny_course import SECRET

from course_utils.staff.grading.seeds import seed_of

WORK = (["import numpy", "", "f = abs"], {"table.txt": b"1 2"})


def seed(assignment="01_tiny", student="ada", work=WORK, secret=SECRET):
    return seed_of(secret, assignment, student, *work)


def test_the_seed_is_the_same_in_another_process():
    code = "from course_utils.staff.grading.seeds import seed_of\nprint(seed_of{})"
    command = [sys.executable, "-c", code.format((SECRET, "01_tiny", "ada", *WORK))]
    assert [int(subprocess.check_output(command)) for _ in range(2)] == [seed()] * 2


def test_students_and_assignments_have_seeds_of_their_own():
    pairs = itertools.product(["01_tiny", "02_other"], [f"student-{n}" for n in range(500)])
    seeds = [seed(*pair) for pair in pairs]
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_whatever_can_bring_answers_along_changes_the_seed():
    cells, files = WORK
    others = [
        (["import numpy", "", "f = abs "], files),
        (["import numpy", "f = abs", ""], files),
        (["import numpy", "f = abs"], files),
        ([*cells, "TABLE = {}"], files),
        (cells, {"table.txt": b"1 3"}),
        (cells, {"tables.txt": b"1 2"}),
        (cells, {}),
        (cells, files | {"more.txt": b""}),
    ]
    seeds = {seed(work=work) for work in [WORK, *others]}
    assert len(seeds) == 1 + len(others)
    assert seed(work=(cells, dict(reversed((files | {"a": b""}).items())))) == seed(
        work=(cells, {"a": b""} | files)
    ), "files have no order"


def test_names_and_texts_have_clear_ends():
    assert seed("a", "b/c") != seed("a/b", "c")
    assert seed(work=(["x", "y"], {})) != seed(work=(["xy"], {}))


def test_without_the_secret_it_cannot_be_computed():
    public = hashlib.sha256(b"01_tiny/ada").digest()[:4]
    assert seed() != int.from_bytes(public), "what it was made of before"
    assert len({seed(secret=bytes([n]) * 32) for n in range(100)}) == 100


def test_a_name_that_is_no_text_has_a_seed_too():
    assert seed(student="caf\udce9") != seed(student="caf\udcea")
