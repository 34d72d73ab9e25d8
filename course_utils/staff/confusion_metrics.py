"""What the hidden tests of ``confusion_metrics`` use, in one place."""

from course_utils.staff.mistakes import confusion_metrics as mistakes
from course_utils.staff.reference import confusion_metrics as reference
from course_utils.staff.reference.confusion_metrics import cases
from course_utils.staff.reference.contract import contract

__all__ = ["cases", "contract", "mistakes", "reference"]
