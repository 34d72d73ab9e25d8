"""Merge what the run room saw into a notebook and its folder: outputs and files, nothing else."""

import contextlib
import itertools
import os
import sys
import tempfile
from pathlib import Path

from nbformat import from_dict

from course_utils.sandbox.wire import MOST_FILES
from course_utils.staff.grading import event_log
from course_utils.staff.grading.prepare.submitted_files import TIMESTAMP
from course_utils.staff.grading.shown import Shown

DEEPEST = 8  # folders in each other that a notebook may leave behind


def merge(client, nb, result):
    """Put a run's outputs into a notebook, never a cell's source or metadata.

    Parameters
    ----------
    client : nbclient.NotebookClient
        Turns Jupyter's messages into outputs.
    nb : NotebookNode
        Changed in place.
    result : RunResult
    """
    nb.metadata[event_log.KEY]["isolation"] = result.isolation
    for kind, cell in result.events:
        event_log.add_event(nb, kind, cell)
    client.nb = nb
    client.reset_execution_trackers()
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        cell.outputs = []
        cell.execution_count = result.counts.get(index)
        client.clear_before_next_output = False
        for kind, content in _joined(result.messages.get(index, [])):
            if kind == "execute_result":
                content = content | {"execution_count": cell.execution_count}
            message = {"msg_type": kind, "content": content, "parent_header": {}}
            message["header"] = {"msg_type": kind}
            client.process_message(message, cell, index)
    nb.metadata["language_info"] = _LANGUAGE


def limit_outputs(nb):
    """Cut the outputs of a notebook that an ordinary kernel has run, as the checker does."""
    shown = Shown()
    for cell in nb.cells:
        if cell.cell_type == "code":
            kept = []
            add = shown.of_cell(kept)
            for output in cell.outputs:
                add(output.output_type, output)
            cell.outputs = [from_dict(dict(node) | {"output_type": kind}) for kind, node in kept]


def _joined(messages):
    """Pieces of one printed text as one message."""

    def stream(message):
        kind, content = message
        return content["name"] if kind == "stream" else None

    for name, group in itertools.groupby(messages, stream):
        if name is None:
            yield from group
        else:
            text = "".join(content["text"] for _, content in group)
            yield "stream", {"name": name, "text": text}


_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(map(str, sys.version_info[:3])),
}


def write_files(folder, files):
    """Write what a notebook has written; nothing outside of ``folder``, no notebook.

    Parameters
    ----------
    folder : Path or None
        Made where it does not exist yet: then nothing was handed in beside the notebook.
    files : dict of str to bytes
    """
    for name, content in itertools.islice(files.items(), MOST_FILES):
        place = Path(name)
        if folder is None or place.is_absolute() or ".." in place.parts:
            continue
        # nor a folder in the place of a notebook, or of what nbgrader itself writes there
        if name == TIMESTAMP or any(part.lower().endswith(".ipynb") for part in place.parts):
            continue
        if not name.isprintable() or len(place.parts) > DEEPEST:
            continue
        with contextlib.suppress(OSError):  # a name that this disk does not take, or a folder's
            _write_file(folder, place, content)


def _write_file(folder, place, content):
    folder.mkdir(parents=True, exist_ok=True)
    parent = folder
    for part in place.parts[:-1]:
        parent = parent / part
        if parent.is_symlink():
            return
        parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, parent / place.name)
    except OSError:
        os.unlink(temporary)
        raise
