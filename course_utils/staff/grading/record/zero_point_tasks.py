"""Task cells that only carry a question need no grade."""

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


class SettleZeroPointTasks(NbGraderPreprocessor):
    """Mark tasks worth no points as graded.

    The task cell holds the question and its mark scheme, the answer cell the points. nbgrader
    waits for a manual grade on every task cell, so it would list even a blank submission as
    "needs grading", for ever.
    """

    def preprocess(self, nb, resources):
        """Settle the grades of zero-point tasks in the gradebook; the notebook stays as it is."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            for cell in nb.cells:
                if utils.is_task(cell) and not cell.metadata.nbgrader.points:
                    grade = gradebook.find_grade(
                        cell.metadata.nbgrader.grade_id,
                        names["notebook"],
                        names["assignment"],
                        names["student"],
                    )
                    grade.needs_manual_grade = False
            gradebook.db.commit()
        return nb, resources
