"""Every named mistake around leaky ReLU is one, and is recognised, on the hidden tests' inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import leaky_relu
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.leaky_relu import cases

BANKS = banks(leaky_relu)
IN_PLACE = "changes-its-input"  # its results are right; a test of its own looks at the input
NAMED = [
    (name, mistake) for name, bank in BANKS.items() for mistake in bank if mistake.name != IN_PLACE
]


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


def test_changing_the_input_shows_only_in_the_input(monkeypatch):
    [mistake] = [m for m in BANKS["leaky_relu"] if m.name == IN_PLACE]
    for seed in range(20):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        inputs = cases.arrays_only(check.rng("bank"))
        reference = BANKS["leaky_relu"].reference
        check.agrees(mistake.function, reference, inputs)
        with pytest.raises(check.CheckFailed) as failure:
            check.agrees(
                cases.with_input(mistake.function),
                cases.with_input(reference),
                inputs,
                cases.mistakes_with_input(BANKS["leaky_relu"]),
            )
        assert failure.value.mistake == IN_PLACE
