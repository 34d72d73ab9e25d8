"""Cells that are read beforehand run as IPython would run them, and are read no more."""

import copy
import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.sandbox.shell import CapturingShell, make_shell
from course_utils.staff.authoring.answer_file import read_answer_file

REPOSITORY = Path(__file__).parents[2]
ODD_CELLS = (
    "a = 1\nb = %time x",
    "x = !ls\ny",
    "%%bash\nls",
    "x\n?y",
    "y?\nx",
    "def f():\n    %time x\n",
    "a\\\n= %who\nb",
    "  x = 1\n  y = 2",
    ">>> x = 1\n>>> y = 2",
    "In [1]: x = 1\nIn [2]: y",
    "x = (1\n% 3)\ny",
    "s = '''\n%x\n'''\ny",
    "x = 5 ;\ny",
    "\n\nx = 1\ny = 2",
    "x = 1\n\n\n",
    "x = 1\ny = 2  \n  ",
    "x = '''\n   \nb'''\ny",
    "x = 1\fy = 2\nz",
    "y\nx = '\u2028'\n",
    "a = 1\n@f\ndef g(): pass",
    "/f x\nz",
    ",f a b\nx",
    "x = 1\nls\nz",
    "x = 1\r\ny = 2\r\n",
    "x = 1\n# a comment?\n",
    "x = 'a'\\\n 'b'\ny",
    "class A:\n  def f(self):\n    return 1\n\n  x = 2\n",
)


@pytest.fixture(scope="module")
def shell():
    yield make_shell()
    CapturingShell.clear_instance()


@pytest.fixture(scope="module")
def cells():
    """Every code cell of the sources and every answer of the sample class."""
    found = list(ODD_CELLS)
    for path in sorted(REPOSITORY.glob("source/*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        found += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for path in sorted(REPOSITORY.glob("sample_class/*/*.py")):
        found += [answer.source for answer in read_answer_file(path).answers.values()]
    return found


def test_cells_that_need_no_translation_are_told_from_those_that_do(shell, cells, monkeypatch):
    ours = [shell.transform_cell(cell) for cell in cells]
    translated = []
    transform = InteractiveShell.transform_cell
    assert ours == [transform(shell, cell) for cell in cells]

    monkeypatch.setattr(
        InteractiveShell, "transform_cell", lambda self, cell: translated.append(cell) or cell
    )
    for cell in cells:
        shell.transform_cell(cell)
    assert 0 < len(translated) < len(cells) / 4, "most need none"


def run(shell, source, count=1):
    """What a cell shows, as (kind, content), and whether it was compiled."""
    messages = []
    shell.deliver = lambda *message: messages.append(message)
    try:
        shell.run(source, count)
    finally:
        shell.deliver = CapturingShell.deliver
    return messages


CELL = "shown = 'a'\nif shown:\n    print(shown)\nshown * 2"


def test_a_known_cell_shows_what_it_shows_unknown(shell):
    unknown = run(shell, CELL.replace("'a'", "'a' "))
    shell.remember(CELL)
    assert CELL + "\n" in shell.compile
    known = run(shell, CELL)
    assert [kind for kind, _ in known] == ["stream", "execute_result"]
    assert known == unknown


def test_a_known_cell_is_neither_parsed_nor_compiled_again(shell, monkeypatch):
    shell.remember(CELL)

    def refuse(*arguments):
        raise AssertionError(arguments)

    parsed = shell.compile.ast_parse(CELL + "\n")
    assert shell.compile.ast_parse(CELL + "\n") is parsed
    name = shell.compile.get_code_name(CELL, CELL + "\n", 7)
    monkeypatch.setattr("codeop.Compile.__call__", refuse)
    assert [kind for kind, _ in run(shell, CELL, 7)] == ["stream", "execute_result"]
    assert shell.compile.format_code_name(name) == ("Cell", "In[7]")


def test_an_error_in_a_known_cell_shows_its_line_and_number(shell):
    source = "x = 1\nx / 0\n"
    shell.remember(source)
    [(kind, content)] = run(shell, source, 12)
    assert (kind, content["ename"]) == ("error", "ZeroDivisionError")
    text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(content["traceback"]))
    assert "In[12]" in text and "----> 2" in text


def test_what_changes_how_cells_are_read_works_on_precompiled_cells_too(shell):
    source = "y = 1\ny\n"
    shell.remember(source)

    class Doubled:
        def visit(self, tree):
            tree.body[0].value.value *= 2
            return tree

    before = copy.deepcopy(shell.input_transformers_post)
    shell.ast_transformers.append(Doubled())
    shell.input_transformers_post.append(lambda lines: [*lines[:-1], "-y\n"])
    try:
        assert run(shell, source)[0][1]["data"]["text/plain"] == "-2"
        assert run(shell, source)[0][1]["data"]["text/plain"] == "-2", "doubled once a run"
    finally:
        shell.ast_transformers.clear()
        shell.input_transformers_post[:] = before
    assert run(shell, source)[0][1]["data"]["text/plain"] == "1"


def test_a_future_import_reaches_precompiled_cells(shell):
    source = "def f(x: no_such_name): pass\nf.__annotations__\n"
    shell.remember(source)
    assert run(shell, source)[0][1]["ename"] == "NameError"
    try:
        run(shell, "from __future__ import annotations\nz = 1")
        assert run(shell, source)[0][1]["data"]["text/plain"] == "{'x': 'no_such_name'}"
    finally:
        shell.compile.reset_compiler_flags()


@pytest.mark.parametrize("source", ["who", "who(1)", "time.x = 3"])
def test_a_line_that_may_be_magic_is_read_when_it_runs(shell, source):
    shell.remember(source)
    assert source not in shell._translated


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nawait asyncio.sleep(0)\n",
        "from __future__ import annotations\nx = 1\n",
        "x = (\ny\n",
        "x = " + "-" * 100_000 + "1\ny\n",
    ],
    ids=["awaits", "future", "syntax", "too deep"],
)
def test_what_cannot_be_compiled_beforehand_stays_unknown_and_changes_nothing(shell, source):
    before = shell.compile.flags
    shell.remember(source)
    assert source not in shell.compile
    assert shell.compile.flags == before


@pytest.mark.parametrize(
    "source", ["%%time\nsum(range(10))", "%timeit -n 1 -r 1 pass", "%%time\nx = 1"]
)
def test_magics_that_compile_code_of_their_own(shell, source):
    assert "error" not in [kind for kind, _ in run(shell, source)]
    assert shell.compile("1 + 1", "text", "eval").co_filename == "text"
