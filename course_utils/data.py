"""Small arrays the notebooks work with, and a photograph.

The arrays are read-only, so that no cell can change what a later cell computes.
"""

import importlib.util
from pathlib import Path

import numpy as np

PHOTOGRAPHS = ("china", "flower")


def _fixed(rows):
    array = np.array(rows, dtype=float)
    array.setflags(write=False)
    return array


# A bright bar between two dark rows, and the filter that notices its upper and lower side.
BRIGHT_BAR = _fixed(
    [
        [0.1, 0.2, 0.1, 0.1, 0.0],
        [0.8, 0.9, 1.0, 1.0, 0.9],
        [1.0, 1.0, 1.0, 1.0, 1.0],
        [0.9, 1.0, 1.0, 0.8, 1.0],
        [0.0, 0.1, 0.1, 0.2, 0.0],
    ]
)
HORIZONTAL_EDGES = _fixed([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
VERTICAL_EDGES = _fixed([[1, 0, -1], [1, 0, -1], [1, 0, -1]])

# Four windows, small enough to do with a pencil.
PENCIL_IMAGE = _fixed(
    [[0.5, 0.2, 0.1, 0.7], [0.1, 0.6, 0.9, 0.5], [0.0, 0.8, 0.2, 0.7], [0.2, 0.4, 0.0, 0.4]]
)
PENCIL_FILTER = _fixed([[0.1, 0.2, 0.6], [0.4, 0.3, 0.5], [0.9, 0.8, 0.7]])

# Padding moves the bottom-right corner of this map somewhere else.
FRAMED_IMAGE = _fixed([[1, 3, -2, 4], [0, 8, 6, 5], [2, 1, -9, 0], [4, -1, 3, 7]])
FRAMED_FILTER = _fixed([[1, 2], [-2, -1]])

# Six rows of digits for the vertical-edge filter.
DIGIT_ROWS = _fixed(
    [
        [3, 0, 1, 2, 7, 4],
        [1, 5, 8, 9, 3, 1],
        [2, 7, 2, 5, 1, 3],
        [0, 1, 3, 1, 7, 8],
        [4, 2, 1, 6, 2, 8],
        [2, 4, 5, 2, 3, 9],
    ]
)

# Nearly the same 4 by 4 image twice, for the two kinds of pooling.
MAX_POOL_IMAGE = _fixed([[1, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]])
AVERAGE_POOL_IMAGE = _fixed([[1, 3, 2, 1], [2, 9, 1, 1], [1, 4, 2, 3], [5, 6, 1, 2]])

# Six 3 by 3 filters (the soft ones sum to 1, the edge finders to 0).
FILTERS = {
    "blur": _fixed(np.full((3, 3), 1 / 9)),
    "sharpen": _fixed([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "horizontal edges": HORIZONTAL_EDGES,
    "vertical edges": VERTICAL_EDGES,
    "diagonal edges": _fixed([[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
    "any edges": _fixed([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
}


def photograph(name="china", shrink=3):
    """A photograph that scikit-learn brings along, in grey.

    Parameters
    ----------
    name : {"china", "flower"}
        A pagoda above a lake, or a dahlia.
    shrink : int
        Blocks of ``shrink`` by ``shrink`` pixels become one pixel, their mean.

    Returns
    -------
    (H, W) float64 array
        Brightness from 0 (black) to 1 (white), read-only; 143 rows by 214 columns for
        ``shrink=3``.

    Raises
    ------
    ValueError
        For any other name, or a ``shrink`` that is not a whole number from 1 to 100.
    """
    from PIL import Image  # loaded here so that arrays alone stay cheap to import

    if name not in PHOTOGRAPHS:
        raise ValueError(f"name is {name!r}; it takes one of {', '.join(PHOTOGRAPHS)}")
    if isinstance(shrink, bool) or not isinstance(shrink, int) or not 1 <= shrink <= 100:
        raise ValueError(f"shrink is {shrink!r}; it takes a whole number from 1 to 100")
    # Reading the file without importing scikit-learn saves a second.
    package = Path(importlib.util.find_spec("sklearn").origin).parent
    with Image.open(package / "datasets" / "images" / f"{name}.jpg") as picture:
        grey = picture.convert("L").reduce(shrink)
    return _fixed(np.asarray(grey) / 255)


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
    return _fixed(picture)
