"""Trusted processes have limits on their memory, and what they start has its own."""

import resource
import subprocess
import sys

import pytest
from tiny_course import ASSIGNMENT

from course_utils.staff.grading import class_run
from course_utils.staff.grading.memory_limit import lift_memory_limit, limit_memory, memory_limit
from course_utils.staff.grading.record import text_worker
from course_utils.staff.grading.run import checker_server


def soft_limit():
    return resource.getrlimit(resource.RLIMIT_AS)[0]


def test_more_than_the_limit_is_a_memory_error():
    before = soft_limit()
    bytearray(200 * 2**20)
    with memory_limit(100 * 2**20), pytest.raises(MemoryError):
        bytearray(200 * 2**20)
    assert soft_limit() == before


def test_what_is_started_meanwhile_can_be_freed():
    with memory_limit(10 * 2**30):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        with child:
            assert resource.prlimit(child.pid, resource.RLIMIT_AS)[0] == soft_limit()
            lift_memory_limit(child.pid)
            assert resource.prlimit(child.pid, resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_the_grader_works_under_a_limit_of_its_own(monkeypatch):
    seen = []
    monkeypatch.setattr(class_run, "_alone", lambda course: seen.append(soft_limit()) or 1 / 0)
    monkeypatch.setattr(class_run, "check_isolation", lambda *_: None)
    monkeypatch.setattr(class_run, "_check_packages", lambda *_: None)

    class Course:
        def nbgrader(self, config):
            return None

        def check_engine(self):
            return None

    with pytest.raises(ZeroDivisionError):
        list(class_run.autograde(Course(), ASSIGNMENT, []))
    assert class_run.MEMORY < seen[0] < 2 * class_run.MEMORY


def test_checker_and_worker_have_less_than_the_grader():
    assert checker_server.limit_memory is text_worker.limit_memory is limit_memory
    assert max(checker_server.MEMORY, text_worker.MEMORY) < class_run.MEMORY
