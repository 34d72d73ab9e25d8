"""Output sizes and parameter counts: with arithmetic, and by asking torch.

The names exported here are the arithmetic; ``with_torch`` holds the same functions under the
same names, ``architectures`` the published networks, ``cases`` the random inputs on which the
hidden tests compare a student's functions with these.

``with_torch`` is not imported here: it is the only one that needs torch.
"""

from course_utils.staff.reference.output_shapes.by_hand import (
    conv_output_size,
    conv_transpose_output_size,
    count_parameters,
    shape_table,
)

__all__ = [
    "conv_output_size",
    "conv_transpose_output_size",
    "count_parameters",
    "shape_table",
]
