"""Fail, and then fail again when asked where: an error that nobody can show is no error.

nbgrader gives full marks to a test cell that shows none.
"""

from agent_attacks import assert_speaker_harmless, attack_as_agent
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade

ATTACK = attack_as_agent("""
error = {"error": {"bases": ["ValueError"], "type": "ValueError", "text": "no", "line": ""}}
agent._answer = lambda request, data: (error, b"")
""")


def test_works_without_protection():
    cell = new_code_cell("assert False")  # run by a shell that fails to show why it failed
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 1}
    assert determine_grade(cell) == (1, 1)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
