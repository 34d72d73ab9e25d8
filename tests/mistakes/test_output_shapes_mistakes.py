"""Every named mistake about sizes and counts is one, and is recognised, on the hidden inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import output_shapes
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.output_shapes import architectures, cases

BANKS = banks(output_shapes)
NETWORKS = ("mnist_network", "lenet5", "alexnet_2012", "vgg16")
TABLES = (cases.windows, cases.whole_networks, cases.pairs)
MAKERS = {
    "conv_output_size": (cases.conv_output_size, cases.conv_output_size_dilation),
    "conv_transpose_output_size": (
        cases.conv_transpose_output_size,
        cases.conv_transpose_output_size_all,
    ),
    "shape_table": TABLES,
    "count_parameters": TABLES,
}
ARITHMETIC = [(name, mistake) for name in MAKERS for mistake in BANKS[name]]
DRAWN = [(name, mistake) for name in NETWORKS for mistake in BANKS[name]]


def ids(pairs):
    return [f"{name}-{mistake.name}" for name, mistake in pairs]


def name_given(function, reference, inputs, mistakes):
    """The name that ``agrees`` gives the mistake; None where it passes or finds no name."""
    try:
        check.agrees(function, reference, inputs, mistakes)
    except check.CheckFailed as failure:
        return failure.mistake
    return None


@pytest.mark.parametrize(("name", "mistake"), ARITHMETIC, ids=ids(ARITHMETIC))
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    bank = BANKS[name]
    for seed in range(10):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        named = {
            name_given(mistake.function, bank.reference, maker(check.rng("bank")), bank)
            for maker in MAKERS[name]
        }
        assert named - {None} == {mistake.name}


@pytest.mark.parametrize(("name", "mistake"), DRAWN, ids=ids(DRAWN))
def test_each_wrong_network_fails_and_is_named(name, mistake):
    bank = BANKS[name]
    named = name_given(
        architectures.sketched(mistake.function),
        architectures.sketched(bank.reference),
        [check.case()],
        output_shapes.sketched_bank(bank),
    )
    assert named == mistake.name


def test_every_function_of_the_tutorial_has_a_bank():
    assert set(BANKS) == set(MAKERS) | set(NETWORKS)
