"""Every named mistake is a mistake, and is recognised, on the inputs of the hidden tests."""

import pytest

from course_utils import check
from course_utils.mistakes import convolution
from course_utils.mistakes.bank import banks
from course_utils.reference.convolution import cases

NAMED = [(name, mistake) for name, bank in banks(convolution).items() for mistake in bank]


def cases_of(name):
    """The makers of inputs for one function: ``pool2d_max`` and ``pool2d_average`` for pool2d."""
    return [
        maker for key, maker in vars(cases).items() if key == name or key.startswith(f"{name}_")
    ]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    bank = banks(convolution)[name]
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


@pytest.mark.parametrize("name", banks(convolution))
def test_every_function_has_several_mistakes_with_hints_that_read_as_sentences(name):
    bank = banks(convolution)[name]
    assert len(bank) >= 4
    for mistake in bank:
        assert len(mistake.hint.split()) >= 5
        assert mistake.hint.endswith((".", "`"))
