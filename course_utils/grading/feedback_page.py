"""The look of nbgrader's feedback pages, on a phone too."""

from nbconvert.exporters import HTMLExporter

_HEAD = """<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
/* the list at the top calls every test "Test cell": add which one it is */
#toc a[href^="#"]::after { content: " " attr(href); }
#toc a[href^="#comment-"]::after { content: ""; }
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


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter, with a page that fits the screen."""

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page and the resources."""
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        if "</head>" not in page:
            raise ValueError("nbgrader's feedback template has no </head> to add the style to")
        return page.replace("</head>", f"{_HEAD}</head>", 1), resources
