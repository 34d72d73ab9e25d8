"""The look of nbgrader's feedback pages, on a phone too."""

import html
import re

from nbconvert.exporters import HTMLExporter

from course_utils.staff.grading.event_log import KEY
from course_utils.staff.reports.carried_forward import SENTENCE

_HEAD = """<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
/* the list at the top calls every test "Test cell": add which one it is */
#toc a[href^="#"]::after { content: " " attr(href); }
#toc a[href^="#comment-"]::after { content: ""; }
#toc summary { cursor: pointer; display: list-item; }
/* the score stood in a second line outside of a heading one line high, white on white */
div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
div.nbgrader_cell .panel-heading a { color: #fff; text-decoration: underline; }
a.anchor-link { visibility: hidden; }
:hover > a.anchor-link { visibility: visible; }
.rendered_html img, .output_png img, .output_svg svg { max-width: 100%; height: auto; }
div.output_area, div.output_subarea { max-width: 100%; overflow-x: auto; }
pre { white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; }
@media (max-width: 700px) {
  .container, #notebook-container { padding: 0 4px; }
  .panel-body { padding: 6px; }
  div.prompt { min-width: 0; text-align: left; }
  #toc ol { padding-left: 24px; }
}
</style>
"""


_CONTENTS = re.compile(r'<div id="toc">\s*<ol>(.*?)</ol>', re.S)
_ITEM = re.compile(r"<li[^>]*>.*?</li>", re.S)
_SCORE = re.compile(r"\(Score: ([\d.]+) / ([\d.]+)\)")


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, with a page that fits the screen."""

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page and the resources."""
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        if "</head>" not in page:
            raise ValueError("nbgrader's feedback template has no </head> to add the style to")
        page = page.replace("</head>", f"{_HEAD}</head>", 1)
        by_people = nb.metadata.get(KEY, {}).get("waits", {})
        carried = resources.get("nbgrader", {}).get(SENTENCE, "")
        return _CONTENTS.sub(
            lambda found: _contents(_ITEM.findall(found[1]), by_people, carried), page
        ), resources


def _contents(items, by_people, carried=""):
    """Begin with what a student looks for: where points were lost. The full list can be opened.

    Parameters
    ----------
    items : list of str
        Of nbgrader's list, as HTML.
    by_people : collection of str
        Names of the test cells that a person decides.
    carried : str
        A sentence on points that are carried forward, or an empty text.
    """
    scores = [_SCORE.search(item) for item in items]
    worth = [
        (item, bool(score) and float(score[1]) < float(score[2]))
        for item, score in zip(items, scores, strict=True)
        if not score or float(score[2]) > 0
    ]
    written = [
        item
        for item, _ in worth
        if "Written response" in item or any(f'href="#{name}"' in item for name in by_people)
    ]
    lost = [item for item, is_lower in worth if is_lower and item not in written]
    late = [item for item, _ in worth if "late-penalty" in item]
    parts = {
        "Points were lost in these checks:": lost,
        "Graded by people (0 until they have read it):": written,
        "Handed in late:": late,
    }
    shown = "".join(
        f"<p>{title}</p><ul>{''.join(group)}</ul>" for title, group in parts.items() if group
    )
    first = f"<p>{html.escape(carried)}</p>" if carried else ""
    everything = "".join(item for item, _ in worth)
    return (
        f'<div id="toc">{first}{shown or "<p>No check lost points.</p>"}'
        f"<details><summary>All {len(worth)} checks and answers</summary>"
        f"<ol>{everything}</ol></details>"
    )
