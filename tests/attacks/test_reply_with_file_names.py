"""Name files that a notebook is said to have written: outside of its folder, or too deep to remove.

The engine keeps what a notebook writes, so its names come from the student's process.
"""

import os
import shutil

import pytest
from agent_attacks import assert_speaker_harmless, attack_as_agent
from attack_course import NOTEBOOK

DEEP = 990  # folders
NAMES = {
    "above": "../../../../escaped.txt",
    "absolute": "$arena/escaped.txt",
    "roundabout": "folder/../../../../../escaped.txt",
    "the-notebook": NOTEBOOK,
    "deep": "a/" * DEEP + "x",
    "empty": "",
    "folder": ".",
    "nul": "a\\0b",
    "surrogate": "\\udfff",
    "long": "x" * 5000,
}
ATTACKS = {
    kind: attack_as_agent(f"""
usual = agent._answer


def answer_with_file(request, data):
    if request["op"] != "files":
        return usual(request, data)
    return {{"value": {{"dict": [["{name}", {{"array": ["|u1", [4], 4]}}]]}}}}, b"evil"


agent._answer = answer_with_file
""")
    for kind, name in NAMES.items()
}


def test_works_without_protection(tmp_path):
    folder = tmp_path / "autograded" / "student" / "assignment"
    folder.mkdir(parents=True)
    (folder / "../../../escaped.txt").write_bytes(b"evil")
    assert (tmp_path / "escaped.txt").exists()
    deepest = str(tmp_path)
    for _ in range(DEEP):
        deepest += "/a"
        os.mkdir(deepest)
    with pytest.raises(RecursionError):
        shutil.rmtree(tmp_path / "a")
    # in two halves, so that it can be removed
    (tmp_path / ("a/" * (DEEP // 2))).rename(tmp_path / "b")


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
    assert protected.notebook.cells
    assert max(len(path.parts) for path in protected.course.rglob("*")) < 100
