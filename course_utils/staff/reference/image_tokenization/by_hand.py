"""Images as sequences, by hand: loops over tokens, written to be read.

An image is (H, W); a sequence of tokens is (T, features), one token per row. All arithmetic is
in float64; every function returns a new array and leaves its arguments unchanged. Impossible
arguments raise ``ValueError`` (see ``course_utils.arguments``).
"""

import math

import numpy as np

from course_utils.arguments import numeric_array, pair, shorten, whole_number

BRIGHTEST = 16  # of scikit-learn's 8×8 digits, which count ink in blocks of 4×4 pixels


def row_tokens(image):
    """Read an image row by row: token i is row i, from left to right.

    Parameters
    ----------
    image : (H, W) array

    Returns
    -------
    (H, W) float64 array
    """
    return numeric_array(image, "image", 2)


def column_tokens(image):
    """Read an image column by column: token j is column j, from top to bottom.

    Parameters
    ----------
    image : (H, W) array

    Returns
    -------
    (W, H) float64 array
    """
    image = numeric_array(image, "image", 2)
    return np.stack([image[:, j] for j in range(image.shape[1])])


def patch_tokens(image, size, stride=None):
    """Cut an image into square patches; each patch, row after row, is one token.

    Patches come in reading order: left to right, then the next row of patches. One that would
    stick out is dropped.

    Parameters
    ----------
    image : (H, W) array
    size : int, at least 1
        Side of a patch, no larger than the image.
    stride : int or pair (vertical, horizontal), at least 1
        From one patch to the next; None means ``size``, so that patches touch without overlap.

    Returns
    -------
    (T, size * size) float64 array with T = (floor((H - size) / stride) + 1) times the same for W
    """
    image, size = numeric_array(image, "image", 2), whole_number(size, "size", 1)
    down, right = pair(size if stride is None else stride, "stride", 1)
    if size > min(image.shape):
        raise ValueError(
            f"size is {size}; a patch must fit into the image, {image.shape[0]}×{image.shape[1]}"
        )
    tokens = []
    for top in range(0, image.shape[0] - size + 1, down):
        for left in range(0, image.shape[1] - size + 1, right):
            tokens.append(image[top : top + size, left : left + size].flatten())
    return np.stack(tokens)


def window_tokens(image, length=10):
    """Flatten an image row by row and cut the long line into pieces of equal length.

    Parameters
    ----------
    image : (H, W) array
    length : int, at least 1
        Pixels per token. The last token is filled up with zeros.

    Returns
    -------
    (ceil(H * W / length), length) float64 array
    """
    line = numeric_array(image, "image", 2).flatten()
    length = whole_number(length, "length", 1)
    tokens = np.zeros((math.ceil(line.size / length), length))
    for i, start in enumerate(range(0, line.size, length)):
        piece = line[start : start + length]
        tokens[i, : piece.size] = piece
    return tokens


def untokenize(tokens, shape, size):
    """Put non-overlapping patches back where ``patch_tokens(image, size)`` cut them out.

    Parameters
    ----------
    tokens : (T, size * size) array
    shape : pair (H, W), both multiples of ``size``
    size : int, at least 1

    Returns
    -------
    (H, W) float64 array
    """
    tokens, shape = numeric_array(tokens, "tokens", 2), pair(shape, "shape", 1)
    size = whole_number(size, "size", 1)
    if shape[0] % size or shape[1] % size:
        raise ValueError(
            f"shape is {shape}; patches of {size}×{size} fill an image whose sides are "
            f"multiples of {size}"
        )
    down, right = shape[0] // size, shape[1] // size
    if tokens.shape != (down * right, size * size):
        raise ValueError(
            f"tokens has shape {tokens.shape}; an image of shape {shape} has "
            f"{down * right} tokens of {size * size} pixels"
        )
    image = np.zeros(shape)
    for index, token in enumerate(tokens):
        top, left = index // right * size, index % right * size
        image[top : top + size, left : left + size] = token.reshape(size, size)
    return image


def patch_embedding(image, weight, bias, size):
    """Turn every patch into a vector of features with one dense layer, shared by all patches.

    That is a convolution whose kernel and stride are the patch's side (A. Dosovitskiy et al.,
    "An image is worth 16x16 words", 2021).

    Parameters
    ----------
    image : (H, W) array
    weight : (features, size * size) array
    bias : (features,) array
    size : int, at least 1

    Returns
    -------
    (T, features) float64 array
    """
    tokens = patch_tokens(image, size)
    weight, bias = numeric_array(weight, "weight", 2), numeric_array(bias, "bias", 1)
    if weight.shape[1] != tokens.shape[1]:
        raise ValueError(
            f"weight has shape {weight.shape}; patches of {size}×{size} need "
            f"{tokens.shape[1]} columns"
        )
    if bias.shape[0] != weight.shape[0]:
        raise ValueError(
            f"bias has {bias.shape[0]} numbers and weight {weight.shape[0]} rows; "
            "there is one number per row"
        )
    return np.stack([[row @ token + b for row, b in zip(weight, bias, strict=True)]
                     for token in tokens])  # fmt: skip


def token_spread(index_tokens, width):
    """How far apart are the pixels of a token, on average?

    The mean Euclidean distance over all pairs of different pixels that share a token.

    Parameters
    ----------
    index_tokens : (T, length) array of whole numbers
        The tokens of an image that holds at every pixel its own place in reading order: 0, 1, 2,
        … Negative entries mark padding and count for nothing.
    width : int, at least 1
        Columns of the image: place ``i`` lies in row ``i // width``, column ``i % width``.

    Returns
    -------
    float
        In pixels; 0.0 where no token has two pixels.
    """
    tokens, width = numeric_array(index_tokens, "index_tokens", 2), whole_number(width, "width", 1)
    if (tokens != np.round(tokens)).any():
        raise ValueError(f"index_tokens holds {shorten(tokens.tolist())}; it takes whole numbers")
    distances = []
    for token in tokens:
        places = [divmod(int(i), width) for i in token if i >= 0]
        for n, (row, column) in enumerate(places):
            for other_row, other_column in places[:n]:
                distances.append(math.hypot(row - other_row, column - other_column))
    return sum(distances) / len(distances) if distances else 0.0


def scale_pixels(images):
    """Bring the pixels of scikit-learn's digits from 0…16 to 0…1.

    Parameters
    ----------
    images : (N, H, W) array of numbers from 0 to 16

    Returns
    -------
    (N, H, W) float64 array
    """
    images = numeric_array(images, "images", 3)
    if images.min() < 0 or images.max() > BRIGHTEST:
        raise ValueError(
            f"images holds numbers from {images.min():g} to {images.max():g}; "
            f"it takes pixels from 0 to {BRIGHTEST}"
        )
    return images / BRIGHTEST


def words_seen(depth, kernel):
    """How many words can the last unit of a text CNN see?

    Each layer of stride 1 adds ``kernel`` - 1 words: 1 + depth * (kernel - 1), the receptive
    field on one axis.

    Parameters
    ----------
    depth : int, at least 0
        Convolutional layers.
    kernel : int, at least 1
        Words (or units of the layer below) that each unit looks at.

    Returns
    -------
    int
    """
    return 1 + whole_number(depth, "depth", 0) * (whole_number(kernel, "kernel", 1) - 1)


def depth_needed(words, kernel):
    """The smallest number of layers with which one unit sees ``words`` words.

    Parameters
    ----------
    words, kernel : int, at least 1

    Returns
    -------
    int

    Raises
    ------
    ValueError
        For a kernel of 1 and more than one word: no depth is enough.
    """
    words, kernel = whole_number(words, "words", 1), whole_number(kernel, "kernel", 1)
    if kernel == 1 and words > 1:
        raise ValueError(f"kernel is 1; to see {words} words it takes a kernel of 2 or more")
    depth = 0
    while words_seen(depth, kernel) < words:
        depth += 1
    return depth


def sentiment_states(sentence):
    """Read a sentence with one unit of memory: every "not" turns the state around.

    h_0 = 1; h_t = -h_(t-1) where word t is "not", else h_(t-1). The last state is the sentiment:
    many words to one answer.

    Parameters
    ----------
    sentence : str
        At least one word, separated by blanks; capital letters make no difference.

    Returns
    -------
    list of int
        The state after each word, 1 or -1.
    """
    if not isinstance(sentence, str) or not sentence.split():
        raise ValueError(f"sentence is {shorten(sentence)}; it takes at least one word")
    state, states = 1, []
    for word in sentence.lower().split():
        if word == "not":
            state = -state
        states.append(state)
    return states


def own_tokens(image):
    """An example of a way of one's own: rows like an ox ploughs, there and back (boustrophedon).

    Parameters
    ----------
    image : (H, W) array

    Returns
    -------
    (H, W) float64 array
        Odd rows run from right to left.
    """
    image = numeric_array(image, "image", 2)
    return np.stack([row[::-1] if i % 2 else row for i, row in enumerate(image)])
