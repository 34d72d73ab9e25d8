"""Plain data crosses whole; what is not plain data stays a handle; nonsense is refused."""

import itertools
import json
import math
import pickle
import socket
import struct
import threading
import time
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

from course_utils.check.comparison import first_difference
from course_utils.check.plain import to_plain
from course_utils.sandbox import wire
from course_utils.sandbox.wire import (
    Connection,
    ConnectionLost,
    Decoder,
    Encoder,
    Handle,
    WireError,
)


class Thing:
    pass


def a_handle(value):
    return Handle(7, type(value).__name__)


def there_and_back(value, resolve=lambda handle: handle):
    encoder = Encoder(a_handle)
    node = json.loads(json.dumps(encoder.encode(value)))
    return Decoder(encoder.data, resolve).decode(node)


PLAIN = [
    None,
    True,
    -3,
    2**200,
    1.5,
    math.inf,
    "né\u2028",
    ...,
    [1, [2.5, "x"]],
    (1, (2,)),
    {"a": [1], (2, 3): "b", 4: None},
    {1, 2},
    range(3, 30, 4),
    2 + 3j,
    Fraction(-1, 3),
    Decimal("-1.50"),
    Decimal("1E+30"),
    Decimal("Infinity"),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_comes_back_equal_and_of_the_same_type(value):
    returned = there_and_back(value)
    assert returned == value
    assert type(returned) is type(value)


def test_nan_comes_back():
    assert math.isnan(there_and_back(math.nan))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4),
        np.arange(12).reshape(3, 4).T,
        np.array([[True, False]]),
        np.zeros((0, 3)),
        np.array(5, dtype=np.int8),
        np.array(["ab", "c"]),
        np.array([1.0, 2.0], dtype=">f4"),
        np.array([1 + 2j]),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_come_back_with_shape_and_values(array):
    returned = there_and_back(array)
    assert type(returned) is np.ndarray
    assert returned.shape == array.shape
    assert returned.dtype == array.dtype.newbyteorder("=")
    assert np.array_equal(returned, array)


@pytest.mark.parametrize("keeps_read_only", [True, False])
def test_a_read_only_array_stays_one_where_that_is_asked(keeps_read_only):
    fixed = np.arange(3.0)
    fixed.setflags(write=False)
    encoder = Encoder(a_handle, keeps_read_only)
    node = json.loads(json.dumps(encoder.encode({"fixed": fixed, "other": np.ones(2)})))
    returned = Decoder(encoder.data, None).decode(node)
    assert returned["fixed"].tolist() == [0, 1, 2]
    assert returned["fixed"].flags.writeable is not keeps_read_only
    assert returned["other"].flags.writeable


def test_an_array_of_objects_comes_back_entry_by_entry():
    ragged = np.empty(2, dtype=object)
    ragged[:] = [[1, 2], [3]]
    assert there_and_back(ragged).tolist() == [[1, 2], [3]]


def test_numpy_numbers_stay_numpy_numbers():
    returned = there_and_back(np.float32(0.5))
    assert type(returned) is np.float32
    assert returned == 0.5


def test_a_tensor_stays_a_tensor():
    tensor = torch.arange(6, dtype=torch.float32, requires_grad=True).reshape(2, 3)
    returned = there_and_back(tensor)
    assert torch.equal(returned, tensor.detach())
    assert returned.dtype == torch.float32


def test_several_arrays_in_one_value_keep_their_places():
    value = {"b": np.ones(3), "a": [np.zeros((2, 2)), (np.arange(4),)]}
    returned = there_and_back(value)
    assert first_difference(to_plain(returned), to_plain(value), exact=True) is None


def test_subclasses_are_read_as_their_base():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

    class Text(str):
        pass

    class Number(int):
        def __add__(self, other):
            return 42

    values = [np.zeros(2).view(Liar), Text("x"), Number(3)]
    assert [type(value) for value in there_and_back(values)] == [np.ndarray, str, int]
    assert there_and_back(Number(3)) == 3


@pytest.mark.parametrize("value", [Thing(), len, Thing, iter("ab"), b"bytes", np.sum])
def test_everything_else_stays_there_and_is_told_by_its_type(value):
    handle = there_and_back(value)
    assert handle == Handle(7, type(value).__name__)


ITERATORS = {
    "generator": lambda: (n for n in [1, "a"]),
    "map": lambda: map(str, [1, 2]),
    "filter": lambda: filter(None, [0, 1, 2]),
    "zip": lambda: zip([1, 2], "ab", strict=True),
    "no zip": lambda: zip(),
}


@pytest.mark.parametrize("make", ITERATORS.values(), ids=ITERATORS.keys())
def test_an_iterator_arrives_as_one_of_its_kind_with_what_it_yields(make):
    returned = there_and_back(make())
    assert type(returned) is type(make())
    assert returned != list(make()), "no list, as it is none where it was made"
    assert list(returned) == list(make())


def fails_after_one():
    yield 1
    raise ValueError


@pytest.mark.parametrize("make", [itertools.count, fails_after_one])
def test_an_iterator_without_end_and_one_that_fails_stay_there(make):
    assert there_and_back(map(abs, make())) == Handle(7, "map")


def test_a_value_that_holds_itself_ends_in_a_handle():
    loop = []
    loop.append(loop)
    returned = there_and_back(loop)
    for _ in range(wire.DEEPEST + 1):
        [returned] = returned
    assert isinstance(returned, Handle)


def test_lone_surrogates_do_not_get_through():
    assert there_and_back("a\ud800b").encode() == b"a?b"


HOSTILE = {
    "no such tag": {"pickle": "gASVAA=="},
    "two tags": {"list": [], "tuple": []},
    "a bare list": [1, 2],
    "list of no list": {"list": 5},
    "dict of triples": {"dict": [[1, 2, 3]]},
    "unhashable key": {"dict": [[{"list": []}, 1]]},
    "range of text": {"range": ["a", 1, 1]},
    "range of step 0": {"range": [0, 1, 0]},
    "object dtype": {"array": ["|O", [1], 8]},
    "void dtype": {"array": ["|V8", [1], 8]},
    "dtype of code": {"array": ["f8,(1000000000,)f8", [1], 8]},
    "size that does not fit": {"array": ["<f8", [2], 8]},
    "negative side": {"array": ["<f8", [-1], -8]},
    "bool as side": {"array": ["<f8", [True], 8]},
    "bytes that are not there": {"array": ["<f8", [1000], 8000]},
    "sides whose product is huge": {"array": ["|b1", [2**39] * 30, 0]},
    "33 axes": {"array": ["|b1", [1] * 33, 1]},
    "scalar of 3": {"scalar": ["|u1", [3], 3]},
    "objects beyond their shape": {"objects": [1, 2], "shape": [3]},
    "handle of text": {"handle": "7", "type": "x"},
    "handle below 0": {"handle": -1, "type": "x"},
    "zip of numbers": {"zip": [1, 2]},
    "zip of uneven tuples": {"zip": [{"tuple": [1]}, {"tuple": [1, 2]}]},
    "fraction of texts": {"fraction": ["1", "2"]},
    "fraction of nothing": {"fraction": [1, 0]},
    "decimal of an endless exponent": {"decimal": "1E+99999999"},
    "decimal of words": {"decimal": "one"},
    "texts of no characters": {"array": ["<U0", [2**27], 0]},
    "parameter that is no name": {"handle": 1, "type": "f", "parameters": [["a b", 1, False]]},
    "parameter of no kind": {"handle": 1, "type": "f", "parameters": [["a", 9, False]]},
}


@pytest.mark.parametrize("node", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_encoder_writes_is_refused(node):
    with pytest.raises(WireError):
        Decoder(b"12345678" * 3, lambda handle: handle).decode(node)


def test_deep_nodes_are_refused():
    node = 1
    for _ in range(200):
        node = {"list": [node]}
    with pytest.raises(WireError, match="nested too deep"):
        Decoder(b"", None).decode(node)


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(wire, "MOST_NODES", 100)
    with pytest.raises(WireError, match="more than 100 values"):
        Decoder(b"", None).decode({"list": [0] * 200})


def peak(work):
    """The bytes that some work had at most, and its answer."""
    tracemalloc.start()
    try:
        answer = work()
        return tracemalloc.get_traced_memory()[1], answer
    finally:
        tracemalloc.stop()


def texts(*shape):
    return {"array": ["<U1", list(shape), 4 * math.prod(shape)]}


@pytest.mark.parametrize(
    "shape", [(2_000_000,), (2_000_000, 0), (0, 2_000_000), (2, 1_000_000, 0)], ids=str
)
def test_an_array_of_too_many_texts_is_refused_before_one_is_made(shape):
    data = bytes(4 * math.prod(shape))

    def refused():
        with pytest.raises(WireError, match="more than 1000000 values"):
            Decoder(data, None).decode(texts(*shape))

    assert peak(refused)[0] < 2**20


def test_without_that_limit_a_reply_of_forty_bytes_takes_memory():
    most, _ = peak(lambda: np.empty((2_000_000, 0), "<U1").tolist())
    assert most > 100_000_000


def test_an_array_of_too_many_texts_stays_there():
    handle = there_and_back(np.full(1_000_001, "a"))
    assert handle.type_name == "an array of 1000001 texts"


def test_texts_of_handles_are_short_and_printable():
    handle = Decoder(b"", lambda handle: handle).decode(
        {"handle": 1, "type": "\x1b[2J" + "x" * 5000, "name": ["no", "text"]}
    )
    assert handle.type_name.isprintable()
    assert len(handle.type_name) <= 100
    assert handle.name == ""


# --- frames -------------------------------------------------------------------------------------


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon():
    return time.monotonic() + 5


def test_a_frame_arrives_whole(ends):
    ours, theirs = map(Connection, ends)
    theirs.send({"x": [1, "é"]}, b"abc")
    assert ours.receive(soon()) == ({"x": [1, "é"]}, b"abc")


def test_a_frame_that_comes_in_pieces_survives_a_deadline(ends):
    ours, theirs = Connection(ends[0]), ends[1]
    frame = struct.pack("!II", 2, 3) + b"42abc"
    theirs.sendall(frame[:5])
    with pytest.raises(TimeoutError):
        ours.receive(time.monotonic() + 0.05)
    theirs.sendall(frame[5:])
    assert ours.receive(soon()) == (42, b"abc")


def test_an_end_that_closes_is_told(ends):
    ours, theirs = Connection(ends[0]), ends[1]
    theirs.sendall(b"\0\0")
    theirs.close()
    with pytest.raises(ConnectionLost):
        ours.receive(soon())


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("!II", 2**31, 0),
        struct.pack("!II", 0, 2**31),
        struct.pack("!II", 5, 0) + b"{nope",
        struct.pack("!II", 100_000, 0) + b"[" * 100_000,
        struct.pack("!II", 9000, 0) + b"9" * 9000,
        struct.pack("!II", 4, 0) + b"\xff\xfe\x00\x01",
    ],
    ids=["huge JSON", "huge data", "no JSON", "deep JSON", "huge number", "no text"],
)
def test_broken_frames_are_refused(ends, frame):
    ours, theirs = Connection(ends[0]), ends[1]
    theirs.sendall(frame)
    with pytest.raises(WireError):
        ours.receive(soon())


@pytest.mark.parametrize("part", [b"[]", b"{}", b'{"a":1}', b"1"])
def test_a_message_of_too_many_parts_is_refused_before_it_is_read(ends, monkeypatch, part):
    text = b"[" + b",".join([part] * 100_000) + b"]"
    frame = struct.pack("!II", len(text), 0) + text
    connection = Connection(ends[0])

    def receive():
        sender = threading.Thread(target=ends[1].sendall, args=[frame])
        sender.start()
        try:
            return connection.receive(soon())
        finally:
            sender.join()

    assert len(receive().content) == 100_000
    monkeypatch.setattr(wire, "MOST_MARKS", 90_000)
    monkeypatch.setattr(json, "loads", None)  # what would make the parts is not even called
    with pytest.raises(WireError, match="too many parts"):
        receive()


def test_bytes_of_a_frame_are_there_once(ends):
    size = 32 * 2**20
    node = {"array": ["|u1", [size], size]}
    sender = threading.Thread(target=Connection(ends[1]).send, args=[node, bytes(size)])

    def receive():
        content, data = Connection(ends[0]).receive(soon())
        return Decoder(data, None).decode(content)

    sender.start()
    most, array = peak(receive)
    sender.join()
    assert array.shape == (size,)
    assert most < 3.5 * size  # as they arrive, which grows in steps, and the array


def test_a_pickle_is_never_opened(ends, tmp_path):
    canary = tmp_path / "opened"

    class Opens:
        def __reduce__(self):
            return (canary.write_text, ("x",))

    hostile = pickle.dumps(Opens())
    pickle.loads(hostile)
    assert canary.exists()  # what it does where somebody opens it
    canary.unlink()
    ours, theirs = Connection(ends[0]), ends[1]
    theirs.sendall(struct.pack("!II", len(hostile), 0) + hostile)
    with pytest.raises(WireError):
        ours.receive(soon())
    assert not canary.exists()


def test_a_connection_takes_only_its_budget(ends):
    ours, theirs = Connection(ends[0], budget=1000), Connection(ends[1])
    theirs.send("x" * 500)
    theirs.send("x" * 600)
    ours.receive(soon())
    with pytest.raises(WireError, match="altogether"):
        ours.receive(soon())
