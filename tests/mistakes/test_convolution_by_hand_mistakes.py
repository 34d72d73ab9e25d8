"""Every named mistake with convolution is recognised on the hidden tests' inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import convolution_by_hand
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.convolution_by_hand import cases

NAMED = [(name, mistake) for name, bank in banks(convolution_by_hand).items() for mistake in bank]


def cases_of(name):
    """The makers of inputs for one function: ``pool2d_max`` and ``pool2d_average`` for pool2d."""
    return [
        maker for key, maker in vars(cases).items() if key == name or key.startswith(f"{name}_")
    ]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    bank = banks(convolution_by_hand)[name]
    for seed in range(5):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        named = []
        for maker in cases_of(name):
            try:
                check.agrees(mistake.function, bank.reference, maker(check.rng("bank")), bank)
            except check.CheckFailed as failure:
                named.append(failure.mistake)
        assert mistake.name in named
        assert set(named) <= {mistake.name}, "taken for another mistake"
