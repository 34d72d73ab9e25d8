"""How far a unit looks: the recursion against measured gradients and published numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import check
from course_utils.datasets.receptive_fields import alexnet, conv, lenet5, pool, resnet50
from course_utils.staff.reference import receptive_fields as reference
from course_utils.staff.reference.receptive_fields import cases, with_torch

sides = st.integers(1, 4)
square_layers = st.lists(
    st.one_of(
        st.builds(
            conv,
            sides,
            stride=st.integers(1, 3),
            padding=st.integers(0, 2),
            dilation=st.integers(1, 3),
        ),
        st.builds(
            pool,
            st.integers(2, 4),
            stride=st.none() | st.integers(1, 3),
            padding=st.integers(0, 1),
        ),
        st.just({"type": "relu"}),
    ),
    min_size=1,
    max_size=4,
)
two = st.tuples(sides, sides)
small_two = st.tuples(st.integers(1, 2), st.integers(1, 2))
margins = st.tuples(st.integers(0, 2), st.integers(0, 2))
rectangular_layers = st.lists(
    st.builds(conv, two, stride=small_two, padding=margins, dilation=small_two),
    min_size=1,
    max_size=3,
)
LARGE = 120


def fits(layers, shape):
    try:
        return reference.map_sizes(layers, shape)
    except ValueError:
        return None


@settings(deadline=None)
@given(layers=square_layers, side=st.integers(20, 40))
def test_gradient_map_is_torchs_gradient(layers, side):
    if fits(layers, (1, side, side)) is None:
        return
    np.testing.assert_allclose(
        reference.gradient_map(layers, side), with_torch.gradient_map(layers, side), rtol=1e-9
    )


@settings(deadline=None)
@given(layers=square_layers)
def test_the_recursion_gives_the_extent_of_torchs_gradient(layers):
    size, jump = reference.receptive_field(layers)[-1]
    side = 3 * size + 4 * jump + 20  # nothing is cut off in the middle
    if side > 2 * LARGE:
        return
    reached = np.flatnonzero(with_torch.gradient_map(layers, side).any(axis=1))
    assert reached[-1] - reached[0] + 1 == size
    assert reference.empirical_receptive_field(layers) == size


@settings(deadline=None)
@given(layers=square_layers)
def test_the_jump_is_how_far_the_field_of_the_next_unit_lies(layers):
    size, jump = reference.receptive_field(layers)[-1]
    side = 3 * size + 4 * jump + 20
    place = reference.map_sizes(layers, (1, side, side))[-1][0] // 2
    here, there = (reference.seen_pixels(layers, p, side) for p in (place, place + 1))
    assert there[-1] - here[-1] == jump


@settings(deadline=None)
@given(layers=rectangular_layers, data=st.data())
def test_input_region_holds_every_pixel_with_a_gradient_and_fits_inside_the_image(layers, data):
    shape = (1, data.draw(st.integers(12, 20)), data.draw(st.integers(12, 20)))
    sizes = fits(layers, shape)
    if sizes is None:
        return
    row, col = (data.draw(st.integers(0, n - 1)) for n in sizes[-1])
    try:
        region = reference.input_region(layers, row, col, shape)
    except ValueError as error:
        assert "padding only" in str(error)
        return
    for axis, (first, last) in enumerate(region):
        assert 0 <= first <= last < shape[axis + 1]
    reached = with_torch.seen_region(layers, row, col, shape)
    if reached is None:  # the gaps of a dilated kernel lie over the whole image
        return
    for (first, last), (first_reached, last_reached) in zip(region, reached, strict=True):
        assert first <= first_reached and last_reached <= last


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("maker", [cases.input_region_plain, cases.input_region_padding])
def test_on_the_graded_inputs_the_region_is_exactly_what_torchs_gradient_reaches(maker, seed):
    for (layers, row, col, shape), _ in maker(np.random.default_rng(seed)):
        region = reference.input_region(layers, row, col, shape)
        assert region == with_torch.seen_region(layers, row, col, shape)


def test_a_region_can_be_larger_than_what_reaches_the_unit():
    # 8 rows: the last is in no window of the first layer, so nothing above can see it
    layers = [conv(3, stride=2), conv(3, padding=1)]
    assert reference.input_region(layers, 2, 2, (1, 8, 8)) == ((2, 7), (2, 7))
    assert with_torch.seen_region(layers, 2, 2, (1, 8, 8)) == ((2, 6), (2, 6))


class TestFactsOfTheCurriculum:
    def sizes(self, layers):
        return [size for size, _ in reference.receptive_field(layers)]

    def test_r1_by_hand(self):
        assert self.sizes([conv(5, stride=2), conv(2)]) == [5, 7]
        assert self.sizes([conv(3), conv(3)]) == [3, 5]

    def test_r3_dilations_double(self):
        assert self.sizes([conv(3, dilation=d) for d in (1, 2, 4, 8)]) == [3, 7, 15, 31]

    def test_r6_published_fields(self):
        vgg16 = reference.pool_fields(reference.vgg_layers)((2, 2, 3, 3, 3))
        assert vgg16["convolutions"] == 13
        assert vgg16["sizes after the pools"] == [6, 16, 44, 100, 212]
        assert reference.receptive_field(alexnet())[-1] == (195, 32)
        assert reference.receptive_field(resnet50("1x1"))[-1] == (483, 32)
        assert reference.receptive_field(resnet50("3x3"))[-1] == (427, 32)

    def test_r6_lenet5_reads_the_same_backwards(self):
        forwards = reference.receptive_field(lenet5())[-1]
        assert forwards == reference.receptive_field(lenet5()[::-1])[-1] == (32, 4)

    def test_r8_the_field_of_equal_weights_is_a_bell_of_known_width(self):
        for depth in (1, 5, 10, 40):
            bell = reference.gradient_map([conv(3)] * depth, 2 * depth + 1)
            places = np.arange(2 * depth + 1) - depth
            variance = (bell.sum(axis=0) * places**2).sum() / bell.sum()
            assert math.sqrt(variance) == pytest.approx(math.sqrt(2 * depth / 3))


@pytest.mark.parametrize("seed", range(20))
def test_designs_have_every_property_that_is_asked_for(seed):
    rng = np.random.default_rng(seed)
    for (target, budget), _ in cases.design_small(rng) + cases.design_large(rng):
        verdict = reference.judged(reference.design)(target, budget)
        assert set(verdict.values()) == {"yes"}
    for (target, budget), _ in cases.design_tight(rng):
        assert reference.never_overspends(reference.design)(target, budget)


def designed(options):
    """A student's ``design`` that takes the next layer's options while it falls short."""

    def design(target, max_parameters):
        layers = []
        while not layers or reference.receptive_field(layers)[-1][0] < target:
            layers.append(conv(3, **options(len(layers))))
        if reference.count_parameters(layers) > max_parameters:
            raise ValueError("too expensive")
        return layers

    return design


DOUBLING = {
    "dilations 1, 2, 4": lambda depth: {"dilation": 2**depth},
    "dilations 1, 1, 2, 4": lambda depth: {"dilation": 2 ** max(0, depth - 1)},
    "strides 2, 2, 2": lambda depth: {"stride": 2},
    "strides 1, 2, 2": lambda depth: {"stride": min(2, depth + 1)},
}


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", DOUBLING)
def test_every_way_to_double_keeps_the_budgets(name, seed):
    rng, design = np.random.default_rng(seed), designed(DOUBLING[name])
    asked = cases.design_small(rng) + cases.design_large(rng)
    check.agrees(reference.judged(design), reference.judged(reference.design), asked)
    for (target, budget), _ in cases.design_tight(rng):
        assert reference.never_overspends(design)(target, budget)


@pytest.mark.parametrize("name", DOUBLING)
def test_a_budget_is_counted_to_the_last_weight(name):
    rng = np.random.default_rng(0)
    layers = [conv(3, **DOUBLING[name](depth)) for depth in range(5)]
    (target, budget), _ = cases.design_large(rng)[0]
    assert reference.receptive_field(layers)[-1][0] >= target
    assert reference.receptive_field(layers[:-1])[-1][0] < target
    assert reference.count_parameters(layers) == budget
    short, budget = next(c.args for c in cases.design_tight(rng) if c.args[0] == 32)
    assert reference.receptive_field(layers)[-1][0] >= short
    assert reference.count_parameters(layers) == budget + 1


def test_a_plain_stack_breaks_every_large_budget():
    rng = np.random.default_rng(0)
    for (target, budget), _ in cases.design_large(rng):
        with pytest.raises(ValueError, match="too expensive"):
            designed(lambda depth: {})(target, budget)


def test_refusing_a_budget_is_as_good_as_keeping_it_and_breaking_it_is_neither():
    def refuses(target, max_parameters):
        raise ValueError("too little")

    def spends(target, max_parameters):
        return [conv(3, out_channels=99)]

    assert reference.never_overspends(refuses)(31, 1000)
    assert not reference.never_overspends(spends)(31, 1000)


def test_a_design_is_judged_as_torch_would_count_it():
    from torch import nn

    layers = reference.design(100, 5000)
    modules, channels = [], 3
    for layer in layers:
        modules.append(
            nn.Conv2d(channels, layer["out_channels"], layer["kernel"], bias=layer["bias"])
        )
        channels = layer["out_channels"]
    counted = sum(p.numel() for p in nn.Sequential(*modules).parameters())
    assert reference.count_parameters(layers) == counted


@pytest.mark.parametrize(
    "call",
    [
        lambda: reference.receptive_field([{"type": "conv", "out_channels": 1, "kernel": 0}]),
        lambda: reference.receptive_field([conv(3), {"type": "flatten"}]),
        lambda: reference.receptive_field([conv((3, 5))]),
        lambda: reference.receptive_field([conv(3, stride=0)]),
        lambda: reference.input_region([conv(3)], 8, 0, (1, 10, 10)),
        lambda: reference.input_region([conv(3)], -1, 0, (1, 10, 10)),
        lambda: reference.input_region([conv(3)], 0, 0, (10, 10)),
        lambda: reference.input_region([conv(11)], 0, 0, (1, 10, 10)),
        lambda: reference.input_region([conv(1, padding=2)], 0, 0, (1, 5, 5)),
        lambda: reference.gradient_map([conv(5)], 4),
        lambda: reference.design(0, 1000),
        lambda: reference.design(5, 10),
        lambda: reference.judged(lambda *_: [])(5, 1000),
        lambda: reference.judged(lambda *_: "a network")(5, 1000),
        lambda: resnet50("5x5"),
    ],
)
def test_impossible_input_raises_value_error(call):
    with pytest.raises(ValueError, match=r"takes? |must|no pixel|counted"):
        call()
