"""Small images and filters to do by hand, and a drawing with shapes to find."""

import numpy as np

from course_utils.datasets.arrays import read_only

# A bright bar between two dark rows, and the filter that notices its upper and lower side.
BRIGHT_BAR = read_only(
    [
        [0.1, 0.2, 0.1, 0.1, 0.0],
        [0.8, 0.9, 1.0, 1.0, 0.9],
        [1.0, 1.0, 1.0, 1.0, 1.0],
        [0.9, 1.0, 1.0, 0.8, 1.0],
        [0.0, 0.1, 0.1, 0.2, 0.0],
    ]
)
HORIZONTAL_EDGES = read_only([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
VERTICAL_EDGES = read_only([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
# What the horizontal edges make of the bar. In the notebook it would answer the first guess.
EDGE_MAP = read_only([[-2.6, -2.6, -2.8], [-0.2, 0.1, 0.1], [2.8, 2.6, 2.7]])

# Four windows, small enough to do with a pencil.
PENCIL_IMAGE = read_only(
    [[0.5, 0.2, 0.1, 0.7], [0.1, 0.6, 0.9, 0.5], [0.0, 0.8, 0.2, 0.7], [0.2, 0.4, 0.0, 0.4]]
)
PENCIL_FILTER = read_only([[0.1, 0.2, 0.6], [0.4, 0.3, 0.5], [0.9, 0.8, 0.7]])

# Padding moves the bottom-right corner of this map somewhere else.
FRAMED_IMAGE = read_only([[1, 3, -2, 4], [0, 8, 6, 5], [2, 1, -9, 0], [4, -1, 3, 7]])
FRAMED_FILTER = read_only([[1, 2], [-2, -1]])

# Six rows of digits for the vertical-edge filter.
DIGIT_ROWS = read_only(
    [
        [3, 0, 1, 2, 7, 4],
        [1, 5, 8, 9, 3, 1],
        [2, 7, 2, 5, 1, 3],
        [0, 1, 3, 1, 7, 8],
        [4, 2, 1, 6, 2, 8],
        [2, 4, 5, 2, 3, 9],
    ]
)

# Red on the left, blue on the right, and a filter that answers to red giving way to blue.
COLOUR_IMAGE = read_only(
    [
        [[2, 2, 0, 1], [3, 2, 0, 0], [2, 3, 1, 0], [2, 2, 0, 0]],
        [[1, 1, 1, 1], [1, 1, 0, 1], [1, 1, 2, 0], [1, 1, 1, 1]],
        [[0, 1, 2, 2], [0, 0, 3, 2], [1, 0, 2, 3], [0, 0, 2, 2]],
    ]
)
COLOUR_FILTER = read_only(
    [
        [[0, 0, 0], [1, 0, -1], [0, 0, 0]],
        [[0, 0, 0], [0, -1, 0], [0, 0, 0]],
        [[0, 0, 0], [-1, 0, 1], [0, 0, 0]],
    ]
)

# Nearly the same 4 by 4 image twice, for the two kinds of pooling.
MAX_POOL_IMAGE = read_only([[1, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]])
AVERAGE_POOL_IMAGE = read_only([[1, 3, 2, 1], [2, 9, 1, 1], [1, 4, 2, 3], [5, 6, 1, 2]])

# Six 3 by 3 filters (the soft ones sum to 1, the edge finders to 0).
FILTERS = {
    "blur": read_only(np.full((3, 3), 1 / 9)),
    "sharpen": read_only([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "horizontal edges": HORIZONTAL_EDGES,
    "vertical edges": VERTICAL_EDGES,
    "diagonal edges": read_only([[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
    "any edges": read_only([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
}


def shapes_picture():
    """A drawing with two squares among other shapes, for building a square detector.

    Returns
    -------
    (40, 72) float64 array
        0 for paper, 1 for ink; read-only. The squares are 8 pixels wide, their top-left corners
        at row 6, column 6 and row 26, column 50.
    """
    picture = np.zeros((40, 72))
    row, col = np.indices(picture.shape)
    picture[6:14, 6:14] = 1
    picture[26:34, 50:58] = 1
    picture[(row - 10) ** 2 + (col - 31) ** 2 <= 40] = 1  # disc
    picture[(row >= 6) & (row < 14) & (col >= 50) & (col - 50 <= row - 6)] = 1  # triangle
    picture[26:34, 8:11] = 1  # bar
    picture[28:31, 22:36] = 1  # cross …
    picture[22:37, 27:30] = 1  # … upright
    return read_only(picture)
