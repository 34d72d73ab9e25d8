"""Answer with text that no file can hold, and with characters that do not exist."""

import json

import nbformat
import numpy as np
import pytest
from agent_attacks import assert_speaker_harmless, attack_with_reply
from nbformat.v4 import new_code_cell, new_notebook, new_output

ATTACKS = {
    "surrogate": attack_with_reply(r'{"value": "\udfff"}'),
    "surrogate-error": attack_with_reply(
        r'{"error": {"bases": ["ValueError"], "type": "x", "text": "\udfff", "line": "\udfff"}}'
    ),
    "surrogate-key": attack_with_reply(r'{"value": {"dict": [["\udfff", 1]]}}'),
    "no-character": attack_with_reply('{"value": {"array": ["<U1", [1], 4]}}, b"\\xff" * 4'),
}
IMPOSSIBLE = json.loads(r'"\udfff"')
OUTPUTS = {
    "surrogate": new_output("stream", text=IMPOSSIBLE),
    "surrogate-error": new_output("error", ename="x", evalue=IMPOSSIBLE, traceback=[]),
    "surrogate-key": new_output("display_data", metadata={IMPOSSIBLE: 1}),
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_works_without_protection(kind, tmp_path):
    graded = new_notebook(cells=[new_code_cell(outputs=[OUTPUTS[kind]])])
    with pytest.raises(UnicodeEncodeError):
        nbformat.write(graded, tmp_path / "graded.ipynb")


@pytest.mark.parametrize("kind", ["no-character"])
def test_works_without_protection_on_arrays(kind):
    with pytest.raises((ValueError, SystemError)):
        np.frombuffer(b"\xff" * 4, "<U1").tolist()


@pytest.mark.parametrize("kind", ATTACKS)
def test_is_stopped(protected, kind):
    assert_speaker_harmless(protected)
