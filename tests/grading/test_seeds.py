"""A student's seed never changes, and differs from other students' and assignments'."""

import itertools
import subprocess
import sys

from course_utils.staff.grading.seeds import student_seed


def test_the_seed_is_the_same_in_another_process():
    code = (
        "from course_utils.staff.grading.seeds import student_seed as s; print(s('01_tiny', 'ada'))"
    )
    printed = [subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(2)]
    assert printed == [f"{student_seed('01_tiny', 'ada')}\n"] * 2


def test_students_and_assignments_have_seeds_of_their_own():
    pairs = itertools.product(["01_tiny", "02_other"], [f"student-{n}" for n in range(500)])
    seeds = [student_seed(*pair) for pair in pairs]
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**32 for seed in seeds)
