"""Make a graded notebook safe to open: its outputs, attachments and metadata.

`CleanOutputs` is a step of autograding, after the cells have run, so that the notebook in
``autograded/`` is clean. `CleanPage` does the same to what is about to become a page, for notebooks
that were graded before or changed since. What students *wrote* stays as it is in the file; their
Markdown is cleaned where it becomes HTML (see ``clean_html``).
"""

import base64
import html
import re

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

from course_utils.check.verdict import CARD_MIME
from course_utils.staff.grading import event_log
from course_utils.staff.grading.record.clean_html import clean_math
from course_utils.staff.grading.record.page_filters import clean_html, markdown_to_html
from course_utils.staff.grading.record.text_worker import WORKER

# Data that nothing runs and that templates escape.
_INERT = ("application/json", CARD_MIME, "text/plain")
_PICTURES = ("image/gif", "image/jpeg", "image/png", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# nbgrader's own rule
_GRADE_ID = re.compile(r"[A-Za-z0-9_\-]+")
_CELL_METADATA = ("deletable", "editable", "nbgrader", "tags")
_FOLDED = {"source_hidden": True}
_NOTEBOOK_METADATA = ("kernelspec", "language_info", event_log.KEY)
# What the formgrader's template prints without escaping it. Students choose their names in other
# systems, from which class lists are imported.
_PRINTED_NAMES = ("first_name", "last_name", "notebook_path", "student")


class CleanOutputs(Preprocessor):
    """Keep what outputs show and drop what they could do.

    HTML is cleaned; SVG becomes an ``<img>``, in which no script runs; Markdown becomes the HTML
    that it stands for; JavaScript, widgets and kinds that are not known go. Of the metadata only
    what grading needs stays: templates print some of the rest into the page, or hide cells by it.
    """

    # nbconvert's are off by default; nbgrader's own base class cannot stand in an HTMLExporter
    # without a warning
    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook with clean outputs, attachments and metadata; sources stay."""
        WORKER.begin()
        _keep(nb.metadata, _NOTEBOOK_METADATA)
        for cell in nb.cells:
            _clean_cell(cell)
            for output in cell.get("outputs", []):
                _clean_output(output)
        return nb, resources


class CleanPage(CleanOutputs):
    """`CleanOutputs` for a notebook on its way to a page, with the names on it escaped.

    Name it in ``c.HTMLExporter.preprocessors``.
    """

    def preprocess(self, nb, resources):
        """Return the clean notebook, and resources whose names can be printed."""
        for name in _PRINTED_NAMES:
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(resources[name])
        return super().preprocess(nb, resources)


def _keep(mapping, names):
    for name in set(mapping) - set(names):
        del mapping[name]


def _clean_cell(cell):
    about = cell.metadata.get("nbgrader", {})
    flags = ("grade", "solution", "task")
    is_graded = not isinstance(about, dict) or any(about.get(flag) for flag in flags)
    # nobody folds away what is to be graded
    folding = () if is_graded or cell.metadata.get("jupyter") != _FOLDED else ("jupyter",)
    _keep(cell.metadata, (*_CELL_METADATA, *folding))
    if "grade_id" in about and not _matches(_GRADE_ID, about["grade_id"]):
        del cell.metadata["nbgrader"]
    for name, versions in list(cell.get("attachments", {}).items()):
        for kind, data in list(versions.items()):
            if kind not in (*_PICTURES, "image/svg+xml") or not _matches(_BASE64, data):
                del versions[kind]
        if not versions:
            del cell.attachments[name]


def _clean_output(output):
    if "data" not in output:  # a stream or an error, whose text is escaped
        return
    data = output.data
    _keep(output.metadata, _PICTURES)
    for kind, about in output.metadata.items():
        output.metadata[kind] = _sizes(about)
    dropped = sorted(set(data) - {*_INERT, *_PICTURES, *_REWRITTEN})
    dropped += [kind for kind in _PICTURES if kind in data and not _matches(_BASE64, data[kind])]
    for kind in dropped:
        del data[kind]
    for kind, rewrite in _REWRITTEN.items():
        if kind in data:
            new_kind, text = rewrite(data.pop(kind))
            data.setdefault(new_kind, text)  # HTML, where there is any, comes before the others
    if dropped and not data:
        data["text/plain"] = f"({', '.join(dropped)}: not kept)"


def _matches(pattern, value):
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _sizes(about):
    """Return the size and description of a picture, as far as they are that."""
    if not isinstance(about, dict):
        return {}
    kept = {
        name: about[name]
        for name in ("height", "width")
        if isinstance(about.get(name), int | float) and not isinstance(about[name], bool)
    }
    if isinstance(about.get("alt"), str):
        kept["alt"] = about["alt"]
    return kept


def _image_of_svg(svg):
    data = base64.b64encode(str(svg).encode("utf-8", "replace")).decode("ascii")
    return "text/html", f'<img src="data:image/svg+xml;base64,{data}" alt="figure (SVG)">'


def _html_of_markdown(source):
    return "text/html", markdown_to_html(source, exclude_anchor_links=True)


# kind of data -> function from the data to the kind and the data that take its place
_REWRITTEN = {
    "text/html": lambda text: ("text/html", clean_html(text)),
    "image/svg+xml": _image_of_svg,
    "text/markdown": _html_of_markdown,
    "text/latex": lambda text: ("text/latex", clean_math(text)),
}
