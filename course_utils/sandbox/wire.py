"""Plain data over a socket: frames of JSON, with the bytes of arrays behind it.

A frame is two lengths (JSON, bytes) of four bytes each, then both. Nothing is ever unpickled or
evaluated: what arrives is numbers, text, lists, dicts, what iterators yield, arrays whose type is
in a short list, and numbered handles for everything else. `Decoder` takes a frame from an untrusted
process and builds exact built-in types on this side, or refuses it with `WireError`.
"""

import functools
import itertools
import json
import math
import re
import select
import struct
import sys
import time
import types
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from course_utils.check import plain

LARGEST_JSON = 32 * 2**20  # bytes in one frame
LARGEST_BYTES = 128 * 2**20
MOST_NODES = 1_000_000  # values in one frame, each text of an array among them
MOST_MARKS = 5 * MOST_NODES  # commas and opening brackets in one frame's JSON
MOST_KEYS = 5_000  # of dicts and sets in one frame: keys can be made to collide
LONG_BYTES = 4 * 2**20  # in which several values may share a frame
LARGEST_FILES = 32 * 2**20  # bytes of the files that a notebook may leave behind
MOST_FILES = 200
MOST_YIELDED = 10_000  # values of one iterator
DEEPEST = 24  # deeper than what `check` accepts as plain data

_LENGTHS = struct.Struct("!II")
_TO_JSON = json.JSONEncoder(separators=(",", ":")).encode  # `json.dumps` would make one each time
_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|16)|c8|c16|U[1-9][0-9]{0,4})")
_DECIMAL = re.compile(r"-?(?:\d{1,100}(?:\.\d{1,100})?(?:E[+-]\d{1,4})?|Infinity)|NaN", re.ASCII)

_type, _issubclass = type, issubclass


class WireError(Exception):
    """A frame that is too large, broken or means nothing."""


class ConnectionLost(Exception):
    """The other process has gone."""


class Handle(NamedTuple):
    """A value that stays in the other process: its number, and what may be told of it.

    ``type_name`` is the name of its class. For functions, ``name`` is its own name and
    ``parameters`` are (name, kind, has a default), kinds as in ``inspect.Parameter``, or None
    where they are unknown.
    """

    number: int
    type_name: str
    is_callable: bool = False
    name: str = ""
    parameters: tuple | None = None


class Frame(NamedTuple):
    """What a frame holds: decoded JSON, and the bytes behind it."""

    content: object
    data: bytes


# --- values to nodes ----------------------------------------------------------------------------


class Encoder:
    """Turns values into JSON nodes, and collects the bytes of arrays.

    Parameters
    ----------
    handle : callable
        Called with a value that is not plain data; returns a ``Handle``.
    keeps_read_only : bool
        Whether arrays that cannot be written to arrive as such; otherwise every array is a copy
        that can be.
    """

    def __init__(self, handle, keeps_read_only=False):
        self._handle = handle
        self._keeps_read_only = keeps_read_only
        self._buffers = []
        self._nodes = self._keys = 0
        self._size = 0

    @property
    def data(self):
        """The bytes of all arrays, in the order of their nodes."""
        return b"".join(self._buffers)

    @property
    def is_full(self):
        """Whether there were more values than one frame takes."""
        return self._nodes > MOST_NODES

    def encode(self, value, depth=0):
        """Return the JSON node of a value; subclasses are read as their built-in base."""
        self._nodes += 1
        kind = _type(value)
        if value is None or kind is bool:
            return value
        if value is Ellipsis:
            return {"ellipsis": True}
        if depth > DEEPEST or self._nodes > MOST_NODES:
            return self._opaque(value)
        write = self._WRITERS.get(kind) or self._writer_for_base(kind) or Encoder._any
        return write(self, value, depth)

    def _writer_for_base(self, kind):
        bases = (base for base in self._BASES if _issubclass(kind, base))
        return self._WRITERS.get(next(bases, None))

    def _int(self, value, depth):
        number = int.__add__(value, 0)
        is_short = number.bit_length() <= plain.LONGEST_INT_BITS
        return number if is_short else self._opaque(value, "an int of thousands of digits")

    def _float(self, value, depth):
        return float.__add__(value, -0.0)  # which keeps -0.0 as it is

    def _text(self, value, depth):
        return str.__add__(value, "")

    def _list(self, value, depth):
        return self._many("list", list.__iter__(value), depth)

    def _tuple(self, value, depth):
        return self._many("tuple", tuple.__iter__(value), depth)

    def _dict(self, value, depth):
        if self._too_many_keys(dict.__len__(value)):
            return self._opaque(value, f"dict of {dict.__len__(value)} entries")
        # keys first, and so are their arrays' bytes
        pairs = [(self.encode(k, depth + 1), v) for k, v in dict.items(value)]
        return {"dict": [[key, self.encode(entry, depth + 1)] for key, entry in pairs]}

    def _range(self, value, depth):
        return {"range": [value.start, value.stop, value.step]}

    def _complex(self, value, depth):
        return {"complex": [value.real, value.imag]}

    def _set(self, value, depth):
        name = _type(value).__name__
        if self._too_many_keys(len(value)):
            return self._opaque(value, f"{name} of {len(value)} entries")
        return self._many(name, iter(value), depth)

    def _iterator(self, value, depth):
        """What it yields, by which it is used up, as by a test that looks at it."""
        try:
            entries = list(itertools.islice(value, MOST_YIELDED + 1))
        except Exception:
            return self._opaque(value)
        is_endless = len(entries) > MOST_YIELDED
        return (
            self._opaque(value) if is_endless else self._many(_type(value).__name__, entries, depth)
        )

    def _fraction(self, value, depth):
        return self._many("fraction", (value.numerator, value.denominator), depth)

    def _decimal(self, value, depth):
        text = str(value)
        return {"decimal": text} if _DECIMAL.fullmatch(text) else self._opaque(value)

    def _any(self, value, depth):
        torch = sys.modules.get("torch")
        if torch is not None and _issubclass(_type(value), torch.Tensor):
            return self._tensor(torch, value, depth)
        return self._opaque(value)

    def _too_many_keys(self, count):
        self._keys += count
        return self._keys > MOST_KEYS

    def _many(self, tag, entries, depth):
        return {tag: [self.encode(entry, depth + 1) for entry in entries]}

    def _scalar(self, value, depth):
        array = np.ndarray((), dtype=value.dtype)
        array[()] = value
        node = self._array(array, 0)
        return {"scalar": node["array"]} if "array" in node else self._opaque(value)

    def _array(self, value, depth):
        array = np.ndarray.view(value, np.ndarray)
        if array.dtype.kind == "O":
            # as numpy.ndarray: its entries one by one, and its shape
            flat = [self.encode(entry, depth + 1) for entry in np.ndarray.tolist(array.ravel())]
            return {"objects": flat, "shape": list(array.shape)}
        if not _DTYPE.fullmatch(array.dtype.str):
            return self._opaque(value, f"an array of {array.dtype}")
        if array.dtype.kind == "U":
            self._nodes += _extent(array.shape)
            if self._nodes > MOST_NODES:
                return self._opaque(value, f"an array of {array.size} texts")
        self._size += array.nbytes
        if self._size > LARGEST_BYTES:
            return self._opaque(value, f"an array of more than {LARGEST_BYTES // 2**20} MiB")
        raw = array.tobytes()
        self._buffers.append(raw)
        return {"array": [array.dtype.str, list(array.shape), len(raw)]}

    def _array_or_read_only(self, value, depth):
        node = self._array(value, depth)
        if self._keeps_read_only and "array" in node and not value.flags.writeable:
            return {"read_only": node["array"]}
        return node

    def _tensor(self, torch, value, depth):
        try:
            array = plain.tensor_to_array(torch, value)
        except plain.NotPlain as refusal:
            return self._opaque(value, str(refusal).removeprefix("is "))
        node = self._array(array, depth)
        return {"tensor": node["array"]} if "array" in node else node

    def _opaque(self, value, what=""):
        handle = self._handle(value)
        return {
            "handle": handle.number,
            "type": what or handle.type_name,
            "callable": handle.is_callable,
            "name": handle.name,
            "parameters": handle.parameters,
        }

    _WRITERS = {
        np.ndarray: _array_or_read_only,
        np.generic: _scalar,
        int: _int,
        float: _float,
        str: _text,
        list: _list,
        tuple: _tuple,
        dict: _dict,
        range: _range,
        complex: _complex,
        set: _set,
        frozenset: _set,
        types.GeneratorType: _iterator,
        map: _iterator,
        filter: _iterator,
        zip: _iterator,
        Fraction: _fraction,
        Decimal: _decimal,
    }
    # Whose subclasses are read as them, the first that fits: some of NumPy's are Python's, too.
    _BASES = (np.ndarray, np.generic, int, float, str, list, tuple, dict)


# --- nodes to values ----------------------------------------------------------------------------


class Decoder:
    """Turns the nodes of one frame back into values.

    Parameters
    ----------
    data : bytes
        What came behind the JSON.
    resolve : callable
        Called with a ``Handle``; returns what stands for it on this side.

    Raises
    ------
    WireError
        For anything that `Encoder` would not have made.
    """

    def __init__(self, data, resolve):
        self._data = data
        self._at = 0
        self._nodes = self._keys = 0
        self._resolve = resolve

    def take(self, size):
        """Return the next ``size`` bytes, for a value that has a decoder of its own."""
        self._at += size
        return self._data[self._at - size : self._at]

    def decode(self, node, depth=0):
        """Return the value of a JSON node."""
        self._count_nodes(1)
        if depth > DEEPEST + 2:
            raise WireError("values nested too deep")
        kind = type(node)
        if kind is int or kind is float or node is None or kind is bool:
            return node
        if kind is str:
            return clean_text(node)
        if kind is not dict:
            raise WireError("a value of no known kind")
        if "handle" in node:
            return self._resolve(_read_handle(node))
        if "objects" in node:
            return self._objects(node, depth)
        if len(node) != 1:
            raise WireError("a value of no known kind")
        ((tag, content),) = node.items()
        reader = self._READERS.get(tag)
        if reader is None:
            raise WireError("a value of no known kind")
        return reader(self, content, depth)

    def _count_nodes(self, more):
        self._nodes += more
        if self._nodes > MOST_NODES:
            raise WireError(f"more than {MOST_NODES} values in one message")

    def _list(self, content, depth):
        _expect(type(content) is list, "a list")
        return [self.decode(entry, depth + 1) for entry in content]

    def _tuple(self, content, depth):
        return tuple(self._list(content, depth))

    def _set(self, content, depth):
        return self._hashed(set, self._list(content, depth))

    def _frozenset(self, content, depth):
        return self._hashed(frozenset, self._list(content, depth))

    def _dict(self, content, depth):
        _expect(type(content) is list, "a dict")
        _expect(all(type(pair) is list and len(pair) == 2 for pair in content), "a dict")
        # keys first, as they were written, so that arrays' bytes are read in the same order
        keys = [self.decode(key, depth + 1) for key, _ in content]
        values = [self.decode(value, depth + 1) for _, value in content]
        return self._hashed(dict, list(zip(keys, values, strict=True)))

    def _hashed(self, kind, entries):
        self._keys += len(entries)
        if self._keys > MOST_KEYS:
            raise WireError(f"more than {MOST_KEYS} keys in one message")
        try:
            return kind(entries)
        except TypeError:
            raise WireError("a key that cannot be one") from None

    def _range(self, content, _):
        _expect(type(content) is list and len(content) == 3, "a range")
        _expect(all(type(part) is int and abs(part) < 2**62 for part in content), "a range")
        _expect(content[2] != 0, "a range")
        return range(*content)

    def _complex(self, content, _):
        _expect(type(content) is list and len(content) == 2, "a complex number")
        _expect(all(type(part) in (int, float) for part in content), "a complex number")
        return complex(*content)

    def _generator(self, content, depth):
        return (entry for entry in self._list(content, depth))

    def _map(self, content, depth):
        return map(_same, self._list(content, depth))

    def _filter(self, content, depth):
        return filter(_always, self._list(content, depth))

    def _zip(self, content, depth):
        entries = self._list(content, depth)
        _expect(all(type(entry) is tuple for entry in entries), "a zip")
        _expect(len(set(map(len, entries))) <= 1, "a zip")
        return zip(*zip(*entries, strict=True), strict=True)

    def _fraction(self, content, depth):
        parts = self._list(content, depth)
        _expect(len(parts) == 2 and all(type(part) is int for part in parts), "a fraction")
        _expect(parts[1] != 0, "a fraction")
        return Fraction(*parts)

    def _decimal(self, content, _):
        _expect(type(content) is str and _DECIMAL.fullmatch(content) is not None, "a decimal")
        return Decimal(content)

    def _ellipsis(self, content, _):
        return Ellipsis

    def _array(self, content, _):
        _expect(type(content) is list and len(content) == 3, "an array")
        name, shape, size = content
        dtype = _dtype(name) if type(name) is str else None
        _expect(dtype is not None, "an array's type")
        count = _count(shape)
        _expect(type(size) is int and size == count * dtype.itemsize, "an array's size")
        _expect(self._at + size <= len(self._data), "an array's bytes")
        if dtype.kind == "U":
            self._count_nodes(_extent(shape))
        offset, self._at = self._at, self._at + size
        if size:
            array = np.frombuffer(self._data, dtype, count, offset).reshape(shape).copy()
        else:
            array = np.empty(shape, dtype)
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))

    def _read_only(self, content, depth):
        array = self._array(content, depth)
        array.setflags(write=False)
        return array

    def _scalar(self, content, depth):
        array = self._array(content, depth)
        _expect(array.shape == (), "a number")
        return array[()]

    def _tensor(self, content, depth):
        import torch  # only where the other side has sent one

        array = self._array(content, depth)
        _expect(array.dtype.kind != "U" and array.dtype.str[1:] != "f16", "a tensor")
        return torch.from_numpy(array)

    def _objects(self, node, depth):
        _expect(set(node) == {"objects", "shape"}, "an array")
        entries = self._list(node["objects"], depth)
        _expect(_count(node["shape"]) == len(entries), "an array's size")
        array = np.empty(len(entries), dtype=object)
        for index, entry in enumerate(entries):
            array[index] = entry
        return array.reshape(node["shape"])

    _READERS = {
        "list": _list,
        "tuple": _tuple,
        "set": _set,
        "frozenset": _frozenset,
        "dict": _dict,
        "range": _range,
        "complex": _complex,
        "ellipsis": _ellipsis,
        "generator": _generator,
        "map": _map,
        "filter": _filter,
        "zip": _zip,
        "fraction": _fraction,
        "decimal": _decimal,
        "array": _array,
        "read_only": _read_only,
        "scalar": _scalar,
        "tensor": _tensor,
    }


def _same(entry):
    return entry


def _always(entry):
    return True


def _expect(holds, what):
    if not holds:
        raise WireError(f"what should be {what} is not")


def _count(shape):
    """How many values an array of a shape has."""
    _expect(type(shape) is list and len(shape) <= 32, "a shape")
    _expect(all(type(side) is int and side >= 0 for side in shape), "a shape")
    _expect(_extent(shape) <= LARGEST_BYTES, "a shape")
    return math.prod(shape)


def _extent(shape):
    """How much there is to walk through: millions of empty rows are as many lists."""
    return math.prod(max(side, 1) for side in shape)


@functools.lru_cache(maxsize=256)
def _dtype(name):
    """The type that arrays may have under this name, or None."""
    return np.dtype(name) if _DTYPE.fullmatch(name) else None


def _read_handle(node):
    number, kind, name = node["handle"], node.get("type"), node.get("name")
    _expect(type(number) is int and 0 <= number < 2**53, "a handle")
    parameters = node.get("parameters")
    if parameters is not None:
        _expect(type(parameters) is list and len(parameters) <= 255, "a function's parameters")
        for entry in parameters:
            _expect(type(entry) is list and len(entry) == 3, "a parameter")
            _expect(type(entry[0]) is str and entry[0].isidentifier(), "a parameter")
            _expect(type(entry[1]) is int and 0 <= entry[1] <= 4, "a parameter")
            _expect(type(entry[2]) is bool, "a parameter")
        parameters = tuple(map(tuple, parameters))
    can_call = node.get("callable") is True
    return Handle(number, short_text(kind), can_call, short_text(name), parameters)


def size_on_the_wire(node, data):
    """Return how many bytes of a frame a value takes."""
    return len(_TO_JSON(node)) + len(data)


def clean_text(text):
    """Return ``text`` without lone surrogates, which no file takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def short_text(value, longest=100):
    """Return a text of the other process as one that can be shown: printable, not too long."""
    if type(value) is not str:
        return ""
    return "".join(c for c in clean_text(value[:longest]) if c.isprintable())


# --- frames over a socket -----------------------------------------------------------------------


class Connection:
    """Frames over a stream socket.

    Parameters
    ----------
    stream : socket.socket
    budget : int, optional
        Bytes that may arrive in the connection's life; more is a ``WireError``.
    """

    def __init__(self, stream, budget=math.inf):
        self._socket = stream
        self._budget = budget

    def send(self, content, data=b""):
        """Send one frame.

        Raises
        ------
        WireError
            It is too large.
        ConnectionLost
            Nobody is there to take it.
        """
        text = _TO_JSON(content).encode()
        if len(text) > LARGEST_JSON or len(data) > LARGEST_BYTES:
            raise WireError(f"a message of {len(text) + len(data)} bytes is too large")
        try:
            head = _LENGTHS.pack(len(text), len(data)) + text
            if len(data) <= LONG_BYTES:  # at once, or the other process wakes up twice
                self._socket.sendall(head + data)
            else:
                self._socket.sendall(head)
                self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            raise ConnectionLost from None

    def receive(self, deadline=math.inf):
        """Return the next ``Frame``.

        Parameters
        ----------
        deadline : float
            In ``time.monotonic()`` seconds.

        Raises
        ------
        TimeoutError
            The deadline has passed; what is under way can still be received later.
        ConnectionLost
            The other process has closed its end.
        WireError
            The frame is too large, no JSON, or beyond the connection's budget.
        """
        lengths = self._exactly(_LENGTHS.size, deadline)
        json_size, data_size = _LENGTHS.unpack(lengths)
        if json_size > LARGEST_JSON or data_size > LARGEST_BYTES:
            raise WireError(f"a message of {json_size + data_size} bytes is too large")
        self._budget -= json_size + data_size
        if self._budget < 0:
            raise WireError("too much was sent altogether")
        body = self._exactly(_LENGTHS.size + json_size + data_size, deadline)
        self._pending = b""
        text = body[_LENGTHS.size : _LENGTHS.size + json_size]
        # each empty list takes twenty times as much memory here as it takes there
        if sum(map(text.count, (b",", b"[", b"{"))) > MOST_MARKS:
            raise WireError("a message of too many parts")
        try:
            content = json.loads(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise WireError(f"a message that is no JSON: {type(error).__name__}") from None
        return Frame(content, memoryview(body)[_LENGTHS.size + json_size :].toreadonly())

    _pending = b""

    def _exactly(self, size, deadline):
        """The first ``size`` bytes of the frame; what has arrived is kept for the next call."""
        received = bytearray(self._pending)
        try:
            while len(received) < size:
                wait = deadline - time.monotonic()
                if wait <= 0:
                    raise TimeoutError
                ready, _, _ = select.select([self._socket], [], [], min(wait, 3600))
                if not ready:
                    continue
                try:
                    chunk = self._socket.recv(min(size - len(received), 2**20))
                except ConnectionResetError:
                    chunk = b""
                if not chunk:
                    raise ConnectionLost
                received += chunk
        finally:
            self._pending = received
        return received

    def close(self):
        """Close the socket."""
        self._socket.close()
