"""What the hidden tests of ``leaky_relu`` use, in one place."""

from course_utils.staff.mistakes import leaky_relu as mistakes
from course_utils.staff.reference import leaky_relu as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.leaky_relu import cases

__all__ = ["cases", "contract", "mistakes", "reference"]
