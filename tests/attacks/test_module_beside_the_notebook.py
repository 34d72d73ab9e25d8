"""Submit a module called like the one that tests import: Python looks beside the notebook first."""

from attack import Attack, assert_harmless

CONTENT = """
class Content:
    def __getattr__(self, name):
        return lambda *args, **kwargs: None


check = Content()
"""
ATTACK = Attack(
    files={"course_utils/__init__.py": CONTENT, "numpy/testing.py": "", "sitecustomize.py": "1 / 0"}
)


def test_works_without_protection(unprotected):
    assert unprotected.points["A1_visible"] == 1
    assert unprotected.points["A2_hidden_answer"] == 1


def test_is_stopped(protected):
    assert_harmless(protected)
