"""docs/grading.md lists every label that the report can show, and every column of its file."""

import ast
import re
from pathlib import Path

from course_utils.staff.grading import event_log
from course_utils.staff.reports import report, report_text
from course_utils.staff.reports import what_went_wrong as wrong

REPOSITORY = Path(__file__).parents[2]
CODE = REPOSITORY / "course_utils" / "staff"
# calls that make an outcome, and which of their arguments is its label
MAKERS = {"_RefusedError": 0, "NoNotebookError": 0, "Problem": 0, "_no_notebook": 1, "Outcome": 1}


def rows_of(heading):
    """The first cells of the tables of a section."""
    text = (REPOSITORY / "docs" / "grading.md").read_text(encoding="utf-8")
    section = text.partition(f"## {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\| (.+?) \|", section, re.MULTILINE)


def labels_in(path):
    """The labels of outcomes that a module makes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    scopes = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]
    for scope in scopes:
        for call in ast.walk(scope):
            place = MAKERS.get(getattr(getattr(call, "func", None), "id", None))
            if place is not None and len(call.args) > place:
                yield from words_of(call.args[place], scope)


def words_of(node, function):
    """The texts that an expression can have: a text, a choice of two, or a name for them."""
    if isinstance(node, ast.Name):
        for assigned in ast.walk(function):
            if isinstance(assigned, ast.Assign) and node.id in map(ast.unparse, assigned.targets):
                yield from words_of(assigned.value, function)
    elif isinstance(node, ast.IfExp):
        yield from words_of(node.body, function)
        yield from words_of(node.orelse, function)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_docs_list_every_label_there_is_and_no_other():
    found = {label for path in CODE.rglob("*.py") for label in labels_in(path)} - {""}
    assert {"a link", "no ordinary file", "too many cells", "nbgrader failed"} <= found
    found |= {kind.label for kind in event_log.EVENTS.values()}
    found |= {wrong.NOTHING_ANSWERED, wrong.NOT_ANSWERED, wrong.NOT_ALL, wrong.WRONG}
    found |= {report.OLDER_POINTS}
    rows = rows_of("What the report says")
    listed = [label for row in rows for label in row.split(", ") if not label.startswith("a name")]
    listed = [label for label in listed if label != "it says"]
    assert sorted(listed) == sorted(found)


def test_docs_list_the_columns_of_the_file_in_their_order():
    head, listed, *rows = rows_of("The columns of the report")
    exercises = dict.fromkeys(rows[0].removesuffix(" …").split(", "), 4)
    columns = report_text.as_csv(report.Report("01", exercises, [])).strip().split(",")
    assert [head, listed, *exercises, *rows[1:]] == ["column", *columns]
