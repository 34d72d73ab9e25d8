"""Whether a cell is as it was handed out, by the checksum that nbgrader left in it."""

from nbgrader import utils


def is_as_given(cell):
    """Tell whether a cell has the text it was handed out with; one of the student's own has not."""
    grading = cell.metadata.get("nbgrader", {})
    # what of a submission's metadata is lost would fail there
    is_sound = "grade_id" in grading and ("points" in grading or not grading.get("grade"))
    return is_sound and grading.get("checksum") == utils.compute_checksum(cell)
