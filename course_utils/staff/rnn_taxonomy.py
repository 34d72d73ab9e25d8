"""What the hidden tests of ``rnn_taxonomy`` use, in one place."""

from course_utils.staff.mistakes import rnn_taxonomy as mistakes
from course_utils.staff.reference import rnn_taxonomy as reference
from course_utils.staff.reference.contract import contract
from course_utils.staff.reference.rnn_taxonomy import cases

__all__ = ["cases", "contract", "mistakes", "reference"]
