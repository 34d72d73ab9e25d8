"""ReLU and its leaky sibling, units that die, and a tiny network that trains: NumPy and torch.

The names exported here are the by-hand versions; ``with_torch`` holds the same functions by
automatic differentiation and is the only one that needs torch. ``cases`` makes the random inputs
on which the hidden tests compare a student's function with these.
"""

from course_utils.staff.reference.leaky_relu.by_hand import (
    collapse,
    dead_units,
    leaky_relu,
    leaky_relu_grad,
    relu,
    relu_grad,
    train,
)

__all__ = [
    "collapse",
    "dead_units",
    "leaky_relu",
    "leaky_relu_grad",
    "relu",
    "relu_grad",
    "train",
]
