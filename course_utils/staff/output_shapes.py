"""What the hidden tests of ``output_shapes`` use, in one place."""

from course_utils.staff.mistakes import output_shapes as mistakes
from course_utils.staff.reference import output_shapes as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.output_shapes import architectures, cases

__all__ = ["architectures", "cases", "contract", "mistakes", "reference"]
