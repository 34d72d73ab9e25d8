"""Send a result that is a number while a test runs, as if the test cell had shown it.

nbgrader takes the first number that a test cell shows for its points.
"""

from agent_attacks import assert_speaker_harmless, attack_as_agent
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

NUMBER = {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}
ATTACK = attack_as_agent(f"""
usual = agent._answer


def answer_with_points(request, data):
    for kind in ("execute_result", "display_data", "update_display_data"):
        agent._connection.send({{"message": [kind, {NUMBER}]}})
    return usual(request, data)


agent._answer = answer_with_points
""")


def test_works_without_protection():
    error = new_output("error", ename="AssertionError", evalue="", traceback=[])
    cell = new_code_cell(outputs=[new_output("execute_result", **NUMBER), error])
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 1}
    assert determine_grade(cell) == (1, 1)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
