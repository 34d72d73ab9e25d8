"""The checker's side of the connection: what comes from the student's process is rebuilt."""

import builtins
import socket
import threading
import time

import pytest

from course_utils.check import case
from course_utils.sandbox.wire import Connection, ConnectionLost, Handle
from course_utils.staff.grading.run import student_process
from course_utils.staff.grading.run.proxies import proxy
from course_utils.staff.grading.run.student_process import (
    CellTimeoutError,
    RunStopped,
    StudentProcess,
    clean_message,
    remote_error,
)


@pytest.fixture
def answered_by():
    """A ``StudentProcess`` whose requests a function answers: request -> replies, or None."""
    threads, sockets = [], []

    def make(answer):
        here, there = socket.socketpair()
        sockets.extend((here, there))

        def serve():
            connection = Connection(there)
            try:
                while (replies := answer(connection.receive().content)) is not None:
                    for reply in replies:
                        connection.send(reply)
            except ConnectionLost:
                return
            there.shutdown(socket.SHUT_RDWR)

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return StudentProcess(here, None, proxy)

    yield make
    for stream in sockets:
        stream.close() if stream.fileno() < 0 else stream.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()
    for stream in sockets:
        stream.close()


@pytest.mark.parametrize(
    "reply",
    [
        7,
        [],
        {"value": {"array": ["<f8", [3], 24]}},
        {"value": {"pickle": "x"}},
        {"value": {"dict": [[{"list": []}, 1]]}},
        {"value": {"handle": -1}},
    ],
)
def test_a_reply_that_means_nothing_stops_the_notebook(answered_by, reply):
    student = answered_by(lambda request: [reply])
    for _ in range(2):
        with pytest.raises(RunStopped) as stopped:
            student.look_up("x")
        assert stopped.value.event == "unreadable"


def test_a_connection_that_closes_is_a_death(answered_by):
    with pytest.raises(RunStopped) as stopped:
        answered_by(lambda request: None).look_up("x")
    assert stopped.value.event == "died"


def test_a_process_that_does_not_answer_is_stuck(answered_by, monkeypatch):
    monkeypatch.setattr(student_process, "GRACE", 0.2)
    student = answered_by(lambda request: [])
    student.allow(0.1)
    with pytest.raises(RunStopped) as stopped:
        student.look_up("x")
    assert stopped.value.event == "stuck"
    assert student.timed_out


def test_after_the_deadline_nothing_is_begun(answered_by):
    asked = []
    student = answered_by(lambda request: asked.append(request) or [{"value": 1}])
    student.allow(-1)
    with pytest.raises(CellTimeoutError):
        student.look_up("x")
    assert student.timed_out and not asked
    assert student.stopped is None
    student.allow(10)
    assert student.look_up("x") == 1


def test_an_answer_after_ctrl_c_is_a_time_out_and_the_next_one_counts(answered_by):
    def slowly(request):
        time.sleep(0.3 if request["name"] == "slow" else 0)
        return [{"value": 5}]

    student = answered_by(slowly)
    student.allow(0.1)
    with pytest.raises(CellTimeoutError):
        student.look_up("slow")
    student.allow(10)
    assert student.look_up("quick") == 5


def test_a_name_that_is_missing(answered_by):
    with pytest.raises(KeyError):
        answered_by(lambda request: [{"missing": True}]).look_up("x")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("", None),
        ("numpy.fft", "numpy.fft"),
        ("numpy.fft.fft", "numpy.fft.fft"),
        ("numpy.fft.x0_25", "numpy.fft"),
        ("nowhere.deep.inside.convolve", "nowhere (convolve)"),
        ("nowhere.deep.x0_25.convolved", "nowhere"),
        ("x0_25", "what is forbidden"),
    ],
)
def test_a_forbidden_name_is_told_as_far_as_it_exists(answered_by, told, said):
    student = answered_by(lambda request: [{"found": told}])
    student.sources.append("from nowhere import convolve")
    handle = Handle(0, "function", True, "f", ())
    assert student.find_forbidden(handle, ("nowhere", "numpy.fft"), []) == said


TEXT = "0.25 is bad"


@pytest.mark.parametrize(
    ("is_hidden", "told"),
    [
        (False, ("Mine", TEXT, "x = 1")),
        (True, ("ValueError", "… is bad", "x = 1")),
    ],
)
def test_a_hidden_test_is_told_less_of_an_error(answered_by, is_hidden, told):
    student = answered_by(lambda request: [{"error": described("Mine", "ValueError", text=TEXT)}])
    student.is_hidden = is_hidden
    student.sources.append("if y:\n    x = 1\n    raise Mine(f'{y} is bad')")
    with pytest.raises(ValueError, match=TEXT) as raised:
        student.call(Handle(0, "function", True, "f", ()), (), {}, print)
    assert raised.value.told == told


def described(kind, *bases, text="text"):
    return {"type": kind, "bases": [*bases, "Exception"], "text": text, "line": "x = 1"}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, kind in vars(builtins).items()
        if isinstance(kind, type)
        and issubclass(kind, BaseException)
        and "Group" not in name
        and name not in ("BaseException", "IOError", "EnvironmentError")
        and not name.startswith("Stop")
    ],
)
def test_every_built_in_exception_comes_back_as_itself(name):
    kind = getattr(builtins, name)
    error = remote_error(described(name, *(base.__name__ for base in kind.__mro__[:-1])))
    assert type(error).__name__ == name
    assert "text" in str(error)
    assert error.student_line == "x = 1"
    if not issubclass(kind, (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError)):
        assert isinstance(error, kind)
    else:
        assert isinstance(error, UnicodeError)


@pytest.mark.parametrize("name", ["StopIteration", "StopAsyncIteration"])
def test_an_exception_that_would_end_a_loop_of_the_test_is_only_called_like_it(name):
    error = remote_error(described(name, name, "Exception", "BaseException"))
    assert type(error).__name__ == name
    assert not isinstance(error, (StopIteration, StopAsyncIteration))


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_only_a_call_can_raise_what_ends_a_program(name):
    error = remote_error(described(name, name, "BaseException"), Exception)
    assert type(error).__name__ == name
    assert isinstance(error, Exception)


def test_an_exception_of_ones_own_is_caught_as_each_of_its_built_in_ancestors():
    error = remote_error(described("Mine", "KeyError", "LookupError", "ValueError"))
    assert type(error).__name__ == "Mine"
    assert isinstance(error, KeyError) and isinstance(error, ValueError)
    assert str(error) == "text"


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {"type": 3, "bases": 4, "text": 5, "line": 6},
        {"bases": ["print", "object", "BaseException", "nothing", None]},
        {"type": "a b\n", "bases": ["OSError", "UnicodeError", "SyntaxError"]},
    ],
)
def test_an_exception_that_is_described_badly_is_an_exception_all_the_same(nonsense):
    assert isinstance(remote_error(nonsense), Exception)


@pytest.mark.parametrize(
    "message", [None, [], ["stream"], ["stream", 3], [["stream"], {}], ["comm_open", {}]]
)
def test_what_is_no_output_is_dropped(message):
    assert clean_message(message) is None


def test_only_the_known_fields_of_an_output_are_kept():
    kind, content = clean_message(
        ["display_data", {"data": {"text/plain": "a"}, "metadata": 3, "more": 4, "transient": []}]
    )
    assert kind == "display_data"
    assert content == {"data": {"text/plain": "a"}, "metadata": {}, "transient": {}}
    assert clean_message(["stream", {"name": "stdin", "text": 3}])[1] == {
        "name": "stdout",
        "text": "",
    }


HANDLE = Handle(0, "function", True, "f")
CASES = [case(number) for number in range(3)]


def outcomes(student):
    return list(student.call_each(HANDLE, CASES, lambda *message: None))


def test_results_of_several_cases_come_together_and_what_is_left_is_asked_for_again(answered_by):
    asked = []

    def two_at_a_time(request):
        asked.append(len(request["cases"]))
        return [{"results": [{"value": n, "size": 0} for n in range(asked[-1])][:2]}]

    assert outcomes(answered_by(two_at_a_time)) == [(0, None), (1, None), (0, None)]
    assert asked == [3, 1]


def test_an_exception_stands_in_the_place_of_its_result(answered_by):
    results = [{"value": 1, "size": 0}, {"error": described("KeyError", "KeyError"), "size": 0}]
    student = answered_by(lambda request: [{"results": [*results, results[0]]}])
    assert [result for result, _ in outcomes(student)] == [1, None, 1]
    student = answered_by(lambda request: [{"results": [*results, results[0]]}])
    assert [type(error).__name__ for _, error in outcomes(student)] == [
        "NoneType",
        "KeyError",
        "NoneType",
    ]


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "GeneratorExit", "StopIteration"])
def test_what_would_end_a_test_is_no_exception_of_a_case(answered_by, kind):
    reply = {"results": [{"error": {"type": kind, "bases": [kind], "text": ""}, "size": 0}] * 3}
    for _, error in outcomes(answered_by(lambda request: [reply])):
        assert isinstance(error, RuntimeError)


@pytest.mark.parametrize(
    "results",
    [
        None,
        5,
        [],
        {},
        [{"value": 1, "size": 0}] * 4,
        [7],
        [None],
        [{"value": 1}],
        [{"value": 1, "size": -1}],
        [{"value": 1, "size": 1}],
        [{"value": 1, "size": True}],
        [{"value": {"array": ["<f8", [3], 24]}, "size": 0}],
        [{"size": 0, "value": {"handle": "0"}}],
    ],
)
def test_results_that_mean_nothing_stop_the_notebook(answered_by, results):
    student = answered_by(lambda request: [{"results": results}])
    with pytest.raises(RunStopped) as stopped:
        outcomes(student)
    assert stopped.value.event == "unreadable"


def test_figures_are_asked_for_where_a_call_has_left_some_open(answered_by):
    asked = []

    def answer(request):
        asked.append(request["op"])
        return [{"value": 1, "figures": request["op"] == "call"}]

    student = answered_by(answer)
    student.end_calls(lambda *message: None, quiet=True)
    student.call(HANDLE, (), {}, lambda *message: None)
    student.end_calls(lambda *message: None, quiet=True)
    student.end_calls(lambda *message: None, quiet=True)
    assert asked == ["call", "end_calls"]
