"""What the hidden tests of ``convolution_by_hand`` use, in one place."""

from course_utils.staff.mistakes import convolution_by_hand as mistakes
from course_utils.staff.reference import convolution_by_hand as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.convolution_by_hand import cases

__all__ = ["cases", "contract", "mistakes", "reference"]
