"""Sizes, shapes and counts against torch's own layers, and against published numbers."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_utils.layers import KEYS, POINTWISE, SPATIAL, Window, read_layers, windows
from course_utils.staff.reference.output_shapes import architectures, by_hand, with_torch

small = st.integers(1, 5)
margins = st.integers(0, 4)


@given(n=st.integers(1, 60), kernel=small, stride=small, padding=margins, dilation=small)
def test_conv_output_size_is_torchs_and_impossible_where_torch_says_so(
    n, kernel, stride, padding, dilation
):
    arguments = n, kernel, stride, padding, dilation
    if dilation * (kernel - 1) + 1 > n + 2 * padding:
        with pytest.raises(ValueError, match="must fit inside"):
            by_hand.conv_output_size(*arguments)
        with pytest.raises(RuntimeError):
            with_torch.conv_output_size(*arguments)
        return
    assert by_hand.conv_output_size(*arguments) == with_torch.conv_output_size(*arguments)


@given(
    n=st.integers(1, 30), kernel=small, stride=small, padding=margins,
    output_padding=margins, dilation=small,
)  # fmt: skip
def test_conv_transpose_output_size_is_torchs(n, kernel, stride, padding, output_padding, dilation):
    arguments = n, kernel, stride, padding, output_padding, dilation
    if output_padding >= max(stride, dilation):
        with pytest.raises(ValueError, match="a whole number below the stride"):
            by_hand.conv_transpose_output_size(*arguments)
        with pytest.raises(RuntimeError):
            with_torch.conv_transpose_output_size(*arguments)
        return
    if (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding < 0:
        with pytest.raises(ValueError, match="at least one must be left"):
            by_hand.conv_transpose_output_size(*arguments)
        return
    assert by_hand.conv_transpose_output_size(*arguments) == with_torch.conv_transpose_output_size(
        *arguments
    )


@given(n=st.integers(1, 60), kernel=small, stride=small, padding=margins)
def test_exactly_stride_sizes_lead_to_the_same_map_and_output_padding_chooses_among_them(
    n, kernel, stride, padding
):
    assume(kernel <= n + 2 * padding)
    size = by_hand.conv_output_size(n, kernel, stride, padding)
    left_over = (n + 2 * padding - kernel) % stride
    assert by_hand.conv_transpose_output_size(size, kernel, stride, padding, left_over) == n


@st.composite
def networks(draw):
    """Random layers, of which many do not fit the random image."""
    pairs = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))
    layers = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from((*SPATIAL, *POINTWISE)))
        layer = {"type": kind}
        if kind in SPATIAL:
            layer |= {"kernel": draw(pairs)}
            if draw(st.booleans()):
                layer |= {"stride": draw(pairs)}
        if kind == "conv":
            groups = draw(st.integers(1, 2))
            layer |= {
                "out_channels": groups * draw(small),
                "groups": groups,
                "padding": draw(st.integers(0, 2)),
                "dilation": draw(pairs),
                "bias": draw(st.booleans()),
            }
        layers.append(layer)
    if draw(st.booleans()):
        layers += [{"type": "flatten"}, {"type": "linear", "out_features": draw(small)}]
    shape = draw(st.integers(1, 4)), draw(st.integers(1, 14)), draw(st.integers(1, 14))
    return layers, shape


@settings(deadline=None)
@given(networks())
def test_shapes_and_counts_are_torchs_or_both_refuse(network):
    layers, shape = network
    try:
        expected = with_torch.shape_table(layers, shape)
    except (RuntimeError, ValueError):
        with pytest.raises(ValueError):
            by_hand.shape_table(layers, shape)
        return
    assert by_hand.shape_table(layers, shape) == expected
    assert by_hand.count_parameters(layers, shape) == with_torch.count_parameters(layers, shape)


def test_a_table_can_start_flat():
    layers = [{"type": "linear", "out_features": 3, "bias": False}, {"type": "softmax"}]
    assert by_hand.shape_table(layers, (7,)) == with_torch.shape_table(layers, (7,))
    assert by_hand.count_parameters(layers, (7,)) == [21, 0]


BOXES = [
    {"type": "maxpool", "kernel": 2},
    {"type": "conv", "out_channels": 12, "kernel": 17},
    {"type": "maxpool", "kernel": 3},
    {"type": "flatten"},
    {"type": "linear", "out_features": 128},
    {"type": "relu"},
    {"type": "linear", "out_features": 10},
    {"type": "softmax"},
]
# The printed sizes: (network, input, a shape on the way and its place, number of parameters).
PUBLISHED = [
    (architectures.lenet5, (1, 32, 32), 5, (120, 1, 1), 61_706),
    (architectures.alexnet_torch, (3, 224, 224), 8, (256, 6, 6), 61_100_840),
    (architectures.alexnet_2012, (3, 227, 227), 8, (256, 6, 6), 60_965_224),
    (architectures.vgg16, (3, 224, 224), 18, (512, 7, 7), 138_357_544),
    (architectures.mnist_network, (1, 28, 28), 3, (64, 12, 12), 1_199_882),
]


class TestFactsOfTheCurriculum:
    def test_s1_alexnets_first_layer_and_the_trap(self):
        assert by_hand.conv_output_size(224, 11, 4) == 54
        assert by_hand.conv_output_size(227, 11, 4) == 55
        assert by_hand.conv_output_size(224, 11, 4, padding=2) == 55

    def test_s2_shapes_of_96_filters_in_torch(self):
        layer = torch.nn.Conv2d(3, 96, 11, stride=4, device="meta")
        assert layer(torch.empty(32, 3, 224, 224, device="meta")).shape == (32, 96, 54, 54)

    def test_s4_two_strides_and_torch_refuses_same_with_a_stride(self):
        layer = {"type": "conv", "out_channels": 1, "kernel": 3, "stride": (2, 3), "padding": 1}
        assert by_hand.shape_table([layer], (1, 5, 9))[-1] == (1, 3, 3)
        with pytest.raises(ValueError, match="strided"):
            torch.nn.Conv2d(1, 1, 3, stride=2, padding="same")

    def test_s5_stack_of_two(self):
        first = {"type": "conv", "out_channels": 8, "kernel": 5, "padding": 2, "stride": 2}
        second = {"type": "conv", "out_channels": 4, "kernel": 3, "padding": 1, "stride": 3}
        assert by_hand.shape_table([first, second], (1, 600, 600)) == [
            (1, 600, 600), (8, 300, 300), (4, 100, 100)
        ]  # fmt: skip

    def test_s6_shapes_of_the_boxes(self):
        assert by_hand.shape_table(BOXES, (3, 128, 128)) == [
            (3, 128, 128), (3, 64, 64), (12, 48, 48), (12, 16, 16), (3072,), (128,), (128,),
            (10,), (10,),
        ]  # fmt: skip

    def test_s7_parameters_of_the_boxes(self):
        counts = by_hand.count_parameters(BOXES, (3, 128, 128))
        assert counts == [0, 10_416, 0, 0, 393_344, 0, 1_290, 0]
        assert sum(counts) == 405_050
        assert round(100 * 10_416 / sum(counts), 2) == 2.57
        assert round(100 * 394_634 / sum(counts), 2) == 97.43

    def test_s8_a_linear_layer_in_place_of_the_convolution(self):
        dense = {"type": "linear", "out_features": 12 * 48 * 48}
        assert by_hand.count_parameters([dense], (3 * 64 * 64,)) == [339_766_272]

    def test_s9_counts_of_the_mnist_network(self):
        counts = by_hand.count_parameters(architectures.mnist_network(), (1, 28, 28))
        assert counts == [320, 18_496, 0, 0, 1_179_776, 1_290]

    def test_s10_the_1998_count_of_lenet5(self):
        c1, s2, c5, f6 = 156, 6 * 2, 48_120, 10_164
        c3 = (6 * 3 + 9 * 4 + 1 * 6) * 25 + 16
        s4 = 16 * 2
        assert c3 == 1_516
        assert c1 + s2 + c3 + s4 + c5 + f6 == 60_000
        counts = by_hand.count_parameters(architectures.lenet5(), (1, 32, 32))
        assert (counts[0], counts[4], counts[6]) == (c1, c5, f6)

    @pytest.mark.parametrize(("network", "shape", "place", "there", "parameters"), PUBLISHED)
    def test_s10_published_networks(self, network, shape, place, there, parameters):
        for module in (by_hand, with_torch):
            assert module.shape_table(network(), shape)[place] == there
            assert sum(module.count_parameters(network(), shape)) == parameters

    def test_s11_there_and_back(self):
        assert by_hand.conv_output_size(6, 3, 2, 1) == 3
        assert by_hand.conv_transpose_output_size(3, 3, 2, 1) == 5
        assert by_hand.conv_transpose_output_size(3, 3, 2, 1, output_padding=1) == 6


CONV = {"type": "conv", "out_channels": 4, "kernel": 3}
IMAGE = (3, 8, 9)
BAD_NETWORKS = [
    (CONV, IMAGE, "layers is {'type': 'conv'"),
    (["conv"], IMAGE, "layers[0] is 'conv'; it takes a dict with the key 'type'"),
    ([{"type": "convolution"}], IMAGE, "layers[0]['type'] is 'convolution'; it takes one of conv,"),
    ([{"kernel": 3}], IMAGE, "layers[0]['type'] is None"),
    ([{"type": "conv", "kernel": 3}], IMAGE, "layers[0] (conv) has no 'out_channels'"),
    ([CONV | {"padd": 1}], IMAGE, "layers[0] (conv) has the key 'padd'; it takes out_channels,"),
    ([{"type": "relu", "kernel": 3}], IMAGE, "it takes no key besides 'type'"),
    ([CONV | {"kernel": 0}], IMAGE, "layers[0]['kernel'] is 0; it takes a whole number from 1 up"),
    ([CONV | {"stride": (1, 0)}], IMAGE, "layers[0]['stride'] is 0"),
    ([CONV | {"stride": None}], IMAGE, "layers[0]['stride'] is None; it takes an int or a pair"),
    ([CONV | {"padding": -1}], IMAGE, "layers[0]['padding'] is -1"),
    ([CONV | {"padding": "same"}], IMAGE, "layers[0]['padding'] is 'same'"),
    ([CONV | {"bias": 1}], IMAGE, "layers[0]['bias'] is 1; it takes True or False"),
    ([CONV | {"groups": 3}], IMAGE, "4 out_channels in 3 groups; groups must divide"),
    ([CONV | {"groups": 2}], IMAGE, "splits 3 channels into 2 groups"),
    ([{"type": "dropout", "p": 2}], IMAGE, "layers[0]['p'] is 2; it takes a number from 0 to 1"),
    ([{"type": "dropout", "p": True}], IMAGE, "layers[0]['p'] is True"),
    ([{"type": "maxpool", "kernel": 2, "padding": 2}], IMAGE, "a pool takes at most half"),
    ([{"type": "avgpool", "kernel": 2, "dilation": 2}], IMAGE, "takes no dilation but 1"),
    ([CONV | {"kernel": (9, 2)}], IMAGE, "the kernel spans 9 pixels and the padded axis has 8"),
    ([CONV | {"dilation": 4}], IMAGE, "the kernel spans 9 pixels"),
    ([{"type": "linear", "out_features": 0}], (5,), "layers[0]['out_features'] is 0"),
    ([{"type": "linear", "out_features": 5}], IMAGE, "layers[0] is linear and gets (3, 8, 9)"),
    ([{"type": "flatten"}, CONV], IMAGE, "layers[1] is conv and gets (216,)"),
    ([], (8, 9), "input_shape is (8, 9); it takes (channels, rows, columns) or (features,)"),
    ([], 5, "input_shape is 5"),
    ([], (3, 8, 0), "every number of input_shape is 0"),
]


@pytest.mark.parametrize("function", [by_hand.shape_table, by_hand.count_parameters])
@pytest.mark.parametrize(("layers", "shape", "message"), BAD_NETWORKS)
def test_impossible_networks_are_named(function, layers, shape, message):
    with pytest.raises(ValueError) as error:
        function(layers, shape)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 6), "the kernel spans 6 pixels and the padded axis has 5"),
        ((5, 3, 0), "stride is 0; it takes a whole number from 1 up"),
        ((5, 3, 1, -1), "padding is -1"),
        ((5, 3, 1, 0, 0), "dilation is 0"),
        ((5.0, 3), "n is 5.0"),
        ((0, 1), "n is 0"),
    ],
)
def test_impossible_sizes_are_named(arguments, message):
    with pytest.raises(ValueError) as error:
        by_hand.conv_output_size(*arguments)
    assert message in str(error.value)


class TestReadLayers:
    def test_defaults_are_torchs(self):
        (conv,) = read_layers([CONV])
        layer = torch.nn.Conv2d(3, 4, 3)
        for key in ("stride", "padding", "dilation", "groups"):
            assert conv[key] == getattr(layer, key)
        assert conv["bias"] is (layer.bias is not None)
        (pool,) = read_layers([{"type": "maxpool", "kernel": (2, 3)}])
        assert pool["stride"] == torch.nn.MaxPool2d((2, 3)).stride == (2, 3)
        (dropout,) = read_layers([{"type": "dropout"}])
        assert dropout["p"] == torch.nn.Dropout().p

    def test_reading_twice_is_reading_once(self):
        layers = read_layers([{"type": kind} | _least(kind) for kind in KEYS])
        assert read_layers(layers) == layers
        spatial = [layer for layer in layers if layer["type"] in SPATIAL]
        assert all(layer.keys() >= set(Window._fields) for layer in spatial)

    def test_the_given_list_is_not_changed(self):
        layer = {"type": "conv", "out_channels": 1, "kernel": 2}
        read_layers([layer])
        assert layer == {"type": "conv", "out_channels": 1, "kernel": 2}

    def test_windows_of_pointwise_layers_are_single_pixels(self):
        found = windows([CONV | {"padding": 1}, {"type": "relu"}, {"type": "avgpool", "kernel": 2}])
        assert found[0] == ((3, 3), (1, 1), (1, 1), (1, 1))
        assert found[1] == Window() == ((1, 1), (1, 1), (0, 0), (1, 1))
        assert found[2] == ((2, 2), (2, 2), (0, 0), (1, 1))

    def test_flat_layers_have_no_window(self):
        with pytest.raises(ValueError, match=r"layers\[1\] is a flatten layer"):
            windows([CONV, {"type": "flatten"}])


def _least(kind):
    """The keys a type cannot do without."""
    return {
        "conv": {"out_channels": 4, "kernel": (3, 2)},
        "linear": {"out_features": 3},
        "maxpool": {"kernel": 2},
        "avgpool": {"kernel": 2},
    }.get(kind, {})


class TestSketch:
    def test_the_same_network_said_in_other_words_has_the_same_sketch(self):
        other = [
            {"type": "conv", "out_channels": 6, "kernel": (5, 5), "stride": 1, "bias": True},
            {"type": "relu"},
            {"type": "avgpool", "kernel": 2, "stride": (2, 2)},
        ]
        assert architectures.sketch(other) == architectures.sketch(architectures.lenet5()[:2])

    def test_every_number_of_a_layer_is_in_its_sketch(self):
        conv = {"type": "conv", "out_channels": 4, "kernel": (3, 2), "stride": (1, 2)}
        changes = ({"out_channels": 6}, {"kernel": (2, 3)}, {"stride": (2, 1)}, {"padding": 1},
                   {"dilation": 2}, {"groups": 2}, {"bias": False})  # fmt: skip
        sketches = [architectures.sketch([conv | change]) for change in ({}, *changes)]
        assert all(sketches.count(one) == 1 for one in sketches)

    def test_sketched_keeps_the_name(self):
        assert architectures.sketched(architectures.vgg16).__name__ == "vgg16"
