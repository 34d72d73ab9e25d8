"""Answer with a dict whose keys all have one hash: making it compares every key with every other.

Ints have the hash of their remainder by 2**61 - 1. 100 000 of them are 5 000 000 000 comparisons.
"""

import pickle
import sys
import time

from agent_attacks import assert_speaker_harmless, attack_with_reply

ATTACK = attack_with_reply(
    '{"value": {"dict": [[number * (2**61 - 1), 0] for number in range(100_000)]}}'
)


def seconds_to_read(step):
    """How long Python takes to read a dict of ints that are so far apart."""
    pickled = pickle.dumps({number * step: 0 for number in range(3000)})
    start = time.thread_time()
    pickle.loads(pickled)
    return time.thread_time() - start


def test_works_without_protection():
    assert seconds_to_read(sys.hash_info.modulus) > 20 * seconds_to_read(1)


def test_is_stopped(protected):
    assert_speaker_harmless(protected)
