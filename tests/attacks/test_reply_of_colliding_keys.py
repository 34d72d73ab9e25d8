"""Answer with a dict whose keys all have one hash: making it compares every key with every other.

Ints have the hash of their remainder by 2**61 - 1. 100 000 of them are 5 000 000 000 comparisons.
"""

import sys

from agent_attacks import assert_speaker_harmless, attack_with_reply

ATTACK = attack_with_reply(
    '{"value": {"dict": [[number * (2**61 - 1), 0] for number in range(100_000)]}}',
    alone=True,
    options=("--timeout", "5", "--notebook-timeout", "5"),
)


class Counting(int):
    comparisons = 0

    def __eq__(self, other):
        Counting.comparisons += 1
        return int(self) == int(other)

    __hash__ = int.__hash__


def test_works_without_protection():
    keys = [Counting(number * sys.hash_info.modulus) for number in range(300)]
    assert len(dict.fromkeys(keys, 0)) == 300
    assert Counting.comparisons >= 300 * 299 / 2


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
