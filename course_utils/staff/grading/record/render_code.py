"""HTML of a program, coloured as nbconvert does it; called in the text worker."""

import course_utils.staff.light_jsonschema  # noqa: F401  before nbconvert

import IPython.lib.lexers  # noqa: F401  which the first program would load
from nbconvert.filters.highlight import Highlight2HTML


def highlight(source, language):
    """Return the HTML."""
    return Highlight2HTML(pygments_lexer=language)(source)
