"""What the hidden tests of ``image_tokenization`` use, in one place."""

from course_utils.staff.mistakes import image_tokenization as mistakes
from course_utils.staff.reference import image_tokenization as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.image_tokenization import cases, judge

__all__ = ["cases", "contract", "judge", "mistakes", "reference"]
