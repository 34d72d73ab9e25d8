"""Random sizes for the inputs of the hidden tests."""


def between(rng, low, high):
    """Return a whole number from ``low`` to ``high``, both included."""
    return int(rng.integers(low, high + 1))


def two_between(rng, low, high):
    """Return two different whole numbers from ``low`` to ``high``: (vertical, horizontal)."""
    return tuple(int(size) for size in rng.permutation(range(low, high + 1))[:2])
