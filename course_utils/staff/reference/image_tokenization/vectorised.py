"""The same functions without loops over tokens or pixels.

Arguments and results are those of ``course_utils.staff.reference.image_tokenization.by_hand``.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils.arguments import numeric_array, pair


def column_tokens(image):
    """As ``by_hand.column_tokens``: the transpose."""
    return numeric_array(image, "image", 2).T.copy()


def patch_tokens(image, size, stride=None):
    """As ``by_hand.patch_tokens``: every window at once, strided."""
    down, right = pair(size if stride is None else stride, "stride", 1)
    windows = sliding_window_view(numeric_array(image, "image", 2), (size, size))
    return windows[::down, ::right].reshape(-1, size * size)


def window_tokens(image, length=10):
    """As ``by_hand.window_tokens``: pad the line, then fold it."""
    line = numeric_array(image, "image", 2).reshape(-1)
    return np.pad(line, (0, -line.size % length)).reshape(-1, length)


def untokenize(tokens, shape, size):
    """As ``by_hand.untokenize``: four axes, the middle two swapped."""
    rows, columns = (n // size for n in pair(shape, "shape", 1))
    blocks = numeric_array(tokens, "tokens", 2).reshape(rows, columns, size, size)
    return blocks.transpose(0, 2, 1, 3).reshape(shape)


def patch_embedding(image, weight, bias, size):
    """As ``by_hand.patch_embedding``: one matrix product."""
    weight, bias = numeric_array(weight, "weight", 2), numeric_array(bias, "bias", 1)
    return patch_tokens(image, size) @ weight.T + bias


def depth_needed(words, kernel):
    """As ``by_hand.depth_needed``: ceil((words - 1) / (kernel - 1))."""
    return -(-(words - 1) // (kernel - 1)) if words > 1 else 0


def sentiment_states(sentence):
    """As ``by_hand.sentiment_states``: a running product."""
    return np.cumprod([-1 if word == "not" else 1 for word in sentence.lower().split()]).tolist()
