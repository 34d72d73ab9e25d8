"""Pages show of a folded cell what it shows in JupyterLab: its output, not its code."""

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool


class HideFoldedSource(Preprocessor):
    """Leave out the code of cells whose input is folded (``jupyter.source_hidden``).

    nbconvert's templates know no folding, but that a cell's source is to be removed.
    """

    # nbconvert's are off by default
    enabled = Bool(True).tag(config=True)

    def preprocess_cell(self, cell, resources, index):
        """Return the cell, marked where it is folded."""
        if cell.metadata.get("jupyter", {}).get("source_hidden") is True:
            cell.metadata["transient"] = {"remove_source": True}
        return cell, resources
