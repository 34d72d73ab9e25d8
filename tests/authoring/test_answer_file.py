"""Answer files are read, or refused with the reason."""

import datetime as dt
import re

import pytest

from course_utils.staff.authoring.answer_file import Answer, AnswerFileError, read_answer_file

RIGHT = """# %% C1_correlate2d
def correlate2d(x, w):

    return x


def helper():
    pass

# %% [markdown] C2_answer
# Horizontal *edges*.
#
# Because.

# %% C3_map
%matplotlib inline
C3_MAP = 1
"""


def write(tmp_path, text, name="ada"):
    path = tmp_path / f"{name}.py"
    path.write_text(text)
    return path


def test_cells_are_found_by_their_names(tmp_path):
    answers = read_answer_file(write(tmp_path, RIGHT))
    assert answers.student == "ada"
    assert answers.answers == {
        "C1_correlate2d": Answer(
            "code", "def correlate2d(x, w):\n\n    return x\n\n\ndef helper():\n    pass"
        ),
        "C2_answer": Answer("markdown", "Horizontal *edges*.\n\nBecause."),
        "C3_map": Answer("code", "%matplotlib inline\nC3_MAP = 1"),
    }
    assert answers.submitted == dt.timedelta(days=-1)
    assert answers.damage == ()


def test_a_syntax_error_in_an_answer_is_the_students_own(tmp_path):
    [answer] = read_answer_file(
        write(tmp_path, "# %% C1\ndef f(x)\n  return ((\n")
    ).answers.values()
    assert answer.source == "def f(x)\n  return (("


def test_an_empty_file_answers_nothing(tmp_path):
    assert read_answer_file(write(tmp_path, "")).answers == {}


def test_like_fills_in_what_is_missing_over_several_files(tmp_path):
    write(tmp_path, RIGHT, "right")
    write(tmp_path, "# ---\n# like: right\n# submitted: 1 day late\n# ---\n# %% C3_map\nx = 2", "b")
    answers = read_answer_file(
        write(tmp_path, "# ---\n# like: b\n# ---\n# %% C1_correlate2d\ny = 3")
    )
    assert [answer.source.splitlines()[0] for answer in answers.answers.values()] == [
        "y = 3",
        "Horizontal *edges*.",
        "x = 2",
    ]
    assert answers.submitted == dt.timedelta(days=-1), "when is not copied"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2 days late", dt.timedelta(days=2)),
        ("1 day late", dt.timedelta(days=1)),
        ("30 minutes early", dt.timedelta(minutes=-30)),
        ("3 weeks late", dt.timedelta(weeks=3)),
    ],
)
def test_submitted_counts_from_the_due_date(tmp_path, text, offset):
    header = f"# ---\n# submitted: {text}\n# ---\n"
    assert read_answer_file(write(tmp_path, header)).submitted == offset


def test_damage_is_one_or_several(tmp_path):
    one = write(tmp_path, "# ---\n# damage: truncated\n# ---\n")
    assert read_answer_file(one).damage == ("truncated",)
    two = write(tmp_path, "# ---\n# damage:\n# - deleted-cell C1\n# - truncated\n# ---\n")
    assert read_answer_file(two).damage == ("deleted-cell C1", "truncated")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# ---\n# likes: right\n# ---\n", "unknown header key 'likes'; expected like, submitted"),
        ("# ---\n# like: nobody\n# ---\n", "nobody.py does not exist (`like` in ada.py)"),
        ("# ---\n# like: ada\n# ---\n", "`like` goes round in a circle: ada -> ada"),
        ("# ---\n# submitted: tomorrow\n# ---\n", "submitted is 'tomorrow'; expected for example"),
        ("# ---\n# submitted: -2 days late\n# ---\n", "submitted is '-2 days late'"),
        ("# ---\n# like: [\n# ---\n", "the header is not YAML"),
        ("# ---\n# just words\n# ---\n", "the header is 'just words'; expected lines `key: value`"),
        ("# ---\n# damage: {a: b}\n# ---\n", "damage is {'a': 'b'}; expected a kind"),
        ("# %%\nx = 1\n", "cell number 1 has no name; expected `# %% <grade_id>` before 'x = 1'"),
        ("x = 1\n", "cell number 1 has no name"),
        ("# %% C1\nx = 1\n# %% C1\nx = 2\n", "C1 is there twice"),
    ],
)
def test_what_it_cannot_use_is_named(tmp_path, text, complaint):
    with pytest.raises(AnswerFileError, match=re.escape(complaint)) as caught:
        read_answer_file(write(tmp_path, text))
    assert str(caught.value).startswith(str(tmp_path))


def test_a_circle_over_two_files_is_shown(tmp_path):
    write(tmp_path, "# ---\n# like: ada\n# ---\n", "bob")
    with pytest.raises(AnswerFileError, match="ada -> bob -> ada"):
        read_answer_file(write(tmp_path, "# ---\n# like: bob\n# ---\n"))


def test_a_file_that_is_not_text_is_named(tmp_path):
    path = tmp_path / "ada.py"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AnswerFileError, match="ada.py cannot be read"):
        read_answer_file(path)
