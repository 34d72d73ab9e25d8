"""The two photographs that scikit-learn brings along."""

import importlib.util
from pathlib import Path

import numpy as np

from course_utils.datasets.arrays import read_only

PHOTOGRAPHS = ("china", "flower")


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
    from PIL import Image  # here: it is slow to import

    if name not in PHOTOGRAPHS:
        raise ValueError(f"name is {name!r}; it takes one of {', '.join(PHOTOGRAPHS)}")
    if isinstance(shrink, bool) or not isinstance(shrink, int) or not 1 <= shrink <= 100:
        raise ValueError(f"shrink is {shrink!r}; it takes a whole number from 1 to 100")
    # Reading the file without importing scikit-learn saves a second.
    package = Path(importlib.util.find_spec("sklearn").origin).parent
    with Image.open(package / "datasets" / "images" / f"{name}.jpg") as picture:
        grey = picture.convert("L").reduce(shrink)
    return read_only(np.asarray(grey) / 255)
