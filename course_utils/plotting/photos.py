"""Photographs and signed maps in grey."""

import numpy as np


def draw_photo(axes, values, title="", signed=False):
    """Draw brightness as grey; ``signed`` maps get mid-grey for 0, white for large positive."""
    if signed:
        # The few strongest pixels would leave all the others in the same grey.
        high = max(float(np.quantile(np.abs(values), 0.995)), 1e-12)
        low = -high
    else:
        low, high = 0, 1
    axes.imshow(values, cmap="gray", vmin=low, vmax=high)
    axes.set_title(title, fontsize=13, pad=4)
    axes.set_xticks([])
    axes.set_yticks([])
