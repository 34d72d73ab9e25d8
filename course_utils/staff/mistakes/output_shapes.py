"""What goes wrong when one counts pixels, shapes and parameters.

Each bank carries the name of the function of the tutorial whose mistakes it holds. The wrong
versions lean on the reference, so that each shows its one mistake and nothing else. The banks of
networks hold wrong lists of layers; ``sketched_bank`` makes them comparable with a student's.
"""

import math

from course_utils.layers import POINTWISE, POOLS, SPATIAL, read_layers
from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import output_shapes as reference
from course_utils.staff.reference.output_shapes import architectures

conv_output_size = MistakeBank(reference.conv_output_size)


def _room(n, kernel, padding, dilation):
    """Pixels by which the window can move."""
    return n + 2 * padding - dilation * (kernel - 1) - 1


@conv_output_size.add(
    "One is missing: dividing counts the *steps*, and the window that has not moved yet counts too."
)
def plus_one_missing(n, kernel, stride=1, padding=0, dilation=1):
    return _room(n, kernel, padding, dilation) // stride


@conv_output_size.add(
    "You count a window that hangs over the edge. Half a step is no step: round down, with `//`."
)
def ceil_for_floor(n, kernel, stride=1, padding=0, dilation=1):
    return -(-_room(n, kernel, padding, dilation) // stride) + 1


@conv_output_size.add("There are no 54.25 windows: round the number of steps down, with `//`.")
def floor_forgotten(n, kernel, stride=1, padding=0, dilation=1):
    return _room(n, kernel, padding, dilation) / stride + 1


@conv_output_size.add(
    "You round to the nearest whole number; a step that is half possible is not possible: round "
    "down."
)
def rounded_to_nearest(n, kernel, stride=1, padding=0, dilation=1):
    return round(_room(n, kernel, padding, dilation) / stride) + 1


@conv_output_size.add(
    "The `+ 1` is inside the division. First divide the room by the stride, then add the window "
    "at the start."
)
def plus_one_divided(n, kernel, stride=1, padding=0, dilation=1):
    return (_room(n, kernel, padding, dilation) + 1) // stride


@conv_output_size.add(
    "Padding goes on *both* ends of the axis: the padded axis has n + 2p pixels, not n + p."
)
def padding_counted_once(n, kernel, stride=1, padding=0, dilation=1):
    return (_room(n, kernel, 0, dilation) + padding) // stride + 1


@conv_output_size.add("`padding` has no effect yet: it adds that many zeros at each end.")
def padding_ignored(n, kernel, stride=1, padding=0, dilation=1):
    return _room(n, kernel, 0, dilation) // stride + 1


@conv_output_size.add("`stride` has no effect yet: divide the room by the stride.")
def stride_ignored(n, kernel, stride=1, padding=0, dilation=1):
    return _room(n, kernel, padding, dilation) + 1


@conv_output_size.add(
    "That is the size after *same* padding, n over stride. Here the kernel takes room as well."
)
def kernel_ignored(n, kernel, stride=1, padding=0, dilation=1):
    return -(-n // stride)


@conv_output_size.add("`dilation` has no effect yet: it spreads the kernel over more pixels.")
def dilation_ignored(n, kernel, stride=1, padding=0, dilation=1):
    return _room(n, kernel, padding, 1) // stride + 1


@conv_output_size.add(
    "A dilated kernel spans d·(k − 1) + 1 pixels: there are k − 1 gaps between k weights, so "
    "d·k is too wide."
)
def dilation_times_kernel(n, kernel, stride=1, padding=0, dilation=1):
    return (n + 2 * padding - dilation * kernel) // stride + 1


@conv_output_size.add(
    "You put d zeros between neighbours; a dilation of d puts d − 1, so that d = 1 changes nothing."
)
def dilation_counts_zeros(n, kernel, stride=1, padding=0, dilation=1):
    extra = dilation if dilation > 1 else 0
    return (n + 2 * padding - kernel - extra * (kernel - 1)) // stride + 1


conv_transpose_output_size = MistakeBank(reference.conv_transpose_output_size)


def _transposed(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    """The formula without its checks: a wrong use of it may well give 0 or less."""
    return (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1


@conv_transpose_output_size.add(
    "That is the size of an ordinary convolution. On the way back the stride multiplies."
)
def forward_formula(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _room(n, kernel, padding, dilation) // stride + 1


@conv_transpose_output_size.add(
    "On the way back padding makes the result *smaller*: it is cut from both ends."
)
def padding_enlarges(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, -padding, output_padding, dilation)


@conv_transpose_output_size.add("Padding is cut from *both* ends: subtract 2p, not p.")
def padding_cut_once(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, 0, output_padding, dilation) - padding


@conv_transpose_output_size.add(
    "n pixels have n − 1 gaps between them, so the stamps spread over (n − 1)·s pixels, not n·s."
)
def n_for_n_minus_one(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n + 1, kernel, stride, padding, output_padding, dilation)


@conv_transpose_output_size.add(
    "One is missing: (n − 1)·s is where the last stamp *starts*, and the stamp is k pixels wide."
)
def one_short(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, padding, output_padding, dilation) - 1


@conv_transpose_output_size.add(
    "`stride` has no effect yet: here it sets the stamps of neighbouring pixels apart."
)
def stamps_one_apart(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, 1, padding, output_padding, dilation)


@conv_transpose_output_size.add(
    "`output_padding` has no effect yet: it makes the result longer by that many pixels."
)
def output_padding_ignored(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, padding, 0, dilation)


@conv_transpose_output_size.add(
    "`output_padding` is added at *one* end; only `padding` counts twice."
)
def output_padding_twice(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, padding, 2 * output_padding, dilation)


@conv_transpose_output_size.add(
    "`dilation` has no effect yet: each stamp spans d·(k − 1) + 1 pixels."
)
def stamp_not_dilated(n, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    return _transposed(n, kernel, stride, padding, output_padding)


def _changed(layers, types, **options):
    """The layers with some options replaced where their type is one of ``types``."""
    return [layer | (options if layer["type"] in types else {}) for layer in layers]


def _ungrouped(layers):
    """One group each, because groups need not divide a wrong number of channels."""
    return _changed(read_layers(layers), ["conv"], groups=1)


def _leaving(layer, shape):
    return reference.shape_table([layer], shape)[-1]


def _walk(layers, input_shape, leaving):
    """A shape table in which ``leaving(layer, shape)`` is the shape after each layer."""
    shapes = [tuple(input_shape)]
    for layer in read_layers(layers):
        shapes.append(leaving(layer, shapes[-1]))
    return shapes


shape_table = MistakeBank(reference.shape_table)


@shape_table.add(
    "The table begins with the input itself: it has one entry more than there are layers."
)
def input_left_out(layers, input_shape):
    return reference.shape_table(layers, input_shape)[1:]


@shape_table.add(
    "A pool without a `stride` moves by its own kernel, so that its windows touch; yours moves "
    "by 1."
)
def pool_moves_by_one(layers, input_shape):
    default = [{"stride": 1} | layer if layer["type"] in POOLS else layer for layer in layers]
    return reference.shape_table(default, input_shape)


@shape_table.add("A pool has a `stride` of its own where one is given; yours moves by its kernel.")
def pool_moves_by_kernel(layers, input_shape):
    touching = [
        layer | {"stride": layer["kernel"]} if layer["type"] in POOLS else layer
        for layer in read_layers(layers)
    ]
    return reference.shape_table(touching, input_shape)


@shape_table.add(
    "A convolution makes one map per filter: its output has `out_channels` channels, whatever "
    "came in."
)
def conv_keeps_channels(layers, input_shape):
    def leaving(layer, shape):
        after = _leaving(layer, shape)
        return (shape[0], *after[1:]) if layer["type"] == "conv" else after

    return _walk(_ungrouped(layers), input_shape, leaving)


@shape_table.add(
    "Pooling works on every channel by itself, so the channels stay as many; yours merge into one."
)
def pool_merges_channels(layers, input_shape):
    def leaving(layer, shape):
        after = _leaving(layer, shape)
        return (1, *after[1:]) if layer["type"] in POOLS else after

    return _walk(_ungrouped(layers), input_shape, leaving)


@shape_table.add(
    "Your shapes begin with a batch axis. A table describes one image: (channels, rows, "
    "columns), and (features,) behind `flatten`."
)
def batch_axis_in_front(layers, input_shape):
    return [(1, *shape) for shape in reference.shape_table(layers, input_shape)]


@shape_table.add("Shapes here are PyTorch's: (channels, rows, columns). You put the channels last.")
def channels_last(layers, input_shape):
    return [(*shape[1:], shape[0]) for shape in reference.shape_table(layers, input_shape)]


@shape_table.add(
    "Pairs are (vertical, horizontal): the first number goes with the rows, the second with the "
    "columns."
)
def rows_and_columns_swapped(layers, input_shape):
    turned = [
        {key: v[::-1] if isinstance(v, tuple) else v for key, v in layer.items()}
        for layer in read_layers(layers)
    ]
    return reference.shape_table(turned, input_shape)


@shape_table.add("`padding` has no effect yet: it adds rows and columns on all four sides.")
def table_without_padding(layers, input_shape):
    return reference.shape_table(_changed(read_layers(layers), SPATIAL, padding=0), input_shape)


@shape_table.add("`stride` has no effect in your convolutions yet.")
def conv_stride_ignored(layers, input_shape):
    return reference.shape_table(_changed(read_layers(layers), ["conv"], stride=1), input_shape)


@shape_table.add("`dilation` has no effect yet: a dilated kernel spans d·(k − 1) + 1 pixels.")
def table_without_dilation(layers, input_shape):
    return reference.shape_table(_changed(read_layers(layers), SPATIAL, dilation=1), input_shape)


@shape_table.add(
    "A pool's window that does not fit is dropped as well: round down, as for a convolution."
)
def pool_rounded_up(layers, input_shape):
    def leaving(layer, shape):
        if layer["type"] not in POOLS:
            return _leaving(layer, shape)
        sides = (
            ceil_for_floor(
                n, *(layer[key][axis] for key in ("kernel", "stride", "padding", "dilation"))
            )
            for axis, n in enumerate(shape[1:])
        )
        return (shape[0], *sides)

    return _walk(layers, input_shape, leaving)


@shape_table.add(
    "Flattening keeps every number: channels times rows times columns. The channels are missing."
)
def flatten_forgets_channels(layers, input_shape):
    def leaving(layer, shape):
        is_image = layer["type"] == "flatten" and len(shape) == 3
        return (math.prod(shape[1:]),) if is_image else _leaving(layer, shape)

    return _walk(layers, input_shape, leaving)


@shape_table.add(
    "ReLU, softmax and dropout leave the shape as it is, but each is a layer and has its line."
)
def pointwise_left_out(layers, input_shape):
    return reference.shape_table(
        [layer for layer in layers if layer["type"] not in POINTWISE], input_shape
    )


count_parameters = MistakeBank(reference.count_parameters)

_WITH_WEIGHTS = ("conv", "linear")


def _count(layers, input_shape, types, number):
    """A count in which ``number(layer, shape, right)`` replaces the right one of some types."""
    shapes = reference.shape_table(layers, input_shape)
    numbers = reference.count_parameters(layers, input_shape)
    return [
        number(layer, shape, right) if layer["type"] in types else right
        for layer, shape, right in zip(read_layers(layers), shapes[:-1], numbers, strict=True)
    ]


def _count_weights(layers, input_shape, weights):
    """A count in which a convolution has ``weights(layer, channels)`` weights and its biases."""

    def number(layer, shape, right):
        return weights(layer, shape[0]) + (layer["out_channels"] if layer["bias"] else 0)

    return _count(layers, input_shape, ["conv"], number)


@count_parameters.add(
    "The biases are missing: one for every filter and for every feature of a linear layer."
)
def biases_forgotten(layers, input_shape):
    without = _changed(read_layers(layers), _WITH_WEIGHTS, bias=False)
    return reference.count_parameters(without, input_shape)


@count_parameters.add("You count biases that are not there: `bias` may be False.")
def biases_always(layers, input_shape):
    biased = _changed(read_layers(layers), _WITH_WEIGHTS, bias=True)
    return reference.count_parameters(biased, input_shape)


@count_parameters.add(
    "A filter has *one* bias for all its weights and places; you give the whole layer only one."
)
def one_bias_a_layer(layers, input_shape):
    def number(layer, shape, right):
        outputs = layer["out_channels" if layer["type"] == "conv" else "out_features"]
        return right - outputs + 1 if layer["bias"] else right

    return _count(layers, input_shape, _WITH_WEIGHTS, number)


@count_parameters.add(
    "A filter is as deep as its input, and you count one channel: its weights are channels times "
    "rows times columns. If you read the channels from your own `shape_table`, do its shapes begin "
    "with them?"
)
def filters_of_one_channel(layers, input_shape):
    def weights(layer, channels):
        return layer["out_channels"] * math.prod(layer["kernel"])

    return _count_weights(layers, input_shape, weights)


@count_parameters.add(
    "You count one filter; there are `out_channels` of them, each with weights of its own."
)
def one_filter_only(layers, input_shape):
    def number(layer, shape, right):
        return right // layer["out_channels"]

    return _count(layers, input_shape, ["conv"], number)


@count_parameters.add("A kernel has rows *times* columns weights; you square its first side.")
def kernel_squared(layers, input_shape):
    def weights(layer, channels):
        return layer["out_channels"] * channels // layer["groups"] * layer["kernel"][0] ** 2

    return _count_weights(layers, input_shape, weights)


@count_parameters.add(
    "With g groups a filter sees only channels / g of the channels, so it has fewer weights."
)
def groups_ignored(layers, input_shape):
    def weights(layer, channels):
        return layer["out_channels"] * channels * math.prod(layer["kernel"])

    return _count_weights(layers, input_shape, weights)


@count_parameters.add(
    "Pooling has nothing to learn: a maximum or an average has no weights, so its number is 0."
)
def pooling_given_parameters(layers, input_shape):
    def number(layer, shape, right):
        return shape[0] * math.prod(layer["kernel"])

    return _count(layers, input_shape, POOLS, number)


@count_parameters.add(
    "The weights of a filter are *shared*: it uses the same ones at every place, so the size of "
    "the map does not multiply."
)
def weights_at_every_place(layers, input_shape):
    shapes = reference.shape_table(layers, input_shape)
    right = reference.count_parameters(layers, input_shape)
    return [number * math.prod(after[1:]) for number, after in zip(right, shapes[1:], strict=True)]


@count_parameters.add(
    "You count a bias for every place of the map. A filter has one bias, which it adds at every "
    "place, as it uses the same weights there."
)
def bias_at_every_place(layers, input_shape):
    shapes = reference.shape_table(layers, input_shape)
    right = reference.count_parameters(layers, input_shape)
    return [
        number
        + (
            layer["out_channels"] * (math.prod(after[1:]) - 1)
            if layer["type"] == "conv" and layer["bias"]
            else 0
        )
        for layer, number, after in zip(read_layers(layers), right, shapes[1:], strict=True)
    ]


@count_parameters.add("One number for each layer is asked for, in a list; you return their sum.")
def total_for_list(layers, input_shape):
    return sum(reference.count_parameters(layers, input_shape))


@count_parameters.add(
    "Only layers with weights have a number in your list; every layer needs one, even if it is 0."
)
def zeros_left_out(layers, input_shape):
    return [number for number in reference.count_parameters(layers, input_shape) if number]


def sketched_bank(bank):
    """The mistakes of a network's bank, each made to return its sketch (``architectures``)."""
    return [m._replace(function=architectures.sketched(m.function)) for m in bank]


def _changed_at(layers, places, **options):
    return [layer | (options if index in places else {}) for index, layer in enumerate(layers)]


mnist_network = MistakeBank(architectures.mnist_network)


@mnist_network.add(
    "28 becomes 26 only without padding: your convolutions keep the size of the image."
)
def digits_padded():
    return _changed_at(architectures.mnist_network(), [0, 1], padding=1)


@mnist_network.add("24 becomes 12 in one pool: there is one pool here, after the *second* conv.")
def digits_pooled_twice():
    layers = architectures.mnist_network()
    return [layers[0], layers[2], *layers[1:]]


@mnist_network.add(
    "Before a linear layer the maps are flattened into one row of numbers; `flatten` is missing."
)
def digits_not_flattened():
    return [layer for layer in architectures.mnist_network() if layer["type"] != "flatten"]


@mnist_network.add("The 128 units are missing: two linear layers follow, 128 and then 10.")
def digits_without_hidden_layer():
    return [layer for layer in architectures.mnist_network() if layer.get("out_features") != 128]


lenet5 = MistakeBank(architectures.lenet5)


@lenet5.add(
    "The image is grey, one channel; filters are counted by the maps they make: 6, 16 and 120. "
    "3 and 10 are not among them."
)
def three_and_ten_maps():
    layers = _changed_at(architectures.lenet5(), [0], out_channels=3)
    return _changed_at(layers, [2], out_channels=10)


@lenet5.add("32 becomes 28 only without padding: a 5×5 window loses 4 rows and 4 columns.")
def digits_framed():
    return _changed_at(architectures.lenet5(), [0], padding=2)


@lenet5.add("The sub-sampling of LeNet-5 averages its 2×2 block; a maximum came into use later.")
def maximum_for_average():
    return _changed(architectures.lenet5(), ["avgpool"], type="maxpool")


@lenet5.add("C5 is missing: a third convolution of 5×5 turns 16 maps of 5×5 into 120 of 1×1.")
def third_convolution_missing():
    return [layer for layer in architectures.lenet5() if layer.get("out_channels") != 120]


alexnet_2012 = MistakeBank(architectures.alexnet_2012)


@alexnet_2012.add(
    "That is torch's AlexNet still: the paper has other numbers of filters, two groups in three "
    "layers, and no padding in the first."
)
def torchs_alexnet():
    return architectures.alexnet_torch()


@alexnet_2012.add(
    "The filters are right and the two graphics cards are missing: the second, fourth and fifth "
    "convolution have `groups` of 2."
)
def groups_missing():
    return _changed(architectures.alexnet_2012(), ["conv"], groups=1)


@alexnet_2012.add(
    "Three convolutions have two groups, the second, fourth and fifth; the third one sees the "
    "maps of both cards."
)
def third_split_too():
    return _changed_at(architectures.alexnet_2012(), [4], groups=2)


@alexnet_2012.add("The first convolution has no padding: 227 pixels give 55 places without it.")
def first_still_padded():
    return _changed_at(architectures.alexnet_2012(), [0], padding=2)


@alexnet_2012.add(
    "AlexNet's pools overlap: windows of 3 that move by 2. Yours move by their own size."
)
def pools_do_not_overlap():
    return _changed(architectures.alexnet_2012(), ["maxpool"], stride=3)


vgg16 = MistakeBank(architectures.vgg16)


@vgg16.add("VGG16 pools after each *block*, five times in all; you pool after each convolution.")
def pooled_after_each_convolution():
    pool = {"type": "maxpool", "kernel": 2}
    layers = []
    for layer in architectures.vgg16():
        if layer["type"] != "maxpool":
            layers += [layer, pool] if layer["type"] == "conv" else [layer]
    return layers


@vgg16.add("Each convolution has a padding of 1, so that only the pools make maps smaller.")
def blocks_not_padded():
    return _changed(architectures.vgg16(), ["conv"], padding=0)


@vgg16.add("Each block has two convolutions: that is VGG13. In VGG16 the last three have three.")
def two_convolutions_in_each_block():
    layers = architectures.vgg16()
    return [layer for index, layer in enumerate(layers) if index not in (8, 12, 16)]


@vgg16.add("The last block has 512 filters, as the one before it: the doubling stops at 512.")
def doubled_to_1024():
    return _changed_at(architectures.vgg16(), [14, 15, 16], out_channels=1024)


@vgg16.add("Three linear layers end the network, 4096, 4096 and 1000; one of 4096 is missing.")
def one_linear_layer_missing():
    layers = architectures.vgg16()
    return layers[:-3] + layers[-2:]
