"""Send a pickle to the checker: unpickling it calls a function of the sender's choice."""

import pickle
from string import Template

from agent_attacks import assert_speaker_harmless, attack_as_agent

PICKLE = """
import pickle


class Bomb:
    def __reduce__(self):
        change = "__import__('pathlib').Path('$arena/canary.txt').write_text('changed')"
        return eval, (change,)


bomb = pickle.dumps(Bomb())
"""
ATTACK = attack_as_agent(PICKLE + "\nagent._answer = lambda *_: stream.sendall(bomb) or ({}, bomb)")


def test_works_without_protection(tmp_path):
    names = {}
    exec(Template(PICKLE).substitute(arena=tmp_path), names)
    pickle.loads(names["bomb"])
    assert (tmp_path / "canary.txt").read_text() == "changed"


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
