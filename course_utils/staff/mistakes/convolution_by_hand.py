"""What goes wrong when one writes convolution by hand.

Each bank carries the name of the function of the tutorial whose mistakes it holds. The wrong
versions lean on the reference, so that each shows its one mistake and nothing else.
"""

import numpy as np

from course_utils.arguments import numeric_array, one_of, pair
from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import convolution_by_hand as reference
from course_utils.staff.reference.convolution_by_hand.by_hand import shift

correlate2d = MistakeBank(reference.correlate2d)


@correlate2d.add(
    "Your kernel is turned by 180°. Correlation lays it on the image as it is: `w[0, 0]` meets "
    "the top left pixel of each window."
)
def kernel_flipped(x, w, stride=1, padding=0):
    return reference.convolve2d(x, w, stride, padding)


@correlate2d.add(
    "Your kernel stands upside down. Correlation lays it on the image as it is: its first row "
    "meets the top row of each window."
)
def kernel_upside_down(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.asarray(w)[::-1], stride, padding)


@correlate2d.add(
    "Your kernel is mirrored left to right. Correlation lays it on the image as it is: its first "
    "column meets the left column of each window."
)
def kernel_mirrored(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.asarray(w)[:, ::-1], stride, padding)


@correlate2d.add(
    "Your kernel is transposed. `w[a, b]` meets the pixel `a` rows down and `b` columns right of "
    "the window's corner."
)
def kernel_transposed(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.transpose(w), stride, padding)


@correlate2d.add(
    "The stride has no effect yet: output row `i` looks at the window that starts at input row "
    "`i * stride`."
)
def stride_ignored(x, w, stride=1, padding=0):
    return reference.correlate2d(x, w, 1, padding)


@correlate2d.add(
    "Your result has the right shape, and place (i, j) looks at the window that starts at pixel "
    "(i, j). With a stride it starts at row `i * stride`, column `j * stride` (of its own axis)."
)
def stride_missing_in_the_slice(x, w, stride=1, padding=0):
    z = reference.correlate2d(x, w, 1, padding)
    rows, columns = reference.correlate2d(x, w, stride, padding).shape
    return z[:rows, :columns]


@correlate2d.add(
    "The padding has no effect yet: lay `padding` rows and columns of zeros around the image first."
)
def padding_ignored(x, w, stride=1, padding=0):
    return reference.correlate2d(x, w, stride, 0)


@correlate2d.add(
    "Zeros belong on all four sides: a padding of p adds p rows above *and* p rows below, so "
    "each side of the image grows by 2p."
)
def padding_on_one_side(x, w, stride=1, padding=0):
    p = pair(padding, "padding", 0)
    return reference.correlate2d(np.pad(x, [(0, p[0]), (0, p[1])]), w, stride)


@correlate2d.add(
    "Pairs are (vertical, horizontal): the first number of `stride` and `padding` belongs to the "
    "rows, the second to the columns."
)
def rows_and_columns_swapped(x, w, stride=1, padding=0):
    return reference.correlate2d(
        x, w, pair(stride, "stride", 1)[::-1], pair(padding, "padding", 0)[::-1]
    )


@correlate2d.add(
    "The last row and column of places are missing: a window of k fits into n pixels n - k + 1 "
    "times, with a `+ 1`."
)
def plus_one_missing(x, w, stride=1, padding=0):
    s, p = pair(stride, "stride", 1), pair(padding, "padding", 0)
    z = reference.correlate2d(x, w, stride, padding)
    rows, columns = (
        (n + 2 * q - k) // t for n, k, t, q in zip(np.shape(x), np.shape(w), s, p, strict=True)
    )
    return z[:rows, :columns]


@correlate2d.add(
    "You count a window that hangs over the edge: round the number of steps down (`//`), so "
    "that every window lies inside the padded image."
)
def ceil_for_floor(x, w, stride=1, padding=0):
    s, p = pair(stride, "stride", 1), pair(padding, "padding", 0)
    x = np.pad(numeric_array(x, "x", 2), [(p[0], p[0]), (p[1], p[1])])
    overhang = [(0, -(n - k) % t) for n, k, t in zip(x.shape, np.shape(w), s, strict=True)]
    return reference.correlate2d(np.pad(x, overhang), w, stride)


@correlate2d.add("Sum the products, do not average them: nothing is divided by the kernel's size.")
def mean_for_sum(x, w, stride=1, padding=0):
    return reference.correlate2d(x, w, stride, padding) / np.size(w)


@correlate2d.add(
    "One number of `stride` serves both axes: use the second number of the pair for the columns."
)
def first_stride_for_both(x, w, stride=1, padding=0):
    return reference.correlate2d(x, w, pair(stride, "stride", 1)[0], padding)


convolve2d = MistakeBank(reference.convolve2d)


@convolve2d.add(
    "That is correlation. Convolution first turns the kernel by 180°: upside down *and* left to "
    "right. If you do turn it, your `correlate2d` may turn it back: look at task 1 first."
)
def not_flipped(x, w, stride=1, padding=0):
    return reference.correlate2d(x, w, stride, padding)


@convolve2d.add(
    "Your kernel is turned upside down only. A rotation by 180° flips both axes: `w[::-1, ::-1]`."
)
def flipped_upside_down_only(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.asarray(w)[::-1], stride, padding)


@convolve2d.add(
    "Your kernel is mirrored left to right only. A rotation by 180° flips both axes: "
    "`w[::-1, ::-1]`."
)
def flipped_left_to_right_only(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.asarray(w)[:, ::-1], stride, padding)


@convolve2d.add("Your kernel is transposed; convolution turns it by 180°: `w[::-1, ::-1]`.")
def transposed_for_rotated(x, w, stride=1, padding=0):
    return reference.correlate2d(x, np.transpose(w), stride, padding)


@convolve2d.add("You turn the image; with a stride it is the kernel that has to be turned.")
def image_flipped(x, w, stride=1, padding=0):
    return reference.correlate2d(np.asarray(x)[::-1, ::-1], w, stride, padding)


conv2d = MistakeBank(reference.conv2d)


@conv2d.add(
    "Only the first channel counts so far: correlate every channel with its own slice of the "
    "filter, and add the maps."
)
def only_first_channel(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x[:1], np.asarray(weight)[:, :1], bias, stride, padding)


@conv2d.add("The bias is missing: add `bias[o]` to every place of map `o`.")
def bias_forgotten(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, weight, np.zeros(len(weight)), stride, padding)


@conv2d.add("The bias is added once per channel; it belongs once to the sum over channels.")
def bias_once_per_channel(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, weight, len(x) * np.asarray(bias), stride, padding)


@conv2d.add(
    "The bias is added once per weight of the kernel: it belongs outside of the sum over a window, "
    "once to every place of the map."
)
def bias_once_per_weight(x, weight, bias, stride=1, padding=0):
    rows, columns = np.shape(weight)[2:]
    return reference.conv2d(x, weight, rows * columns * np.asarray(bias), stride, padding)


@conv2d.add(
    "The bias is added once per weight of the filter: it belongs outside of the sums over a window "
    "and over channels, once to every place of the map."
)
def bias_once_per_product(x, weight, bias, stride=1, padding=0):
    products = np.size(weight) // len(weight)
    return reference.conv2d(x, weight, products * np.asarray(bias), stride, padding)


@conv2d.add("Channels are added, not averaged.")
def channels_averaged(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, np.asarray(weight) / len(x), bias, stride, padding)


@conv2d.add(
    "Your filters are turned by 180°. CNN libraries correlate: use the filters as they are. If "
    "you do, your `correlate2d` may turn them: look at task 1 first."
)
def filters_flipped(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, np.asarray(weight)[..., ::-1, ::-1], bias, stride, padding)


@conv2d.add(
    "Your filters stand upside down. CNN libraries correlate: use the filters as they are. If you "
    "do, your `correlate2d` may turn them: look at task 1 first."
)
def filters_upside_down(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, np.asarray(weight)[..., ::-1, :], bias, stride, padding)


@conv2d.add("`stride` has no effect yet: hand it on to every channel's correlation.")
def stride_not_handed_on(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, weight, bias, 1, padding)


@conv2d.add("`padding` has no effect yet: hand it on to every channel's correlation.")
def padding_not_handed_on(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, weight, bias, stride, 0)


@conv2d.add("Stride and padding have no effect yet: hand them on to every channel's correlation.")
def stride_and_padding_ignored(x, weight, bias, stride=1, padding=0):
    return reference.conv2d(x, weight, bias)


@conv2d.add(
    "Every map is the same: filter `o` makes map `o`, so take `weight[o]`, not `weight[0]`."
)
def first_filter_for_all(x, weight, bias, stride=1, padding=0):
    weight = np.asarray(weight)
    return reference.conv2d(x, np.repeat(weight[:1], len(weight), axis=0), bias, stride, padding)


same_padding = MistakeBank(reference.same_padding)


def _padding_totals(kernel, dilation):
    kernel, dilation = pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)
    return [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]


@same_padding.add("Where the zeros do not split evenly, the extra one goes *after*.")
def extra_one_before(kernel, dilation=1):
    return tuple((t - t // 2, t // 2) for t in _padding_totals(kernel, dilation))


@same_padding.add(
    "An even kernel needs an odd number of zeros in all, k - 1: one side gets one more than the "
    "other."
)
def same_on_both_sides(kernel, dilation=1):
    return tuple((-(-t // 2),) * 2 for t in _padding_totals(kernel, dilation))


@same_padding.add(
    "Rounding down on both sides leaves one zero out: with an even kernel the map would shrink "
    "by one."
)
def floor_on_both_sides(kernel, dilation=1):
    return tuple((t // 2,) * 2 for t in _padding_totals(kernel, dilation))


@same_padding.add("A dilated kernel spans d·(k − 1) + 1 pixels; your padding looks at k alone.")
def dilation_ignored(kernel, dilation=1):
    return reference.same_padding(kernel)


@same_padding.add(
    "These are too many zeros: a kernel of k needs k − 1 in all, on both sides together, and not "
    "on each."
)
def whole_sum_on_each_side(kernel, dilation=1):
    return tuple((t, t) for t in _padding_totals(kernel, dilation))


@same_padding.add("The first pair is (top, bottom), the second (left, right): yours are swapped.")
def axes_swapped(kernel, dilation=1):
    return reference.same_padding(kernel, dilation)[::-1]


@same_padding.add("The window needs k − 1 zeros in all, one fewer than the kernel has entries.")
def k_for_k_minus_one(kernel, dilation=1):
    kernel, dilation = pair(kernel, "kernel", 1), pair(dilation, "dilation", 1)
    totals = [d * k for k, d in zip(kernel, dilation, strict=True)]
    return tuple((t // 2, t - t // 2) for t in totals)


pixel_use_counts = MistakeBank(reference.pixel_use_counts)


@pixel_use_counts.add("Pixels near the edge lie in fewer windows: yours all count k·k.")
def border_ignored(shape, kernel):
    kernel = pair(kernel, "kernel", 1)
    return np.full(pair(shape, "shape", 1), kernel[0] * kernel[1])


def _near_edge_counts(shape, kernel):
    """On each axis min(i + 1, k): the counts of pixels that have only the near edge near."""
    shape, kernel = pair(shape, "shape", 1), pair(kernel, "kernel", 1)
    return [np.minimum(np.arange(n) + 1, k) for n, k in zip(shape, kernel, strict=True)]


@pixel_use_counts.add(
    "The far edge is missing: counts fall off towards the bottom and the right as they do "
    "towards the top and the left."
)
def far_edge_forgotten(shape, kernel):
    return np.outer(*_near_edge_counts(shape, kernel))


@pixel_use_counts.add(
    "A kernel almost as large as the image has only n − k + 1 places on an axis, and no pixel can "
    "lie in more windows than there are."
)
def few_places_forgotten(shape, kernel):
    near_edge = _near_edge_counts(shape, kernel)
    return np.outer(*(np.minimum(counts, counts[::-1]) for counts in near_edge))


@pixel_use_counts.add(
    "The axes multiply: a pixel in 2 windows down and in 3 across lies in 2·3 windows, not 2 + 3."
)
def axes_added(shape, kernel):
    shape, kernel = pair(shape, "shape", 1), pair(kernel, "kernel", 1)
    rows = reference.pixel_use_counts((shape[0], 1), (kernel[0], 1))
    columns = reference.pixel_use_counts((1, shape[1]), (1, kernel[1]))
    return rows + columns


@pixel_use_counts.add("The kernel is (rows, columns): yours is swapped.")
def kernel_axes_swapped(shape, kernel):
    return reference.pixel_use_counts(shape, pair(kernel, "kernel", 1)[::-1])


pool2d = MistakeBank(reference.pool2d)


@pool2d.add('This is the maximum, where `mode` is "average": does `mode` have its effect?')
def always_max(x, size, stride=None, mode="max"):
    return reference.pool2d(x, size, stride, "max")


@pool2d.add('This is the average, where `mode` is "max": does `mode` have its effect?')
def always_average(x, size, stride=None, mode="max"):
    return reference.pool2d(x, size, stride, "average")


@pool2d.add("Without a stride, windows touch but do not overlap: the default stride is the size.")
def default_stride_one(x, size, stride=None, mode="max"):
    return reference.pool2d(x, size, 1 if stride is None else stride, mode)


@pool2d.add("`stride` has no effect yet: windows start `stride` apart, whatever their size.")
def stride_is_always_size(x, size, stride=None, mode="max"):
    return reference.pool2d(x, size, None, mode)


@pool2d.add(
    "Your result has the right shape, and place (i, j) looks at the window that starts at pixel "
    "(i, j). It starts at row `i * stride`, column `j * stride` (of its own axis)."
)
def pool_stride_missing_in_the_slice(x, size, stride=None, mode="max"):
    rows, columns = reference.pool2d(x, size, stride, mode).shape
    return reference.pool2d(x, size, 1, mode)[:rows, :columns]


@pool2d.add("A window that does not fit inside the image is dropped; you keep part of one.")
def partial_windows_kept(x, size, stride=None, mode="max"):
    x, size = numeric_array(x, "x", 2), pair(size, "size", 1)
    stride = size if stride is None else pair(stride, "stride", 1)
    summarise = {"max": np.max, "average": np.mean}[one_of(mode, "mode", ("max", "average"))]
    starts = [
        range(0, max(n - k, 0) + (-(n - k) % s) + 1, s)
        for n, k, s in zip(x.shape, size, stride, strict=True)
    ]
    return np.array(
        [
            [summarise(x[i : i + size[0], j : j + size[1]]) for j in starts[1] if j < x.shape[1]]
            for i in starts[0]
            if i < x.shape[0]
        ]
    )


@pool2d.add("Pairs are (vertical, horizontal): the window's rows and columns are swapped.")
def size_axes_swapped(x, size, stride=None, mode="max"):
    return reference.pool2d(x, pair(size, "size", 1)[::-1], stride, mode)


@pool2d.add("An average divides by the number of pixels in the window; this is their sum.")
def sum_for_average(x, size, stride=None, mode="max"):
    size = pair(size, "size", 1)
    scale = size[0] * size[1] if mode == "average" else 1
    return scale * reference.pool2d(x, size, stride, mode)


@pool2d.add(
    "Start the search for the largest value at the first pixel or at −∞, not at 0: windows may "
    "hold negative numbers only."
)
def maximum_starts_at_zero(x, size, stride=None, mode="max"):
    z = reference.pool2d(x, size, stride, mode)
    return np.maximum(z, 0) if mode == "max" else z


conv_transpose2d = MistakeBank(reference.conv_transpose2d)


@conv_transpose2d.add(
    "Where copies of the kernel overlap they add up (`+=`); yours overwrite each other (`=`)."
)
def overwrites_instead_of_adding(x, w, stride=1, padding=0):
    x, w = numeric_array(x, "x", 2), numeric_array(w, "w", 2)
    s, p = pair(stride, "stride", 1), pair(padding, "padding", 0)
    z = np.zeros([(n - 1) * t + k for n, t, k in zip(x.shape, s, w.shape, strict=True)])
    for i, j in np.ndindex(x.shape):
        z[i * s[0] : i * s[0] + w.shape[0], j * s[1] : j * s[1] + w.shape[1]] = x[i, j] * w
    return z[p[0] : z.shape[0] - p[0], p[1] : z.shape[1] - p[1]]


@conv_transpose2d.add("The kernel is stamped as it is; yours is turned by 180°.")
def kernel_stamped_flipped(x, w, stride=1, padding=0):
    return reference.conv_transpose2d(x, np.asarray(w)[::-1, ::-1], stride, padding)


@conv_transpose2d.add(
    "Here padding makes the result *smaller*: it says how many rows and columns are cut from "
    "each side."
)
def padding_adds(x, w, stride=1, padding=0):
    p = pair(padding, "padding", 0)
    return np.pad(reference.conv_transpose2d(x, w, stride), [(p[0], p[0]), (p[1], p[1])])


@conv_transpose2d.add("`padding` has no effect yet: cut that many rows and columns at every side.")
def nothing_cut(x, w, stride=1, padding=0):
    return reference.conv_transpose2d(x, w, stride)


@conv_transpose2d.add(
    "Here the stride sets the copies of the kernel apart: copy (i, j) starts at (i·s, j·s)."
)
def copies_one_apart(x, w, stride=1, padding=0):
    return reference.conv_transpose2d(x, w, 1, padding)


@conv_transpose2d.add(
    "Your result has the right shape, and copy (i, j) of the kernel starts at place (i, j) of it. "
    "With a stride it starts at (i·s, j·s)."
)
def copy_stride_missing_in_the_slice(x, w, stride=1, padding=0):
    p = pair(padding, "padding", 0)
    z = np.zeros(reference.conv_transpose2d(x, w, stride).shape)
    stamped = reference.conv_transpose2d(x, w)
    z[: stamped.shape[0], : stamped.shape[1]] = stamped[: z.shape[0], : z.shape[1]]
    return z[p[0] : z.shape[0] - p[0], p[1] : z.shape[1] - p[1]]


@conv_transpose2d.add(
    "You spread the kernel (that is dilation); a transposed convolution spreads the input."
)
def kernel_spread_for_input(x, w, stride=1, padding=0):
    return reference.conv_transpose2d(x, reference.dilate(w, stride), 1, padding)


@conv_transpose2d.add("Padding is cut from *both* ends of each axis; yours is cut from one end.")
def cut_at_one_end(x, w, stride=1, padding=0):
    p = pair(padding, "padding", 0)
    return reference.conv_transpose2d(x, w, stride)[p[0] :, p[1] :]


dilate = MistakeBank(reference.dilate)


@dilate.add("A dilation of d puts d − 1 zeros between neighbours; you put d.")
def dilation_zeros_between(w, dilation):
    return reference.dilate(w, [d + 1 for d in pair(dilation, "dilation", 1)])


@dilate.add("Zeros go between entries only; none follow the last one.")
def zeros_after_the_last_entry(w, dilation):
    d = pair(dilation, "dilation", 1)
    return np.pad(reference.dilate(w, d), [(0, d[0] - 1), (0, d[1] - 1)])


@dilate.add("Between the entries there are zeros; you repeat the entries.")
def entries_repeated(w, dilation):
    d = pair(dilation, "dilation", 1)
    return np.asarray(w).repeat(d[0], axis=0).repeat(d[1], axis=1)


@dilate.add("Pairs are (vertical, horizontal): yours are swapped.")
def dilation_axes_swapped(w, dilation):
    return reference.dilate(w, pair(dilation, "dilation", 1)[::-1])


insert_zeros = MistakeBank(reference.insert_zeros)


@insert_zeros.add("A stride of s puts s − 1 zeros between neighbours; you put s.")
def stride_zeros_between(x, stride):
    return dilation_zeros_between(x, stride)


@insert_zeros.add("Zeros go between pixels only; none follow the last one.")
def zeros_after_the_last_pixel(x, stride):
    return zeros_after_the_last_entry(x, stride)


@insert_zeros.add("Between the pixels there are zeros; you repeat the pixels.")
def pixels_repeated(x, stride):
    return entries_repeated(x, stride)


@insert_zeros.add("Pairs are (vertical, horizontal): yours are swapped.")
def stride_axes_swapped(x, stride):
    return reference.insert_zeros(x, pair(stride, "stride", 1)[::-1])


conv_layer = MistakeBank(reference.conv_layer)


@conv_layer.add("The activation is missing: apply it to every number of every map.")
def activation_forgotten(x, weight, bias, activation="relu"):
    return reference.conv_layer(x, weight, bias, "identity")


@conv_layer.add("`activation` has no effect yet: this is ReLU whatever was asked for.")
def always_relu(x, weight, bias, activation="relu"):
    return reference.conv_layer(x, weight, bias, "relu")


@conv_layer.add("The bias comes before the activation: σ(w·x + b), not σ(w·x) + b.")
def bias_after_activation(x, weight, bias, activation="relu"):
    unbiased = reference.conv_layer(x, weight, np.zeros(len(weight)), activation)
    return unbiased + np.asarray(bias)[:, None, None]


@conv_layer.add("The bias is missing: σ(w·x + b).")
def layer_bias_forgotten(x, weight, bias, activation="relu"):
    return reference.conv_layer(x, weight, np.zeros(len(weight)), activation)


@conv_layer.add(
    "The activation comes last, once: add the channels first, then the bias, then activate."
)
def activated_per_channel(x, weight, bias, activation="relu"):
    per_channel = [
        reference.conv_layer(
            x[c : c + 1], np.asarray(weight)[:, c : c + 1], np.zeros(len(weight)), activation
        )
        for c in range(len(x))
    ]
    return np.sum(per_channel, axis=0) + np.asarray(bias)[:, None, None]


shift_error = MistakeBank(reference.shift_error)


def _correlate_shifted(x, w, rows, cols):
    return reference.correlate2d(shift(numeric_array(x, "x", 2), rows, cols), w)


@shift_error.add(
    "Pixels that leave on one side come back on the other (`np.roll`): fill the gap with zeros."
)
def wraps_around(x, w, rows, cols):
    z = reference.correlate2d(x, w)
    moved = reference.correlate2d(np.roll(x, (rows, cols), (0, 1)), w)
    return np.abs(moved - np.roll(z, (rows, cols), (0, 1)))


@shift_error.add("You move the other way: positive `rows` go down, positive `cols` go right.")
def moves_the_other_way(x, w, rows, cols):
    return reference.shift_error(x, w, -rows, -cols)


@shift_error.add("Shift the map as well: compare the shifted image's map with the *shifted* map.")
def map_not_shifted(x, w, rows, cols):
    z = reference.correlate2d(x, w)
    return np.abs(_correlate_shifted(x, w, rows, cols) - z)


@shift_error.add("The error is a size without a sign: take the absolute value.")
def absolute_value_missing(x, w, rows, cols):
    z = reference.correlate2d(x, w)
    return _correlate_shifted(x, w, rows, cols) - shift(z, rows, cols)


@shift_error.add("`rows` moves down and `cols` moves right; yours are swapped.")
def rows_and_cols_swapped(x, w, rows, cols):
    return reference.shift_error(x, w, cols, rows)


filter_gradients = MistakeBank(reference.filter_gradients)


def _errors_and_maps(x, weights, target):
    maps = [reference.correlate2d(x, w) for w in weights]
    return sum(np.maximum(z, 0) for z in maps) - target, maps


@filter_gradients.add(
    "ReLU lets no gradient through where its input was negative: multiply the error by `z > 0`."
)
def relu_ignored(x, weights, target):
    error, maps = _errors_and_maps(x, weights, target)
    return np.stack([reference.correlate2d(x, error) for _ in maps])


@filter_gradients.add("The sign is wrong: the error is prediction − target.")
def sign_flipped(x, weights, target):
    return -reference.filter_gradients(x, weights, target)


@filter_gradients.add("With ½ in front of the squares their derivative has no factor of 2.")
def factor_two(x, weights, target):
    return 2 * reference.filter_gradients(x, weights, target)


@filter_gradients.add(
    "The loss is a sum over places, so its gradient is not divided by their number."
)
def gradient_of_the_mean(x, weights, target):
    return reference.filter_gradients(x, weights, target) / np.size(target)


@filter_gradients.add(
    "Your gradient is turned by 180°: it is the image *correlated* with the error, without a flip."
)
def gradient_rotated(x, weights, target):
    return reference.filter_gradients(x, weights, target)[:, ::-1, ::-1]


@filter_gradients.add(
    "Your gradient is upside down: it is the image *correlated* with the error, as both are. If "
    "you call your own `correlate2d`, look at task 1 first."
)
def gradient_upside_down(x, weights, target):
    return reference.filter_gradients(x, weights, target)[:, ::-1]


@filter_gradients.add(
    "The prediction is the sum of *all* filters' maps; you compare each map alone with the target."
)
def each_filter_alone(x, weights, target):
    return np.concatenate([reference.filter_gradients(x, w[None], target) for w in weights])
