"""What cells show becomes Jupyter's messages, in order."""

import sys

import pytest
from one_process import run_in_one_process


def shown(*sources, modules=()):
    notebook = list(enumerate(sources))
    [seen] = run_in_one_process([notebook], seed=0, cell_seconds=20, modules=modules)
    return [seen.messages[place] for place in range(len(sources))]


def test_prints_results_displays_and_errors_come_in_the_order_they_were_shown():
    [messages] = shown(
        "import sys\nfrom IPython.display import clear_output, display\n"
        "print('a')\ndisplay(1)\nprint('b', file=sys.stderr)\nclear_output(wait=True)\n1 / 0"
    )
    kinds = [kind for kind, _ in messages]
    assert kinds == ["stream", "display_data", "stream", "clear_output", "error"]
    assert messages[0][1] == {"name": "stdout", "text": "a\n"}
    assert messages[2][1] == {"name": "stderr", "text": "b\n"}
    assert messages[3][1] == {"wait": True}
    assert messages[4][1]["ename"] == "ZeroDivisionError"


def test_a_long_print_comes_in_pieces_so_that_its_head_can_be_kept():
    [messages] = shown("print('x' * 200_000)")
    texts = [content["text"] for _, content in messages]
    assert "".join(texts) == "x" * 200_000 + "\n"
    assert max(map(len, texts)) <= 2**16


def test_the_last_expression_is_a_result_with_the_cells_number():
    _, [(kind, content)], silent = shown("1", "'two'", "3;")
    assert kind == "execute_result"
    assert content["execution_count"] == 2
    assert content["data"] == {"text/plain": "'two'"}
    assert silent == []


def test_a_figure_left_open_is_shown_as_a_picture_when_its_cell_ends():
    [messages, after] = shown("import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "2")
    assert [sorted(content["data"]) for _, content in messages] == [["image/png", "text/plain"]]
    assert isinstance(messages[0][1]["data"]["image/png"], str)
    assert len(after) == 1


LINES = [
    "!ls",
    "!pip install -q numpy",
    "%pip install -q numpy",
    "%conda install numpy",
    "%cd .",
    "%ls",
    "%mkdir new",
    "%clear",
    "%load_ext autoreload",
    "%load_ext google.colab.data_table",
    "%matplotlib tk",
    "%matplotlib widget",
    "import matplotlib.pyplot as plt; plt.switch_backend('TkAgg')",
    "import matplotlib; matplotlib.use('TkAgg'); matplotlib.use('QtAgg')",
    "files = !ls",
    "there = %pwd",
    "get_ipython().getoutput('ls', split=False).upper()",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_about_the_surroundings_costs_no_answer(line):
    cell, answer = shown(f"{line}\nx = 3\n", "x", modules=["matplotlib.pyplot"])
    assert [content for kind, content in cell if kind == "error"] == []
    assert answer[0][1]["data"] == {"text/plain": "3"}


def test_such_a_line_is_noted_where_it_did_nothing():
    [messages] = shown("!ls")
    assert messages == [
        (
            "stream",
            {
                "name": "stderr",
                "text": "Note: '!ls' did nothing here: shell commands are not run while work is "
                "graded\n",
            },
        )
    ]


def test_a_note_does_not_tell_where_the_interpreter_lies():
    [messages] = shown("%pip install numpy")
    text = "".join(content["text"] for _, content in messages)
    assert "pip install numpy" in text
    assert sys.executable not in text


def test_a_figure_is_still_drawn_after_a_backend_with_windows_was_asked_for():
    source = "import matplotlib.pyplot as plt\nplt.switch_backend('TkAgg')\nplt.plot([1, 2]);"
    [messages] = shown(source, modules=["matplotlib.pyplot"])
    assert messages[0][1]["text"].startswith("Note: \"matplotlib.use('TkAgg')\" did nothing here")
    assert sorted(messages[1][1]["data"]) == ["image/png", "text/plain"]


@pytest.mark.parametrize("line", ["%run none.py", "%time 1 / 0", "%timeit -n1 -r1 1 / 0"])
def test_an_error_of_code_that_a_magic_runs_stays_one(line):
    [messages] = shown(f"{line}\n")
    assert messages[-1][0] == "error"


def test_what_needs_a_person_is_refused_and_exit_changes_nothing():
    asked, left, after = shown("input('?')", "exit()", "print('still here')")
    assert asked[-1][1]["ename"] == "StdinNotImplementedError"
    assert [content["name"] for kind, content in after] == ["stdout"]
    assert not [kind for kind, _ in left if kind == "error"]


def test_an_exception_whose_text_fails_is_an_error_like_others():
    source = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd"
    [messages] = shown(source)
    assert messages[0][1]["ename"] == "Odd"
    assert "cannot be shown" in messages[0][1]["evalue"]


def test_a_cell_that_is_no_python_is_an_error():
    [messages] = shown("def f(:")
    assert [content["ename"] for _, content in messages] == ["SyntaxError"]
