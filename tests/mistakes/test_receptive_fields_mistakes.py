"""Every named mistake about receptive fields is recognised, and VGG16 tells them apart."""

import pytest

from course_utils import check
from course_utils.datasets.receptive_fields import lenet5
from course_utils.staff.mistakes import receptive_fields
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference import receptive_fields as reference
from course_utils.staff.reference.receptive_fields import cases

# What is graded of a network is what it sees and costs.
PROPERTIES = {"design": reference.judged, "vgg_layers": reference.pool_fields}
BANKS = banks(receptive_fields)
NAMED = [(name, mistake) for name, bank in BANKS.items() for mistake in bank]
VGG16 = reference.vgg_layers((2, 2, 3, 3, 3))


def cases_of(name):
    return [
        maker
        for key, maker in vars(cases).items()
        if getattr(maker, "__module__", "") == cases.__name__
        and (key == name or key.startswith(f"{name}_"))
    ]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    graded = PROPERTIES.get(name, lambda function: function)
    bank = [m._replace(function=graded(m.function)) for m in BANKS[name]]
    right, wrong = graded(BANKS[name].reference), graded(mistake.function)
    for seed in range(5):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        named = []
        for maker in cases_of(name):
            if maker is cases.design_tight:  # where refusing is as good an answer
                continue
            try:
                check.agrees(wrong, right, maker(check.rng("bank")), bank)
            except check.CheckFailed as failure:
                named.append(failure.mistake)
        assert set(named) == {mistake.name}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("jump-updated-too-early", 243),
        ("k-for-k-minus-one", 333),
        ("backwards", 308),
        ("strides-ignored", 32),
        ("only-the-last-stride", 40),
        ("pools-skipped", 27),
    ],
)
def test_what_each_wrong_recursion_gives_for_vgg16(name, size):
    wrong = next(m.function for m in receptive_fields.receptive_field if m.name == name)
    assert reference.receptive_field(VGG16)[-1] == (212, 32)
    assert wrong(VGG16)[-1][0] == size


def test_lenet5_would_not_notice_a_recursion_that_runs_backwards():
    wrong = next(m.function for m in receptive_fields.receptive_field if m.name == "backwards")
    assert wrong(lenet5())[-1] == reference.receptive_field(lenet5())[-1]
