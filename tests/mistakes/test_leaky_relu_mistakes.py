"""Every named mistake around leaky ReLU is one, and is recognised, on the hidden tests' inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import leaky_relu
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.leaky_relu import cases

BANKS = banks(leaky_relu)
NAMED = [(name, mistake) for name, bank in BANKS.items() for mistake in bank]


def makers(name):
    """The makers of inputs for one function, such as ``train_one_step`` for train."""
    if name == "train":
        return [cases.train_one_step, cases.train_many_steps, cases.train_asleep]
    return [getattr(cases, name)]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    for seed in range(20):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        named = set()
        for maker in makers(name):
            try:
                inputs = maker(check.rng("bank"))
                check.agrees(mistake.function, BANKS[name].reference, inputs, BANKS[name])
            except check.CheckFailed as failure:
                named.add(failure.mistake)
        assert mistake.name in named
