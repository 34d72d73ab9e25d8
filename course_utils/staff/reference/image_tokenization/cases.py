"""Inputs on which hidden tests compare a student's tokenizers and networks with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Images are never square
and patches rarely divide them, so that a swapped axis, a plain ``reshape`` or a kept remainder
shows up whatever the seed. Pixels are all different, so that no two orders look alike.
"""

import numpy as np

from course_utils.check import case
from course_utils.datasets.image_tokenization import digits_split
from course_utils.staff.reference.sizes import two_between

WORDS = ("I", "we", "you", "do", "really", "like", "knots", "notes", "another", "durian")


def _image(rng, rows, columns):
    return rng.permutation(rows * columns).reshape(rows, columns) / 4 + 1


def _images(rng):
    return [case(_image(rng, *two_between(rng, 3, 9))) for _ in range(4)] + [
        case(_image(rng, 1, 4)),
        case(_image(rng, 5, 1)),
        case(rng.permutation(12).reshape(3, 4)),
    ]


def row_tokens(rng):
    """Rectangles, a single row, a single column, whole numbers."""
    return _images(rng)


def column_tokens(rng):
    """As ``row_tokens``."""
    return _images(rng)


def patch_tokens(rng):
    """Patches that touch; sides that divide and sides that leave a remainder."""
    return [
        case(_image(rng, 6, 4), 2),
        case(_image(rng, 4, 8), 4),
        case(_image(rng, 6, 9), 3),
        case(_image(rng, 7, 4), 3),
        case(_image(rng, 5, 9), 2),
        case(_image(rng, *two_between(rng, 7, 11)), 3),
        case(_image(rng, *two_between(rng, 7, 11)), int(rng.integers(4, 6))),
        case(_image(rng, 2, 5), 1),
        case(_image(rng, 3, 4), 3),
    ]


def patch_tokens_stride(rng):
    """Patches that overlap or leave gaps, other steps down than across."""
    return [
        case(_image(rng, 5, 7), 3, stride=1),
        case(_image(rng, 8, 6), 4, stride=2),
        case(_image(rng, 7, 9), 2, stride=3),
        case(_image(rng, 9, 8), 3, stride=(1, 2)),
        case(_image(rng, 6, 9), 2, stride=(4, 1)),
        case(_image(rng, *two_between(rng, 6, 9)), 4, stride=(2, 3)),
        case(_image(rng, 4, 7), 4, (5, 3)),
    ]


def window_tokens(rng):
    """Lengths that divide the number of pixels and lengths that do not; one default length."""
    return [
        case(_image(rng, 8, 7)),
        case(_image(rng, 4, 5)),
        case(_image(rng, 3, 5), length=4),
        case(_image(rng, 4, 6), length=8),
        case(_image(rng, 5, 4), length=1),
        case(_image(rng, 2, 5), length=16),
        case(_image(rng, *two_between(rng, 3, 6)), length=7),
        case(_image(rng, *two_between(rng, 3, 6)), 11),
    ]


def untokenize(rng):
    """Every token filled with numbers of its own, so that places cannot be mixed up."""
    cases = []
    for shape, size in (((4, 6), 2), ((8, 4), 4), ((9, 6), 3), ((3, 5), 1), ((2, 6), 2)):
        tokens = rng.permutation(shape[0] * shape[1]).reshape(-1, size * size) / 4
        cases.append(case(tokens, shape, size))
    return cases


def patch_embedding(rng):
    """One or several features, patches that divide and that do not."""
    cases = []
    for shape, size, features in (
        ((4, 6), 2, 3), ((9, 6), 3, 2), ((8, 4), 4, 5), ((7, 5), 2, 1), ((3, 4), 1, 2),
        (two_between(rng, 6, 9), 3, 4),
    ):  # fmt: skip
        weight = rng.normal(size=(features, size * size)).round(2)
        bias = (rng.normal(size=features) + 2).round(2)
        cases.append(case(_image(rng, *shape), weight, bias, size))
    return cases


def token_spread(rng):
    """Patches, rows and scattered pixels of images of several widths, with and without padding."""
    cases = []
    for rows, columns, length in ((4, 6, 4), (8, 8, 16), (5, 7, 5), (6, 4, 10)):
        places = rng.permutation(rows * columns)
        scattered = places[: places.size // length * length].reshape(-1, length)
        cases.append(case(scattered, columns))
        cases.append(case(np.sort(scattered, axis=0), columns))
    cases.append(case(np.arange(24).reshape(4, 6), 6))
    cases.append(case(np.arange(20).reshape(4, 5), 4))
    cases.append(case(_padded(rng), int(rng.integers(3, 8))))
    cases.append(case([[0, 1, 7], [4, -1, -1]], 5))
    cases.append(case(_padded(rng) * 1.0, 6))  # as row_tokens of places returns them
    cases.append(case(np.arange(12).reshape(12, 1), 4))
    return cases


def _padded(rng):
    """Scattered places, the last three of them replaced by padding: negative numbers."""
    places = rng.permutation(30)
    places[-3:] = -1, -2, -9
    return places.reshape(5, 6)


def scale_pixels(rng):
    """Images that reach 16 and images that do not, floats and whole numbers."""
    bright = rng.integers(0, 17, (3, 4, 5))
    bright[0, 0, 0] = 16
    dark = rng.uniform(1, 9, (2, 5, 3))
    return [case(bright), case(dark), case(bright[:1] * 1.0), case(rng.integers(1, 12, (4, 8, 8)))]


def words_seen(rng):
    """Kernels from 1 word up, depths from 0 up."""
    return [
        case(int(depth), int(kernel))
        for depth, kernel in zip(rng.permutation(range(2, 12)), rng.permutation(range(2, 12)),
                                 strict=True)
    ] + [case(1, 3), case(2, 3), case(3, 3), case(0, 4), case(5, 1), case(6, 2)]  # fmt: skip


def depth_needed(rng):
    """Exact fits, one word more, one word less, and the single word that needs no layer."""
    cases = [case(1, 1), case(1, 3), case(2, 5), case(3, 3), case(5, 3), case(7, 3), case(8, 3)]
    for kernel in (2, 3, 4, 5, 7):
        fit = 1 + int(rng.integers(2, 9)) * (kernel - 1)
        cases += [case(fit, kernel), case(fit + 1, kernel), case(fit - 1, kernel)]
    return cases


def sentiment_states(rng):
    """No "not", one, several; capitals; "not" as a part of other words."""
    cases = [
        case("I like durian"),
        case("I do not like durian"),
        case("I do not do not like durian"),
        case("not"),
        case("NOT that I do Not like another knot"),
        case("  I   do not not not eat notes "),
    ]
    for nots in (1, 2, 3, 4):
        words = [*rng.choice(WORDS, size=int(rng.integers(3, 8))), *["not"] * nots]
        cases.append(case(" ".join(rng.permutation(words).tolist())))
    return cases


def own_tokens(rng):
    """Three rectangles and the digits' own 8×8."""
    shapes = [(8, 8), two_between(rng, 4, 9), two_between(rng, 4, 9), (6, 4)]
    return [case(_image(rng, *shape)) for shape in shapes]


def digits(rng, **options):
    """One case for ``judge.training``: digits to learn, digits to name, and their names.

    The split is random. The classes are renamed at random, no class keeping its name, so that
    only what ``train_labels`` says can help; ``test_labels`` are renamed alike.

    Returns
    -------
    list of one Case
        (train_images (1297, 8, 8), train_labels (1297,), test_images (500, 8, 8),
        test_labels (500,)) and ``options``.
    """
    train_images, train_labels, test_images, test_labels = digits_split(rng)
    # a cycle through all classes moves every one of them
    cycle = rng.permutation(10)
    renamed = np.empty(10, dtype=int)
    renamed[cycle] = np.roll(cycle, 1)
    labels = renamed[train_labels], renamed[test_labels]
    return [case(train_images, labels[0], test_images, labels[1], **options)]
