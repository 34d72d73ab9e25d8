"""What goes wrong when one works out how far a unit looks.

The recursion's mistakes give on VGG16, whose field after the last pool is 212 pixels: 243 (jump
updated too early), 333 (k for k - 1), 308 (backwards), 32 (strides ignored), 40 (only the last
stride), 27 (pools skipped).
"""

import functools

import numpy as np

from course_utils.datasets.receptive_fields import conv, pool
from course_utils.layers import Window, windows
from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import receptive_fields as reference

receptive_field = MistakeBank(reference.receptive_field)


def _recursion(layers, step):
    """Run ``size, jump = step(size, jump, layer)`` over all layers, each a ``_Layer``."""
    size, jump, fields = 1, 1, []
    for layer in _numbers(layers):
        size, jump = step(size, jump, layer)
        fields.append((size, jump))
    return fields


class _Layer:
    """One axis of a layer: kernel, stride, padding, dilation; ``reach`` is d (k - 1)."""

    def __init__(self, layer, window):
        self.kind = layer["type"]
        self.kernel, self.stride, self.padding, self.dilation = (n[0] for n in window)
        self.reach = self.dilation * (self.kernel - 1)
        self.has_own_stride = "stride" in layer
        self.looks = "kernel" in layer


def _numbers(layers):
    return [_Layer(*pair) for pair in zip(layers, windows(layers), strict=True)]


@receptive_field.add(
    "You multiply the jump by this layer's stride too early. A layer spreads its windows by the "
    "jump of the layer *before* it; its own stride counts from the next layer on."
)
def jump_updated_too_early(layers):
    return _recursion(layers, lambda r, j, x: (r + x.reach * j * x.stride, j * x.stride))


@receptive_field.add(
    "A window of k places is k - 1 steps wide: the field grows by `(k - 1) * jump`, so that a 1×1 "
    "convolution adds nothing."
)
def k_for_k_minus_one(layers):
    return _recursion(
        layers,
        lambda r, j, x: (r + (x.reach + x.dilation) * j if x.looks else r, j * x.stride),
    )


@receptive_field.add(
    "Your recursion runs from the last layer to the first. On a network that is its own mirror "
    "image nobody would notice; start at the image, where size and jump are 1."
)
def backwards(layers):
    return reference.receptive_field(layers[::-1])


@receptive_field.add(
    "The strides have no effect yet: after a layer with stride s, neighbouring units lie s times "
    "as many pixels apart, so multiply the jump by s."
)
def strides_ignored(layers):
    return _recursion(layers, lambda r, j, x: (r + x.reach, 1))


@receptive_field.add(
    "Your jump remembers the last stride only. Strides multiply up: the jump is the product of "
    "all strides so far."
)
def only_the_last_stride(layers):
    return _recursion(layers, lambda r, j, x: (r + x.reach * j, x.stride))


@receptive_field.add(
    "Pools have no weights but they do look: a pool has a kernel and a stride, and counts like a "
    "convolution with the same two numbers."
)
def pools_skipped(layers):
    def step(r, j, x):
        return (r, j) if x.kind.endswith("pool") else (r + x.reach * j, j * x.stride)

    return _recursion(layers, step)


@receptive_field.add(
    "A pool without a stride of its own moves by its kernel (torch's default); only a "
    "convolution's stride is 1 where none is given."
)
def pool_stride_of_one(layers):
    def step(r, j, x):
        stride = x.stride if x.has_own_stride else 1
        return r + x.reach * j, j * stride

    return _recursion(layers, step)


@receptive_field.add(
    "The dilation has no effect yet: a kernel of k with dilation d spans d (k - 1) + 1 places."
)
def dilation_ignored(layers):
    return _recursion(layers, lambda r, j, x: (r + (x.kernel - 1) * j, j * x.stride))


@receptive_field.add(
    "A dilated kernel does not span d · k places: there are gaps between its k weights, so only "
    "k - 1 gaps. It spans d (k - 1) + 1."
)
def dilation_times_kernel(layers):
    return _recursion(layers, lambda r, j, x: (r + (x.dilation * x.kernel - 1) * j, j * x.stride))


@receptive_field.add(
    "Dilation spreads one kernel; it does not move neighbouring units further apart. Only strides "
    "multiply the jump."
)
def dilation_taken_for_stride(layers):
    return _recursion(layers, lambda r, j, x: (r + x.reach * j, j * x.stride * x.dilation))


@receptive_field.add(
    "Padding moves the field and can cut it off at the border; it does not change its size. Leave "
    "it out of this recursion."
)
def padding_added(layers):
    return _recursion(layers, lambda r, j, x: (r + (x.reach + 2 * x.padding) * j, j * x.stride))


@receptive_field.add(
    "Strides multiply, they do not add: two layers of stride 3 put neighbouring units 9 pixels "
    "apart, not 6 or 7."
)
def jumps_added(layers):
    return _recursion(layers, lambda r, j, x: (r + x.reach * j, j + x.stride))


@receptive_field.add(
    "Your field starts at 0. Before the first layer there is the pixel itself, which sees one "
    "pixel: start with a size of 1."
)
def starts_at_zero(layers):
    return [(size - 1, jump) for size, jump in reference.receptive_field(layers)]


input_region = MistakeBank(reference.input_region)


def _walk(steps, row, col):
    """Walk from a unit back to the image through some windows, over its edges too."""
    region = []
    for axis, place in enumerate((row, col)):
        first = last = place
        for window in reversed(steps):
            k, s, p, d = (numbers[axis] for numbers in window)
            first, last = first * s - p, last * s - p + d * (k - 1)
        region.append((first, last))
    return tuple(region)


def _region(layers, row, col, input_shape, steps):
    """As the reference, with other windows than those of the layers."""
    reference.input_region(layers, row, col, input_shape)  # what it refuses, the mistake refuses
    return tuple(
        (max(first, 0), min(last, side - 1))
        for (first, last), side in zip(_walk(steps, row, col), input_shape[1:], strict=True)
    )


def _replaced(layers, **numbers):
    return [window._replace(**numbers) for window in windows(layers)]


@input_region.add(
    "The padding has no effect yet: with padding p the first window starts p places before the "
    "map, so the start is `first * stride - padding`."
)
def padding_left_out(layers, row, col, input_shape):
    return _region(layers, row, col, input_shape, _replaced(layers, padding=(0, 0)))


@input_region.add(
    "Padding moves windows towards the top left: subtract it, `first * stride - padding`."
)
def padding_with_the_wrong_sign(layers, row, col, input_shape):
    steps = [w._replace(padding=[-p for p in w.padding]) for w in windows(layers)]
    return _region(layers, row, col, input_shape, steps)


@input_region.add(
    "Your region ends one place too late: both ends are inclusive, and a window that starts at 0 "
    "with kernel k ends at k - 1."
)
def end_not_inclusive(layers, row, col, input_shape):
    region = reference.input_region(layers, row, col, input_shape)
    return tuple((first, last + 1) for first, last in region)


@input_region.add(
    "Your region leaves the image. Zeros of the frame are no pixels: clip both ends to 0 and to "
    "the last row or column."
)
def not_clipped(layers, row, col, input_shape):
    reference.input_region(layers, row, col, input_shape)
    return _walk(windows(layers), row, col)


@input_region.add("Rows and columns have changed places: first (top, bottom), then (left, right).")
def rows_and_columns_swapped(layers, row, col, input_shape):
    return reference.input_region(layers, row, col, input_shape)[::-1]


@input_region.add(
    "Pairs are (vertical, horizontal): the first number of kernel, stride, padding and dilation "
    "belongs to the rows."
)
def pairs_swapped(layers, row, col, input_shape):
    steps = [[numbers[::-1] for numbers in window] for window in windows(layers)]
    return _region(layers, row, col, input_shape, steps)


@input_region.add(
    "You walk from the first layer to the last. The unit sits in the *last* map: undo the last "
    "layer first."
)
def walked_forwards(layers, row, col, input_shape):
    return _region(layers, row, col, input_shape, windows(layers)[::-1])


@input_region.add(
    "A layer's padding counts in places of *its own* input, which lie `jump` pixels apart; adding "
    "up the bare paddings works only while every stride is 1."
)
def paddings_not_scaled(layers, row, col, input_shape):
    total = [sum(window.padding[axis] for window in windows(layers)) for axis in (0, 1)]
    # one wide frame around the image and none around the maps
    steps = [Window(padding=total), *_replaced(layers, padding=(0, 0))]
    return _region(layers, row, col, input_shape, steps)


@input_region.add(
    "The dilation has no effect yet: a window that starts at `first` ends at "
    "`first + dilation * (kernel - 1)`."
)
def gaps_ignored(layers, row, col, input_shape):
    return _region(layers, row, col, input_shape, _replaced(layers, dilation=(1, 1)))


@input_region.add(
    "The strides have no effect yet: place i of a map starts its window at `i * stride - padding` "
    "of the map before."
)
def steps_of_one(layers, row, col, input_shape):
    return _region(layers, row, col, input_shape, _replaced(layers, stride=(1, 1)))


gradient_map = MistakeBank(reference.gradient_map)
empirical_receptive_field = MistakeBank(reference.empirical_receptive_field)

PROBE_SIDE = 255  # the side that the notebook suggests


def _without_max_pools(layers):
    """What the gradient passes where every max pool hands it to one of its equal inputs."""
    return [
        conv(1, stride=x.stride) if x.kind == "maxpool" else layer
        for layer, x in zip(layers, _numbers(layers), strict=True)
    ]


def _changed(layers, **replaced):
    """The layers with some of their numbers replaced, for example ``stride=1``."""
    return [layer | replaced if layer["type"] == "conv" else dict(layer) for layer in layers]


def _one_apart(layers):
    """The layers with every stride 1, those of pools too."""
    return [layer | ({"stride": 1} if "kernel" in layer else {}) for layer in layers]


def _at(layers, row, col, side):
    """The gradient of one unit, as ``gradient_map`` of the reference."""
    rows = reference.path_counts(layers, row, side, 0, average=True)
    columns = reference.path_counts(layers, col, side, 1, average=True)
    return np.outer(rows, columns)


def _all_units(layers, side):
    return _at(layers, slice(None), slice(None), side)


@gradient_map.add(
    "You probe the unit in the corner. With padding it sees less than its share; take the one in "
    "the middle, row `H' // 2` and column `W' // 2` of the last map."
)
def corner_unit(layers, side):
    return _at(layers, 0, 0, side)


@gradient_map.add(
    "You sum over the whole last map before you go back, so every unit's pixels light up. Take "
    "the gradient of *one* unit."
)
def every_unit_at_once(layers, side):
    return _all_units(layers, side)


@gradient_map.add(
    "Max pools hand the gradient to a single one of their inputs. Put an average pool with the "
    "same kernel, stride and padding in their place."
)
def max_pools_kept(layers, side):
    rows, columns = reference.map_sizes(layers, (1, side, side))[-1]
    return _at(_without_max_pools(layers), rows // 2, columns // 2, side)


@gradient_map.add("Your convolutions have no padding yet: hand `padding` on to torch.")
def no_padding(layers, side):
    return reference.gradient_map(_changed(layers, padding=0), side)


@gradient_map.add("Your convolutions have no dilation yet: hand `dilation` on to torch.")
def no_dilation(layers, side):
    return reference.gradient_map(_changed(layers, dilation=1), side)


@gradient_map.add("Your convolutions have no stride yet: hand `stride` on to torch.")
def no_stride(layers, side):
    return reference.gradient_map(_changed(layers, stride=1), side)


@gradient_map.add(
    "Your layers have no stride yet, neither convolutions nor pools: hand `stride` on to torch. "
    "A pool without a stride of its own moves by its kernel."
)
def no_stride_anywhere(layers, side):
    return reference.gradient_map(_one_apart(layers), side)


@gradient_map.add(
    "Your numbers are too small, by a factor of k · k for every kernel: each weight is to be 1, "
    "not 1 / k², and the gradient is not divided either."
)
def weights_that_average(layers, side):
    taps = [x.kernel**2 for x in _numbers(layers) if x.kind == "conv"]
    return reference.gradient_map(layers, side) / np.prod(taps)


def _extent(values):
    reached = np.flatnonzero(values.any(axis=1))
    return int(reached[-1] - reached[0] + 1)


@empirical_receptive_field.add(
    "You count pixels of the whole square. The size of a field is its side: from the first row "
    "that is reached to the last."
)
def area_for_side(layers):
    return int(np.count_nonzero(reference.gradient_map(layers, PROBE_SIDE)))


@empirical_receptive_field.add(
    "You count the rows that are reached. A dilated kernel leaves rows out in between; measure "
    "from the first reached row to the last."
)
def gaps_left_out(layers):
    return int(reference.gradient_map(layers, PROBE_SIDE).any(axis=1).sum())


@empirical_receptive_field.add(
    "From row 3 to row 7 there are five rows, not four: last - first + 1."
)
def last_minus_first(layers):
    return reference.empirical_receptive_field(layers) - 1


@empirical_receptive_field.add(
    "The strides of your convolutions have no effect: does the network that you measure have them? "
    "If you call your own `gradient_map`, look there first."
)
def measured_without_strides(layers):
    return reference.empirical_receptive_field(_changed(layers, stride=1))


@empirical_receptive_field.add(
    "The strides have no effect, neither those of convolutions nor those of pools: does the "
    "network that you measure have them? If you call your own `gradient_map`, look there first."
)
def measured_with_steps_of_one(layers):
    return reference.empirical_receptive_field(_one_apart(layers))


@empirical_receptive_field.add(
    "You sum over the whole last map, so the gradient reaches the whole image. Take the gradient "
    "of *one* unit."
)
def the_whole_map_probed(layers):
    return _extent(_all_units(layers, PROBE_SIDE))


@empirical_receptive_field.add(
    "Max pools hand the gradient to a single one of their inputs, so the field seems too small. "
    "Put average pools in their place for the measurement."
)
def gradient_through_max_pools(layers):
    return reference.empirical_receptive_field(_without_max_pools(layers))


@empirical_receptive_field.add(
    "The unit you probe lies in the corner, where the frame of zeros takes a part of its field. "
    "Probe one in the middle."
)
def probed_in_the_corner(layers):
    return _extent(_at(layers, 0, 0, PROBE_SIDE))


vgg_layers = MistakeBank(reference.vgg_layers)


@vgg_layers.add(
    "A pool follows each *block* of convolutions, not each convolution. Your field doubles far "
    "too often."
)
def pool_after_each_convolution(blocks):
    layers = reference.vgg_layers(blocks)
    convolutions = [layer for layer in layers if layer["type"] == "conv"]
    return [layer for one in convolutions for layer in (one, pool(2))]


@vgg_layers.add(
    "Your blocks have one convolution each: put in as many as `blocks` says before the pool."
)
def one_convolution_per_block(blocks):
    return reference.vgg_layers([1] * len(blocks))


@vgg_layers.add(
    "Your convolutions have no padding, so every map would lose two rows and two columns per "
    "layer. VGG pads by 1."
)
def padding_missing(blocks):
    return [conv(3) if layer["type"] == "conv" else layer for layer in reference.vgg_layers(blocks)]


@vgg_layers.add(
    "Your pools overlap. VGG pools 2×2 windows with stride 2; 3×3 with stride 2 is AlexNet's way."
)
def overlapping_pools(blocks):
    return [
        pool(3, stride=2) if layer["type"] == "maxpool" else layer
        for layer in reference.vgg_layers(blocks)
    ]


@vgg_layers.add(
    "Your pools move by one pixel, so the maps never shrink. VGG's pools have stride 2."
)
def pools_with_stride_one(blocks):
    return [
        layer | {"stride": 1} if layer["type"] == "maxpool" else layer
        for layer in reference.vgg_layers(blocks)
    ]


@vgg_layers.add(
    "The last block has no pool yet: five blocks, five pools, each at the end of its block."
)
def last_pool_missing(blocks):
    return reference.vgg_layers(blocks)[:-1]


design = MistakeBank(reference.design)


def _conv(kernel=3, channels=8):
    return conv(kernel, out_channels=channels, bias=False)


def _stack(target):
    """Convolutions of 3×3 without strides or dilation until ``target`` is reached."""
    return [_conv() for _ in range(max(1, -(-(target - 1) // 2)))]


def _refusing(function):
    """Refuse what the reference refuses, so that a mistake shows its one mistake only."""

    @functools.wraps(function)
    def guarded(target, max_parameters):
        reference.design(target, max_parameters)
        return function(target, max_parameters)

    return guarded


@design.add(
    "Your network falls short of the target. Let your own `receptive_field` tell you when to stop "
    "adding layers: it grows by `(k - 1) * jump`, less than a kernel a layer."
)
@_refusing
def falls_short(target, max_parameters):
    return [_conv(kernel=1)]


@design.add(
    "Your network gets there and costs too much. A plain stack of 3×3 takes 584 parameters for "
    "every two pixels, and more filters cost more: with 8 filters, let strides or dilations "
    "multiply."
)
@_refusing
def costs_too_much(target, max_parameters):
    return _stack(target)


@design.add(
    "Kernels may have at most 5 rows and columns. Reach further with more layers, strides or "
    "dilation."
)
@_refusing
def one_large_kernel(target, max_parameters):
    return [_conv(kernel=target)]


@design.add(
    "Every layer needs 8 filters or more. Saving channels is cheap, but a layer with one map can "
    "hardly say anything."
)
@_refusing
def too_few_channels(target, max_parameters):
    layers = reference.design(target, max_parameters)
    return [layer | {"out_channels": 4} for layer in layers]


@design.add("The task allows convolutions only: let a stride do what the pool does.")
@_refusing
def pools_in_between(target, max_parameters):
    size, layers = 1, []
    while size < target or not layers:
        layers += [_conv(), pool(2)]
        size = reference.receptive_field(layers)[-1][0]
    return layers
