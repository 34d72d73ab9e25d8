"""Name files that a notebook is said to have written: outside of its folder, or too deep to remove.

The engine keeps what a notebook writes, so its names come from the student's process.
"""

import io
import os
import shutil
import tarfile
from pathlib import Path

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


@pytest.mark.parametrize("kind", ["above", "absolute", "roundabout", "the-notebook"])
def test_works_without_protection(kind, tmp_path):
    folder = tmp_path / "autograded" / "student" / "assignment" / "notebook"
    (folder / "folder").mkdir(parents=True)
    victim = folder / NOTEBOOK if kind == "the-notebook" else tmp_path / "escaped.txt"
    victim.write_bytes(b"good")
    (tmp_path / "arena").mkdir()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo(NAMES[kind].replace("$arena", str(tmp_path)))
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        tar.extractall(folder, filter="fully_trusted")
    assert victim.read_bytes() == b"evil"


@pytest.mark.parametrize("kind", ["deep"])
def test_works_without_protection_on_folders(kind, tmp_path):
    deepest = str(tmp_path)
    for _ in range(DEEP):
        deepest += "/a"
        os.mkdir(deepest)
    with pytest.raises(RecursionError):
        shutil.copytree(tmp_path / "a", tmp_path / "copy")
    # in two halves, so that it can be removed
    (tmp_path / ("a/" * (DEEP // 2))).rename(tmp_path / "b")


@pytest.mark.parametrize("kind", ["empty", "folder", "nul", "surrogate", "long"])
def test_works_without_protection_on_paths(kind, tmp_path):
    name = eval(f'"{NAMES[kind]}"')
    with pytest.raises((OSError, ValueError)):
        Path(tmp_path, name).write_bytes(b"evil")


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
    assert protected.notebook.cells
    assert max(len(path.parts) for path in protected.course.rglob("*")) < 100
