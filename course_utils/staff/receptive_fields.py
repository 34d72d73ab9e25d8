"""What the hidden tests of ``receptive_fields`` use, in one place."""

from course_utils.staff.mistakes import receptive_fields as mistakes
from course_utils.staff.reference import receptive_fields as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.receptive_fields import cases

__all__ = ["cases", "contract", "mistakes", "reference"]
