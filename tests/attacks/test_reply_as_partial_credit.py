"""Send a result that is a number while a test runs, as if the test cell had shown it.

nbgrader takes the first number that a test cell shows for its points.
"""

from agent_attacks import assert_speaker_harmless, attack_as_agent
from attack_course import TESTS

NUMBER = {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}
ATTACK = attack_as_agent(
    f"""
usual = agent._answer


def answer_with_points(request, data):
    for kind in ("execute_result", "display_data", "update_display_data"):
        agent._connection.send({{"message": [kind, {NUMBER}]}})
    return usual(request, data)


agent._answer = answer_with_points
""",
    stock_cell=f"""
shell = get_ipython()


def send_points(info):
    kernel = shell.kernel
    kernel.session.send(
        kernel.iopub_socket, "execute_result", {NUMBER}, parent=kernel.get_parent()
    )


shell.events.register("pre_run_cell", send_points)
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.points == dict.fromkeys(TESTS, 1)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
