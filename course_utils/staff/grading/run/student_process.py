"""The checker's side of the connection to the process in which student code runs.

What arrives is taken for hostile: messages are rebuilt from their known fields, values by
`wire.Decoder`, exceptions as their nearest built-in type. Whoever waits has a deadline.
"""

import builtins
import collections
import contextlib
import math
import signal
import sys
import time

from course_utils.check import remote
from course_utils.check.agreement import Raised, text_of
from course_utils.check.verdict import CARD_MIME
from course_utils.sandbox.wire import (
    LONG_BYTES,
    Connection,
    ConnectionLost,
    Decoder,
    Encoder,
    Handle,
    WireError,
    clean_text,
    short_text,
    size_on_the_wire,
)
from course_utils.staff.grading.run import exception_text
from course_utils.staff.grading.run.failures import ENDS, TIMED_OUT
from course_utils.staff.grading.run.process_clock import ProcessClock

GRACE = 2.0  # seconds that student code has to end after Ctrl-C
LONGEST_SEND = 20.0  # seconds in which the process must take a message
LONGEST_MESSAGE = 100_000  # characters of an exception's text
BUDGET = 2**30  # bytes that one notebook may send altogether


class RunStopped(BaseException):
    """Student code can run no further; not an ``Exception``, so that no check takes it for one.

    ``event`` is a kind of ``event_log.EVENTS``.
    """

    def __init__(self, event, message):
        super().__init__(message)
        self.event = event


class CellTimeoutError(BaseException):
    """The cell ran too long and was interrupted; the next ones can run."""


class StudentProcess:
    """Asks the process with the student's code to run cells and call functions.

    Parameters
    ----------
    stream : socket.socket
    pidfd : int or None
        Of the process, for Ctrl-C and kill.
    make_proxy : callable
        From this object and a ``wire.Handle`` to what stands here for the student's object.

    Attributes
    ----------
    clock : ProcessClock
        By which all time that the process may take is counted.
    stopped : RunStopped or None
        Why the process cannot be asked anything more.
    timed_out : bool
        Whether the work under way has been interrupted.
    refusal : str or None
        What was asked for in the work under way that cannot be had from another process. Told
        beside the exception, which a test may take for one of the student's.
    sources : list of str
        The cells that have been run, as Python.
    by_hand : ByHand or None
        What decides whether a function does without a library.
    is_hidden : bool
        Whether the work under way is a hidden test, of which little is told.
    replaced : frozenset of str
        Names whose calls are answered here, see `replace`.
    """

    def __init__(self, stream, pidfd, make_proxy):
        stream.settimeout(LONGEST_SEND)
        self._connection = Connection(stream, BUDGET)
        self._pidfd = pidfd
        self._make_proxy = make_proxy
        self.clock = ProcessClock(pidfd)
        self._limit = math.inf  # by this clock
        self.stopped = None
        self.timed_out = False
        self.refusal = None
        self.met_objects = False  # which are no plain data and cannot be called
        self.sources = []
        self.by_hand = None
        self.is_hidden = False
        self.replaced = frozenset()
        self._references = None
        self._has_figures = False

    def allow(self, seconds):
        """Interrupt the work that begins now after so many seconds; it has not timed out yet."""
        self.timed_out = False
        self.refusal = None
        self.met_objects = False
        self._limit = self.clock.now() + seconds

    def refuse(self, reason):
        """Note a ``refusal`` and return the exception to raise."""
        self.refusal = self.refusal or reason
        return TypeError(reason)

    def run_cell(self, source, count, on_message):
        """Run a cell; ``on_message`` is called with every (kind, content) it shows."""
        self.sources.append(source)
        self._ask({"op": "cell", "source": source, "count": count}, on_message=on_message)

    def look_up(self, name):
        """Return the value of a student's variable: plain data or a proxy.

        Raises
        ------
        KeyError
            There is no such variable.
        """
        reply, data = self._ask({"op": "name", "name": name})
        if reply.get("missing") is True:
            raise KeyError(name)
        value = self._value(reply, data)
        if isinstance(value, remote.RemoteFunction):
            value.course_variable = name
        return value

    def hide_name(self, name):
        """Hide a variable from the student's code; returns False where there is none."""
        reply, _ = self._ask({"op": "hide", "name": name})
        return reply.get("ok") is True

    def show_name(self, name):
        """Undo `hide_name`."""
        self._ask({"op": "show", "name": name}, seconds=GRACE)

    def replace(self, names, references):
        """From now on, let calls of these names be answered by ``references``, a `References`."""
        self._references = references
        self.replaced |= set(names)
        self._ask({"op": "replace", "names": sorted(names)}, seconds=GRACE)
        if self.by_hand is not None:
            # where it has ended, or does not answer, nothing is found to be done by hand
            with contextlib.suppress(CellTimeoutError, RunStopped, Exception):
                self.by_hand.process.replace(names, references)

    def call(self, handle, args, kwargs, on_message):
        """Call the function behind a handle and return its result; raises what it raises.

        It gets copies of the arguments. Read-only arrays stay read-only, as they are where a
        student's own Jupyter runs the same check.
        """
        encoder = Encoder(self._own_handle, keeps_read_only=True)
        content = {
            "op": "call",
            "function": encoder.encode(_Given(handle)),
            "args": encoder.encode(tuple(args)),
            "kwargs": encoder.encode(kwargs),
            "quiet": remote.is_quiet,
        }
        reply, data = self._ask(content, encoder.data, on_message)
        return self._value(reply, data)

    def call_each(self, handle, cases, on_message, observed=False):
        """Call a function on every ``Case``; yield (result, None) or (None, what it raised).

        Where calls are ``observed``, each result is what `observation.observe` tells of one, and
        read-only arrays stay read-only.
        """
        waiting = collections.deque(cases)
        continues = False
        while waiting:
            sent, pieces = self._as_many_as_share_a_frame(waiting, observed)
            content = {
                "op": "calls",
                "function": Encoder(self._own_handle).encode(_Given(handle)),
                "cases": sent,
                "observed": observed,
                "quiet": remote.is_quiet,
                "continues": continues,
            }
            continues = True
            reply, data = self._ask(content, b"".join(pieces), on_message)
            results = reply.get("results")
            if not (isinstance(results, list) and 0 < len(results) <= len(sent)):
                raise self._stop("unreadable", "what came back are no results")
            data = memoryview(data)
            for result in results:
                waiting.popleft()
                if not isinstance(result, dict):
                    raise self._stop("unreadable", "what came back is no result")
                if "error" in result:
                    yield None, self._error(result["error"], (Exception, SystemExit))
                    continue
                size = result.get("size")
                if type(size) is not int or not 0 <= size <= len(data):
                    raise self._stop("unreadable", "what came back has no size")
                yield self._value(result, data[:size]), None
                data = data[size:]

    def find_forbidden(self, handle, names, cases):
        """Return what a function uses of the forbidden ``names``, as the process tells."""
        encoder = Encoder(self._own_handle)
        content = {
            "op": "forbidden",
            "function": encoder.encode(_Given(handle)),
            "names": list(names),
            "cases": encoder.encode([(case.args, case.kwargs) for case in cases]),
        }
        reply, _ = self._ask(content, encoder.data)
        return self._forbidden_name(short_text(reply.get("found")), names)

    def end_calls(self, on_message, quiet):
        """End a test cell: figures that its calls have left open are shown now."""
        if self._has_figures:
            self._has_figures = False
            self._ask({"op": "end_calls", "quiet": quiet}, on_message=on_message)

    def last_traceback(self):
        """Return the lines of the traceback of the last error that `call` raised."""
        reply, _ = self._ask({"op": "traceback"}, seconds=GRACE)
        lines = reply.get("lines")
        if not isinstance(lines, list):
            return []
        return [clean_text(line)[:20_000] for line in lines[:60] if isinstance(line, str)]

    def put_files(self, files):
        """Write files, a dict of names and uint8 arrays, into the working directory."""
        encoder = Encoder(self._own_handle)
        self._ask({"op": "put", "files": encoder.encode(files)}, encoder.data)

    def changed_files(self):
        """Return files that the notebook wrote, as a dict of names and uint8 arrays."""
        reply, data = self._ask({"op": "files"})
        files = self._value(reply, data)
        return files if isinstance(files, dict) else {}

    def kill(self):
        """End the process at once."""
        if self._pidfd is not None:
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            except ProcessLookupError:
                return

    # --- the exchange -----------------------------------------------------------------------

    def _ask(self, content, data=b"", on_message=None, seconds=None):
        """Send a request; what has ``seconds`` of its own does not count as the cell's work."""
        if self.stopped:
            raise self.stopped
        if seconds is None and self._is_late():
            self.timed_out = True
            raise CellTimeoutError(TIMED_OUT.message)
        try:
            self._connection.send(content, data)
            frame = self._reply(on_message or (lambda kind, content: None), seconds)
        except ConnectionLost:
            raise self._stop("died", ENDS["died"].message) from None
        except WireError as error:
            raise self._stop("unreadable", f"what came back cannot be read: {error}") from None
        except TimeoutError:  # it does not even take the message
            raise self._stop("stuck", ENDS["stuck"].message) from None
        if not isinstance(frame.content, dict):
            raise self._stop("unreadable", "what came back is no reply")
        self._has_figures = self._has_figures or frame.content.get("figures") is True
        if "error" in frame.content:
            # a call may raise whatever it likes; anything else that is asked for cannot exit
            kind = BaseException if content["op"] in ("call", "calls") else Exception
            raise self._error(frame.content["error"], kind)
        return frame

    def _error(self, described, kind_of):
        """The exception described, with ``told``: what of it the student is told."""
        error = remote_error(described, kind_of)
        text, line = text_of(error), error.student_line
        if not self.is_hidden:
            error.told = Raised(type(error).__name__, text, line)
            return error
        is_own = any(line in map(str.strip, source.splitlines()) for source in self.sources)
        error.told = Raised(
            built_in_type(error),
            exception_text.harmless(text, self.sources),
            line if is_own else "",
        )
        return error

    def _is_late(self):
        return (
            time.monotonic() > self.clock.earliest(self._limit) and self.clock.now() > self._limit
        )

    def _reply(self, on_message, seconds):
        limit = self._limit if seconds is None else self.clock.now() + seconds
        end = None
        while True:
            try:
                frame = self._connection.receive(self.clock.earliest(limit))
            except TimeoutError:
                now = self.clock.now()
                if now < limit:  # the machine was busy
                    continue
                if end is None:
                    end = now + GRACE
                    self.timed_out = self.timed_out or seconds is None
                elif now >= end:
                    raise
                # more than once: the first may come before the function begins
                self._interrupt()
                limit = min(now + GRACE / 4, end)
                continue
            if isinstance(frame.content, dict) and "replaced" in frame.content:
                self._answer_call(frame)
                continue
            if not (isinstance(frame.content, dict) and "message" in frame.content):
                if end is not None:
                    raise CellTimeoutError(TIMED_OUT.message)
                return frame
            message = clean_message(frame.content["message"])
            if message is not None:
                on_message(*message)

    def _answer_call(self, frame):
        """Answer what student code asks of a function that is replaced."""
        if self._references is None:
            raise WireError("a call of what was not replaced")
        try:
            self._connection.send(*self._references.answer(frame))
        except CellTimeoutError:  # in the middle of an exchange, which cannot go on
            raise self._stop("stuck", ENDS["stuck"].message) from None

    def _interrupt(self):
        if self._pidfd is not None:
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)
            except ProcessLookupError:
                return  # its end shows in the connection

    def _stop(self, event, message):
        self.kill()
        self.stopped = RunStopped(event, message)
        return self.stopped

    def _value(self, reply, data):
        try:
            decoder = Decoder(data, self._proxy)
            return decoder.decode(reply.get("value"))
        except (WireError, ValueError, OverflowError, MemoryError, RecursionError) as error:
            raise self._stop("unreadable", f"what came back cannot be read: {error}") from None

    def _proxy(self, handle):
        self.met_objects |= not handle.is_callable
        if self.is_hidden:  # both names may be shown
            kind, name = (
                text if exception_text.known_words(text, self.sources) else instead
                for text, instead in ((handle.type_name, "object"), (handle.name, ""))
            )
            handle = handle._replace(type_name=kind, name=name)
        return self._make_proxy(self, handle)

    def _forbidden_name(self, told, names):
        """What a process says it has found, as far as that is a name that there is."""
        if not told:
            return None
        module, _, attribute = told.rpartition(".")
        for name in names:
            if told != name and not told.startswith(f"{name}."):
                continue
            if told in sys.modules or hasattr(sys.modules.get(module), attribute):
                return told
            is_known = exception_text.known_words(attribute, self.sources)
            return f"{name} ({attribute})" if told != name and is_known else name
        return "what is forbidden"

    def _as_many_as_share_a_frame(self, cases, keeps_read_only):
        """Encode cases, the first at least: nodes with the sizes of their bytes, and the bytes."""
        nodes, pieces, total = [], [], 0
        for case in cases:
            # one for each: what one case may hold, every case may
            encoder = Encoder(self._own_handle, keeps_read_only)
            node = encoder.encode(tuple(case))
            total += size_on_the_wire(node, encoder.data)
            if nodes and total > LONG_BYTES:
                break
            nodes.append([node, len(encoder.data)])
            pieces.append(encoder.data)
        return nodes, pieces

    def _own_handle(self, value):
        handle = getattr(value, "_course_handle", None)
        if not isinstance(handle, Handle):
            raise self.refuse(
                f"a test gives {type(value).__name__!r} to a student's function; while grading, "
                "that runs in another process, which gets numbers, text, lists, dicts, arrays and "
                "tensors"
            )
        return handle


class _Given:
    """Wraps a handle that goes back to where it came from."""

    def __init__(self, handle):
        self._course_handle = handle


# --- errors -------------------------------------------------------------------------------------


_NOT_RAISED_HERE = (StopIteration, StopAsyncIteration, BaseExceptionGroup)
MOST_BASES = 8


def remote_error(described, kind_of=BaseException):
    """Return an exception like the one described: of its nearest built-in type, under its name.

    It has ``student_line``, the line of the student's code where it arose. It is always of
    ``kind_of``, a type or several, and never one that ends a loop: that could end a test's.
    """
    if not isinstance(described, dict):
        described = {}
    bases = described.get("bases")
    known = [
        kind
        for name in (bases if isinstance(bases, list) else [])
        if isinstance(name, str)
        and isinstance(kind := getattr(builtins, name, None), type)
        and issubclass(kind, kind_of)
        and not issubclass(kind, _NOT_RAISED_HERE)
        and kind is not BaseException
    ][:MOST_BASES]
    # a class may have several: one that is a KeyError and a ValueError is caught as either
    leaves = [k for k in known if not any(o is not k and issubclass(o, k) for o in known)]
    base = _common(leaves) if leaves else RuntimeError
    text = described.get("text")
    text = clean_text(text[:LONGEST_MESSAGE]) if isinstance(text, str) else ""
    name = short_text(described.get("type"), 60)
    kind = base
    if name.isidentifier() and name != base.__name__:
        kind = type(name, (base,), {"__module__": "__main__"})
    error = _make(kind, base, text)
    line = described.get("line")
    error.student_line = clean_text(line)[:1000] if isinstance(line, str) else ""
    return error


def built_in_type(error):
    """Return the name of the nearest built-in type of an exception."""
    name = type(error).__name__
    if isinstance(getattr(builtins, name, None), type):  # of one that is only called so, too
        return name
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")


def _common(kinds):
    if len(kinds) > 1:
        with contextlib.suppress(TypeError):  # built-in types that have no common child
            return type(kinds[0].__name__, tuple(kinds), {"__module__": "__main__"})
    return kinds[0]


def _make(kind, base, text):
    if issubclass(base, UnicodeError) and base is not UnicodeError:
        kind = type(base.__name__, (UnicodeError,), {})  # its own takes five arguments
    if issubclass(base, KeyError):  # its text is the repr of its argument
        kind = type(kind.__name__, (kind,), {"__str__": lambda self: text})
    error = kind(text)
    return error


# --- outputs ------------------------------------------------------------------------------------


def clean_message(message):
    """Return (kind, content) with known fields only, or None where it is no output.

    A card of a check that student code shows is kept as what it looks like; its record, which
    the report reads, is not.
    """
    if not (isinstance(message, list) and len(message) == 2 and isinstance(message[1], dict)):
        return None
    kind, content = message
    clean = _CLEANERS.get(kind) if isinstance(kind, str) else None
    return clean and (kind, clean(content))


def _stream(content):
    name = "stderr" if content.get("name") == "stderr" else "stdout"
    return {"name": name, "text": _text(content.get("text"))}


def _display(content):
    data = content.get("data")
    metadata = _json(content.get("metadata"))
    transient = content.get("transient")
    display_id = transient.get("display_id") if isinstance(transient, dict) else None
    return {
        "data": {
            _text(mime)[:200]: _json(value) if _text(mime).endswith("json") else _text(value)
            for mime, value in (data if isinstance(data, dict) else {}).items()
            if mime != CARD_MIME
        },
        "metadata": metadata if isinstance(metadata, dict) else {},
        "transient": {"display_id": display_id[:200]} if isinstance(display_id, str) else {},
    }


def _clear(content):
    return {"wait": content.get("wait") is True}


def _error(content):
    lines = content.get("traceback")
    return {
        "ename": short_text(content.get("ename")) or "Exception",
        "evalue": _text(content.get("evalue")),
        "traceback": [_text(line) for line in (lines if isinstance(lines, list) else [])],
    }


def _text(value):
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "".join(value)
    return clean_text(value) if isinstance(value, str) else ""


def _json(value, depth=0):
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict) and depth < 50:
        return {clean_text(key): _json(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list) and depth < 50:
        return [_json(entry, depth + 1) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # no number in JSON
    return value if isinstance(value, (int, float, bool)) else None


_CLEANERS = {
    "stream": _stream,
    "display_data": _display,
    "update_display_data": _display,
    "execute_result": _display,
    "clear_output": _clear,
    "error": _error,
}
