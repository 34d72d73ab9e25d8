"""Is every error that a hidden cell demands announced to the student?

A hidden cell demands errors with ``check.raises``. The comment above such calls quotes the words
that announce them::

    # "where w is larger than the padded image"
    check.raises(correlate2d, np.ones((3, 5)), np.ones((4, 2)))

They have to stand in a sentence about errors: in the docstring of the function, or in the Markdown
of its task. Whether they fit the calls is for the author to judge; that the student can read them,
and that no call goes without, is checked here.
"""

import ast
import re

import nbformat

from course_utils.staff.authoring.source_notebook import SourceNotebook

FEWEST_WORDS = 3  # of a quotation: fewer stand anywhere
_QUOTED = re.compile(r'"([^"]+)"')
_ABOUT_ERRORS = re.compile(r"ValueError|\berrors\b")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s")


def unannounced(path):
    """Return what is missing in the notebook at ``path``, a sentence for each call.

    Raises
    ------
    ValueError
        The file is not a notebook.
    """
    notebook = SourceNotebook(path)
    texts = _texts(notebook)
    found = []
    for cell in notebook.tests("hidden"):
        for call in _demands(cell.source):
            problem = _problem(call, cell.source, texts)
            if problem:
                found.append(f"{cell.grade_id}: {ast.unparse(call)}: {problem}")
    return found


def _demands(source):
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "raises"
    ]


def _problem(call, source, texts):
    function = ast.unparse(call.args[0]) if call.args else ""
    if function not in texts:
        return "its first argument is no function of an answer cell"
    phrases = _QUOTED.findall(_comment_above(source, call.lineno))
    if not phrases:
        return "the comment above quotes no announcement"
    for phrase in phrases:
        if len(phrase.split()) < FEWEST_WORDS:
            return f"{phrase!r} is too short to announce anything"
        if not any(phrase in sentence for sentence in texts[function]):
            return f"no sentence about errors in docstring or task says {phrase!r}"
    return ""


def _comment_above(source, number):
    """The nearest lines of comment above a line, as one text."""
    lines = source.splitlines()[: number - 1]
    while lines and not lines[-1].startswith("#"):
        lines.pop()
    comment = []
    while lines and lines[-1].startswith("#"):
        comment.insert(0, lines.pop().lstrip("# "))
    return " ".join(" ".join(comment).split())


def _texts(notebook):
    """For each function of an answer cell, the sentences about errors that a student reads.

    Those of its docstring, and of the Markdown between the test cell before and the answer cell.
    """
    sentences, texts = [], {}
    answers = {cell.grade_id: cell for cell in notebook.solutions()}
    tests = {cell.grade_id for cell in notebook.tests()}
    for cell in nbformat.read(notebook.path, as_version=4).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "markdown":
            sentences += _sentences(cell.source)
        elif grade_id in tests:
            sentences = []
        elif grade_id in answers:
            for statement in ast.parse(cell.source).body:
                if isinstance(statement, ast.FunctionDef):
                    doc = ast.get_docstring(statement) or ""
                    texts[statement.name] = [*sentences, *_sentences(doc)]
    return texts


def _sentences(text):
    sentences = (" ".join(sentence.split()) for sentence in _SENTENCE_END.split(text))
    return [sentence for sentence in sentences if _ABOUT_ERRORS.search(sentence)]
