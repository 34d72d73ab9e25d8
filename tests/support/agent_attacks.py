"""Attacks that speak for the engine's agent: student code that has found the connection.

The agent is the part of the engine that lives in the student's process, so student code can take
its place and send the checker anything at all. An ordinary kernel has no agent: what works without
protection is shown there with a ``stock_cell``, or on readers that trust what they are sent.
"""

from multiprocessing import Pipe
from multiprocessing.managers import dispatch

from attack import Attack, assert_harmless

FIND_AGENT = """
import gc

[agent] = [thing for thing in gc.get_objects() if type(thing).__name__ == "Agent"]
stream = agent._connection._socket
print("found the agent", flush=True)
"""


def attack_as_agent(source, **more):
    """Return an attack whose ``source`` replaces what the agent answers.

    In it ``agent`` is the agent and ``stream`` its socket to the checker.
    """
    return Attack(cell=FIND_AGENT + source, **more)


def attack_with_reply(source, **more):
    """Return an attack that answers every request with the value of an expression.

    The expression is a reply: a dict, and bytes behind it where it is a tuple of both.
    """
    return attack_as_agent(
        f"""
def reply(request, data):
    content = {source}
    return content if isinstance(content, tuple) else (content, b"")


agent._answer = reply
""",
        **more,
    )


def ask_a_manager(reply):
    """Ask a process of ``multiprocessing`` that has sent ``reply`` already; returns the answer."""
    trusting, student = Pipe()
    with trusting, student:
        student.send(reply)
        return dispatch(trusting, None, "question")


def assert_speaker_harmless(result):
    """The attack found the agent, and it did no harm; see ``assert_harmless``."""
    assert "found the agent" in result.outputs
    assert_harmless(result)
