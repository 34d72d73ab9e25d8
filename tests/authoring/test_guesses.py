"""Whoever guesses has not seen the answer: not printed before, not written in the next cell."""

import ast
import math
import re
from pathlib import Path

import nbformat
import pytest

from course_utils.staff.course import Course

COURSE = Course.find(Path(__file__).parent)
NOTEBOOKS = [path for name in COURSE.assignments() for path in COURSE.notebooks(name)]
IDS = [path.stem for path in NOTEBOOKS]
REVEALED = re.compile(r"No guess yet\. The answer: (.*)")
FIGURES = {"figures", "plotting"}
# Statements of a cell that only draws; what is defined or printed there is to be read.
DRAWING = (ast.Assign, ast.Expr, ast.If)


class Guess:
    """A guess: the cells before it in its section, up to the reveal, and the answers revealed."""

    def __init__(self, cells, place, name):
        self.name, self.variable = f"{name} in {cells[place].id}", name
        later = range(place + 1, len(cells))
        reveals = [at for at in later if name in revealed_names(cells[at])]
        self.reveal = cells[reveals[0]] if reveals else None
        self.between = cells[place + 1 : reveals[0]] if reveals else []
        start = max(at for at in range(place) if cells[at].source.startswith("## "))
        self.before = cells[start:place]
        texts = REVEALED.findall(printed(self.reveal)) if reveals else []
        mine = revealed_names(self.reveal).index(name) if reveals else 0
        self.answer = as_value(texts[mine]) if len(texts) > mine else None
        question = cells[place - 1].source + cells[place].source
        self.is_choice = isinstance(self.answer, (int, float)) and any(
            is_same(number, self.answer) for number in numbers(question)
        )

    def is_spoilt_by(self, values):
        """Whether values that stand together give the answer away.

        A small whole number stands everywhere; one of several to choose from says nothing.
        """
        values = list(values)
        if isinstance(self.answer, str):
            texts = {value for value in values if isinstance(value, str)}
            return self.answer in texts and len(texts) == 1
        parts = self.answer if isinstance(self.answer, tuple) else (self.answer,)
        if self.is_choice or all(part in range(21) for part in parts):
            return False
        return any(is_same(value, self.answer) for value in values)


def as_value(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def is_ours(cell):
    """Whether a cell is code that students neither write nor are graded by."""
    grader = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and not any(
        grader.get(flag) for flag in ("grade", "solution", "task")
    )


def calls_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def revealed_names(cell):
    """The names of the guesses that a cell answers, in its order."""
    if not is_ours(cell):
        return []
    return [
        ast.unparse(call.args[0])
        for call in calls_of(ast.parse(cell.source))
        if ast.unparse(call.func) == "reveal"
    ]


def only_draws(cell):
    if not is_ours(cell) or "open" in cell.metadata.get("tags", []):
        return False
    tree = ast.parse(cell.source)
    called = {ast.unparse(call.func).split(".")[0] for call in calls_of(tree)}
    plain = all(isinstance(statement, DRAWING) for statement in tree.body)
    return plain and bool(called & FIGURES) and "print" not in called


def guesses(notebook):
    """Every variable that a cell leaves to be filled in."""
    cells = notebook.cells
    for place, cell in enumerate(cells):
        if not is_ours(cell):
            continue
        for statement in ast.parse(cell.source).body:
            if isinstance(statement, ast.Assign) and has_dots(statement.value):
                yield Guess(cells, place, statement.targets[0].id)


def has_dots(value):
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(part, ast.Constant) and part.value is ... for part in parts)


def printed(cell):
    """What a cell shows as text: prints, and the descriptions of its figures."""
    outputs = cell.get("outputs", [])
    return "\n".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs
    )


def literals(source):
    """Every value written out in a cell: numbers, texts, tuples, also a fraction of two numbers."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr):
            yield from literal(node)


def literal(node):
    """A list of the value that an expression writes out, empty where it has to be computed."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    try:
        if sides and all(isinstance(side, ast.Constant) for side in sides):
            return [eval(ast.unparse(node))]  # such as 9 / 13
        return [ast.literal_eval(node)]
    except (ValueError, TypeError):
        return []


def is_written_out(cell, name):
    """Whether a reveal is handed the answer as a literal, or as a name for one."""
    tree = ast.parse(cell.source)
    named = {
        target.id: statement.value
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for call in calls_of(tree):
        if ast.unparse(call.func) == "reveal" and ast.unparse(call.args[0]) == name:
            answer = call.args[1]
            return bool(literal(named.get(ast.unparse(answer), answer)))
    return False


def is_same(value, answer):
    """Whether they are equal, as ``reveal`` shows them."""
    if isinstance(value, bool) or type(value) is not type(answer):
        both = all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in (value, answer))
        if not both:
            return False
    if isinstance(answer, (int, float)):
        return math.isclose(value, answer, abs_tol=1e-6)
    return value == answer


def numbers(text):
    """The numbers in a text, also those written as 10 416 or 10,416 or with a real minus."""
    plain = text.replace("−", "-").replace("\N{NO-BREAK SPACE}", " ")
    plain = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", plain)
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", plain)]


@pytest.fixture(params=NOTEBOOKS, ids=IDS)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_every_guess_is_answered(notebook):
    found = list(guesses(notebook))
    assert found
    assert [guess.name for guess in found if guess.reveal is None or guess.answer is None] == []


def test_cells_that_answer_or_only_draw_are_folded(notebook):
    wanted = {c.id for c in notebook.cells if only_draws(c) or revealed_names(c)}
    folded = {
        c.id for c in notebook.cells if c.metadata.get("jupyter", {}).get("source_hidden") is True
    }
    assert folded == wanted


def test_the_line_shown_of_a_folded_answer_is_a_comment(notebook):
    answering = [cell for cell in notebook.cells if revealed_names(cell)]
    assert [cell.id for cell in answering if not cell.source.startswith("# Run this cell")] == []


def test_no_answer_is_written_out_between_guess_and_reveal(notebook):
    assert [name for name, _ in written_out(notebook)] == []


def test_no_answer_stands_above_its_guess(notebook):
    """Neither in the section's text nor in what its cells show, for numbers that stand out."""
    assert list(stated_before(notebook)) == []


def written_out(notebook):
    for guess in guesses(notebook):
        if is_written_out(guess.reveal, guess.variable):
            yield guess.name, guess.reveal.id
        for cell in (guess.reveal, *filter(is_ours, guess.between)):
            if guess.is_spoilt_by(literals(cell.source)):
                yield guess.name, cell.id


def stated_before(notebook):
    for guess in guesses(notebook):
        for cell in guess.before:
            if guess.is_spoilt_by(numbers(cell.source + "\n" + printed(cell))):
                yield guess.name, cell.id


CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
QUESTION, DOTS = TEXT("## Growth\n\n**Predict.** What is 1.1 to the 50th?"), CODE("guess = ...")


def told(number):
    return nbformat.v4.new_output("stream", text=f"No guess yet. The answer: {number}\n")


@pytest.mark.parametrize(
    ("cells", "spoilers"),
    [
        ([QUESTION, DOTS, CODE("reveal(guess, 1.1**50)", outputs=[told(117.39)])], 1),
        ([QUESTION, DOTS, CODE("x = 117.39\nreveal(guess, x)", outputs=[told(117.39)])], 2),
        ([QUESTION, DOTS, CODE("reveal(guess, 9)", outputs=[told(9)])], 1),
        ([QUESTION, DOTS, CODE("reveal(guess, 9 / 13)", outputs=[told(0.692308)])], 2),
        ([QUESTION, DOTS, CODE("x = 2\nreveal(guess, x**3)", outputs=[told(8)])], 0),
        ([QUESTION, DOTS, CODE("reveal(guess, f('a'))", outputs=[told("a")])], 1),
        ([QUESTION, DOTS, CODE("reveal(guess, f('a', 'b'))", outputs=[told("a")])], 0),
        (
            [TEXT("## So much"), CODE("", outputs=[told("0.2 and 117.39.")])]
            + [QUESTION, DOTS, CODE("reveal(guess, f())", outputs=[told(117.39)])],
            0,
        ),
        (
            [QUESTION, CODE("", outputs=[told("0.2 and 117.39.")])]
            + [DOTS, CODE("reveal(guess, f())", outputs=[told(117.39)])],
            1,
        ),
        (
            [TEXT("## Which, 0.5 or 0.9?"), DOTS]
            + [CODE("reveal(guess, min(0.5, 0.9))", outputs=[told(0.5)])],
            0,
        ),
    ],
)
def test_what_gives_an_answer_away_is_found(cells, spoilers):
    made = nbformat.v4.new_notebook(cells=cells)
    assert len([*written_out(made), *stated_before(made)]) == spoilers
