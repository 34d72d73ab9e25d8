"""How much of what a notebook shows is kept: of one output, of a cell and of all cells.

Whoever opens the graded notebook waits for all of it. What a cell shows is a list of (kind,
content), as in Jupyter's messages. What is too much is left out and told; an error is only ever
shortened, because a test without one is passed.
"""

LARGEST_OUTPUT = 2 * 2**20  # characters of one output: a picture, a table, an animation
LONGEST_TEXT = 2**18  # characters that a cell prints, and of an output as plain text
LONGEST_MESSAGE = 10_000  # characters of an exception's text, and of one part of its traceback
LONGEST_TRACEBACK = 100_000
MOST_OF_CELL = 4 * 2**20
MOST_ALTOGETHER = 16 * 2**20
OUTPUTS_OF_CELL = 1000  # printed text comes in pieces of some 8000 characters
OUTPUTS_ALTOGETHER = 4000
CUT = "\n… (the rest of this cell's output was cut off)\n"
_SHORT_MESSAGE = 200


class Shown:
    """Counts what the cells of one notebook show."""

    def __init__(self):
        self._room = _Room(MOST_ALTOGETHER, OUTPUTS_ALTOGETHER)

    def of_cell(self, messages):
        """Return a function of (kind, content) that adds to a cell's list what may be kept."""
        return _Cell(messages, self._room).add


class _Room:
    def __init__(self, characters, outputs):
        self._characters, self._outputs = characters, outputs

    def has(self, size):
        return self._outputs > 0 and self._characters >= size

    def take(self, size):
        self._characters -= size
        self._outputs -= 1


class _Cell:
    def __init__(self, messages, whole):
        self._messages = messages
        self._rooms = (whole, _Room(MOST_OF_CELL, OUTPUTS_OF_CELL))
        self._printed = 0
        self._is_cut = self._is_failed = False

    def add(self, kind, content):
        if kind == "error":
            self._add_error(content)
        elif not self._is_cut:
            self._add_output(kind, content)

    def _add_error(self, content):
        shorter = _shorter_error(content)
        if self._take(_size(shorter)):
            self._messages.append(("error", shorter))
        elif not self._is_failed:
            self._messages.append(("error", _shortest_error(content)))
        self._is_failed = True

    def _add_output(self, kind, content):
        if kind == "stream":
            text = content["text"][: LONGEST_TEXT - self._printed]
            self._is_cut = text != content["text"]
            self._printed += len(text)
            content = content | {"text": text}
        elif "data" in content:
            content = content | {"data": _smaller(content["data"])}
        if self._take(_size(content)):
            self._messages.append((kind, content))
        else:
            self._is_cut = True
        if self._is_cut:
            self._messages.append(("stream", {"name": "stdout", "text": CUT}))

    def _take(self, size):
        fits = all(room.has(size) for room in self._rooms)
        if fits:
            for room in self._rooms:
                room.take(size)
        return fits


def _size(node):
    """How many characters all texts below have."""
    if isinstance(node, str):
        return len(node)
    if isinstance(node, dict):
        return sum(len(key) + _size(entry) for key, entry in node.items())
    return sum(map(_size, node)) + len(node) if isinstance(node, list) else 1


def _smaller(data):
    """Data of an output without what is too large."""
    kept = {}
    for kind, content in data.items():
        if kind == "text/plain" and len(content) > LONGEST_TEXT:
            kept[kind] = content[:LONGEST_TEXT] + CUT
        elif _size(content) <= LARGEST_OUTPUT:
            kept[kind] = content
        else:
            kept.setdefault("text/plain", f"({kind}: too large, not kept)")
    return kept


def _shorter_error(content):
    lines, total = [], 0
    for line in content["traceback"]:
        lines.append(line[:LONGEST_MESSAGE])
        total += len(lines[-1])
        if total > LONGEST_TRACEBACK:
            break
    return content | {"evalue": content["evalue"][:LONGEST_MESSAGE], "traceback": lines}


def _shortest_error(content):
    message = content["evalue"][:_SHORT_MESSAGE]
    return content | {"evalue": message, "traceback": [f"{content['ename']}: {message}"]}
