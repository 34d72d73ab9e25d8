"""Receptive fields: the recursion, regions of the image, path counts, designs.

``with_torch`` measures the same with automatic differentiation and is not imported here: it is
the only module that needs torch. ``cases`` makes the inputs of the hidden tests.
"""

from course_utils.staff.reference.receptive_fields.by_hand import (
    empirical_receptive_field,
    gradient_map,
    input_region,
    map_sizes,
    path_counts,
    receptive_field,
    seen_pixels,
)
from course_utils.staff.reference.receptive_fields.designs import (
    count_parameters,
    design,
    judged,
    measured,
    never_overspends,
    pool_fields,
    vgg_layers,
)

__all__ = [
    "count_parameters",
    "design",
    "empirical_receptive_field",
    "gradient_map",
    "input_region",
    "judged",
    "map_sizes",
    "measured",
    "never_overspends",
    "path_counts",
    "pool_fields",
    "receptive_field",
    "seen_pixels",
    "vgg_layers",
]
