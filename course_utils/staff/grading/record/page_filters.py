"""The filters of an ``HTMLExporter`` for students' texts, each bounded in time and memory.

They have nbconvert's names and do what nbconvert's do, and the result is clean. The work is done in
the text worker. What is too much for it is told in a sentence, followed by the beginning of the
text where a text is what a student wrote.
"""

import html
from functools import lru_cache

from jinja2 import pass_context
from nbconvert.filters.ansi import ansi2html as coloured
from nbconvert.utils.base import NbConvertBase
from traitlets import Unicode

from course_utils.staff.grading.record.clean_html import as_text
from course_utils.staff.grading.record.text_worker import WORKER, TooMuchWorkError

LEFT_OUT = "(This output takes too much time or memory to be shown, so it was left out.)"
CUT_OFF = "\n(This takes too much time or memory to be shown; only its beginning is here.)"
LONGEST_BEGINNING = 2_000  # characters
_SHORT = 16_384  # characters of a text whose clean form is kept
_SHORTEST_WORK = 1_000  # characters; less is done here, whatever they are


def clean_html(text):
    """Return HTML without whatever acts; see the module of that name.

    Parameters
    ----------
    text : str or bytes
    """
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    try:
        # what a course's own cells show is the same in every notebook
        page = _cleaned(text) if len(text) <= _SHORT else WORKER.call("html", text)
        return WORKER.counted(page)
    except TooMuchWorkError:
        return f"<pre>{LEFT_OUT}</pre>"


@lru_cache(maxsize=512)
def _cleaned(text):
    return WORKER.call("html", text)


def ansi2html(text):
    """Return HTML of printed text, with the colours that a terminal would show."""
    text = str(text)
    try:
        is_little = len(text) < _SHORTEST_WORK
        return WORKER.counted(coloured(text) if is_little else WORKER.call("ansi", text))
    except TooMuchWorkError:
        return html.escape(_beginning(text))


def markdown_to_html(source, **options):
    """Return clean HTML of a Markdown text; one that cannot be rendered is shown as text."""
    try:
        return WORKER.counted(WORKER.call("markdown", source, options))
    except TooMuchWorkError:
        return as_text(_beginning(source))


class CleanMarkdown(NbConvertBase):
    """The filter ``markdown2html``. Formulas stay, and so do attached pictures."""

    def __init__(self, **kwargs):
        """Take the exporter as ``parent``, for its options of rendering."""
        super().__init__(**kwargs)
        pass_context(self)  # jinja2 then calls it with the cell, which holds the attachments

    def __call__(self, context, source):
        """Return the HTML of a Markdown text."""
        return markdown_to_html(
            source,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=self.parent.embed_images,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            anchor_link_text=self.parent.anchor_link_text,
            exclude_anchor_links=self.parent.exclude_anchor_links,
        )


class HighlightCode(NbConvertBase):
    """The filter ``highlight_code``; every notebook of the course is Python."""

    language = Unicode("ipython3", help="The lexer of pygments.").tag(config=True)

    def __call__(self, source, language=None, metadata=None):
        """Return the HTML of a program, coloured unless that is too much."""
        try:
            return WORKER.counted(WORKER.call("code", source, language or self.language))
        except TooMuchWorkError:
            return f'<div class="highlight">{as_text(_beginning(source))}</div>'


def _beginning(text):
    return text if len(text) <= LONGEST_BEGINNING else text[:LONGEST_BEGINNING] + CUT_OFF
