"""What answers for the student's code: runs cells and calls, in the confined process.

Everything here is within reach of the student's code, so nothing here is trusted: the checker at
the other end of the connection takes plain data only, and decides alone (see
``course_utils.staff.grading.run.checker``).

Requests and replies are frames of `wire`. A request has an "op": "cell" runs a cell, "name" looks
a variable up, "hide" and "show" take it away for a while, "replace" has the checker answer calls of
a function, "call" calls one, "calls" calls it on several cases, "end_calls" shows the figures that
calls have left open, "forbidden" looks for forbidden library calls, "traceback" tells where the
last error of a call arose, "put" and "files" write and read the working directory. Until its reply,
any number of {"message": [type, content]} may come, and of calls, {"replaced": name, "args",
"kwargs"}, each of which is answered by {"value"} or {"error", "text"}.
"""

import asyncio
import builtins
import contextlib
import inspect
import itertools
import json
import os
import signal
import stat
import sys
from pathlib import Path

import numpy as np
from IPython.core.async_helpers import get_asyncio_loop

from course_utils.check import forbidden
from course_utils.check.agreement import last_line, quiet
from course_utils.check.cases import Case
from course_utils.check.observation import observe
from course_utils.sandbox.local_modules import forget_namesakes
from course_utils.sandbox.shell import shorten
from course_utils.sandbox.wire import (
    LARGEST_FILES,
    LONG_BYTES,
    MOST_FILES,
    Connection,
    ConnectionLost,
    Decoder,
    Encoder,
    Handle,
    WireError,
    size_on_the_wire,
)

LARGEST_OUTPUT = 4 * 2**20  # characters that one cell may show; the checker decides what is kept
MOST_LOOKED_AT = 20_000  # files and folders, changed or not
CALLING = ("call", "calls", "forbidden")  # requests that run student code outside of a cell


class Agent:
    """Serves one notebook until the connection closes.

    Parameters
    ----------
    shell : CapturingShell
    connection : Connection
    """

    def __init__(self, shell, connection):
        self._shell = shell
        self._connection = connection
        self._objects = []  # a handle's number is the place in this list
        self._shown = 0
        self._last_error = None
        self._files = {}
        self._hidden = {}
        self._replaced = {}
        self._kept = None  # a result that did not fit into the last reply
        shell.deliver = self._deliver

    def serve(self):
        """Answer requests until the checker closes the connection."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.path.insert(0, "")  # modules beside the notebook
        asyncio.set_event_loop(get_asyncio_loop())
        while True:
            try:
                request, data = self._connection.receive()
            except ConnectionLost:
                return
            except KeyboardInterrupt:  # it came too late for what it was meant to stop
                continue
            content, data = self._answer(request, data)
            try:
                self._connection.send(content, data)
            except WireError as error:
                self._connection.send({"error": _describe(MemoryError(str(error)))})

    def _answer(self, request, data):
        act = getattr(self, f"_do_{request['op']}")
        try:
            # Ctrl-C reaches student code only; its handler is Python's own
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                content, data = act(request, Decoder(data, self._resolve))
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except BaseException as error:  # SystemExit and KeyboardInterrupt, too, are answers
            self._last_error = error
            content, data = {"error": _describe(error)}, b""
        finally:
            self._shell.flush()
            self._shown = 0
        if request["op"] in CALLING and _has_figures():
            content["figures"] = True
        return content, data

    def _encoded(self, value):
        """The node of a value, and its bytes."""
        encoder = Encoder(self._handle)
        node = encoder.encode(value)
        if encoder.is_full:
            raise MemoryError("a result of too many values")
        return {"value": node}, encoder.data

    # --- requests ---------------------------------------------------------------------------

    def _do_cell(self, request, decoder):
        result = self._shell.run(request["source"], request["count"])
        self._shell.user_ns.update(self._replaced)
        return {"ok": result.success}, b""

    def _do_name(self, request, decoder):
        namespace = self._shell.user_ns
        if request["name"] not in namespace:
            return {"missing": True}, b""
        return self._encoded(namespace[request["name"]])

    def _do_hide(self, request, decoder):
        name = request["name"]
        if name not in self._shell.user_ns:
            return {"ok": False}, b""
        self._hidden[name] = self._shell.user_ns.pop(name)
        return {"ok": True}, b""

    def _do_show(self, request, decoder):
        self._shell.user_ns[request["name"]] = self._hidden.pop(request["name"])
        return {"ok": True}, b""

    def _do_replace(self, request, decoder):
        self._replaced |= {name: self._asking(name) for name in request["names"]}
        self._shell.user_ns.update(self._replaced)
        return {"ok": True}, b""

    def _asking(self, name):
        """A function that asks the checker for its results."""

        def ask(*args, **kwargs):
            encoder = Encoder(self._handle)
            content = {"args": encoder.encode(args), "kwargs": encoder.encode(kwargs)}
            # whoever breaks off an exchange takes its answer for the next one's; this raises a
            # ValueError outside of the main thread
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                self._connection.send({"replaced": name} | content, encoder.data)
                reply, data = self._connection.receive()
            finally:
                signal.signal(signal.SIGINT, before)
            if "error" in reply:
                raise getattr(builtins, reply["error"])(reply["text"])
            return Decoder(data, self._resolve).decode(reply["value"])

        ask.__name__ = ask.__qualname__ = name
        return ask

    def _do_call(self, request, decoder):
        function = decoder.decode(request["function"])
        args = decoder.decode(request["args"])
        kwargs = decoder.decode(request["kwargs"])
        with self._shell.capture(), quiet() if request["quiet"] else contextlib.nullcontext():
            return self._encoded(function(*args, **kwargs))

    def _do_calls(self, request, decoder):
        function = decoder.decode(request["function"])
        cases = [self._decoded(node, decoder.take(size)) for node, size in request["cases"]]
        kept, self._kept = self._kept if request["continues"] else None, None
        results, total, pieces = [], 0, []
        with self._noting_ctrl_c() as was_interrupted:
            for args, kwargs in cases:
                content, data = kept or self._result(function, args, kwargs, request)
                kept = None
                total += size_on_the_wire(content, data)
                if results and total > LONG_BYTES:
                    self._kept = content, data  # until the checker asks for the rest
                    break
                results.append(content | {"size": len(data)})
                pieces.append(data)
                if was_interrupted:
                    break  # the time is up, even if the function has swallowed it
        return {"results": results}, b"".join(pieces)

    def _decoded(self, node, data):
        return Decoder(data, self._resolve).decode(node)

    def _result(self, function, args, kwargs, request):
        """What a call returns, or the exception in its place; encoded, with its bytes."""
        with self._shell.capture(), quiet() if request["quiet"] else contextlib.nullcontext():
            try:
                if request["observed"]:
                    return self._encoded(observe(function, args, kwargs))
                return self._encoded(function(*args, **kwargs))
            except (Exception, SystemExit) as error:
                return {"error": _describe(error)}, b""

    @contextlib.contextmanager
    def _noting_ctrl_c(self):
        """Yield a list that is empty until Ctrl-C comes, which raises as ever."""
        noted = []

        def note_and_raise(number, frame):
            noted.append(number)
            signal.default_int_handler(number, frame)

        signal.signal(signal.SIGINT, note_and_raise)
        yield noted

    def _do_forbidden(self, request, decoder):
        function = decoder.decode(request["function"])
        cases = [Case(*pair) for pair in decoder.decode(request["cases"])]
        with self._shell.capture():
            return {"found": forbidden.find(function, request["names"], cases)}, b""

    def _do_end_calls(self, request, decoder):
        if request["quiet"]:
            if "matplotlib.pyplot" in sys.modules:
                sys.modules["matplotlib.pyplot"].close("all")
        else:  # when a cell ends, Jupyter shows the figures that are open
            with self._shell.capture():
                self._shell.events.trigger("post_execute")
        return {"ok": True}, b""

    def _do_traceback(self, request, decoder):
        error, self._last_error = self._last_error, None
        if error is None:
            return {"lines": []}, b""
        here = error.__traceback__
        while here is not None and here.tb_frame.f_globals.get("__name__") == __name__:
            here = here.tb_next  # begin at the student's own frame
        shorten(here)
        # tb_offset: some IPythons leave out the first step, in a notebook that of IPython itself.
        lines = self._shell.InteractiveTB.structured_traceback(
            type(error), error, here, tb_offset=0
        )
        return {"lines": [str(line) for line in lines]}, b""

    def _do_put(self, request, decoder):
        for name, content in decoder.decode(request["files"]).items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.tobytes())
            self._files[name] = _stamp(path)
        forget_namesakes(self._files)
        return {"ok": True}, b""

    def _do_files(self, request, decoder):
        return self._encoded(dict(_changed_files(self._files)))

    # --- what is shown ----------------------------------------------------------------------

    def _deliver(self, kind, content):
        text = json.dumps(content, default=repr)
        self._shown += len(text)
        if self._shown <= LARGEST_OUTPUT:
            self._connection.send({"message": [kind, json.loads(text)]})

    # --- values that stay here --------------------------------------------------------------

    def _handle(self, value):
        self._objects.append(value)
        number = len(self._objects) - 1
        kind = type(value)
        if not callable(value):
            return Handle(number, kind.__name__)
        name = getattr(value, "__name__", "")
        return Handle(number, kind.__name__, True, name, _parameters(value))

    def _resolve(self, handle):
        return self._objects[handle.number]


def _has_figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    try:
        return pyplot is not None and bool(pyplot.get_fignums())
    except Exception:  # the student's code has put something else in its place
        return False


def _parameters(function):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    return tuple(
        (p.name, int(p.kind), p.default is not p.empty) for p in signature.parameters.values()
    )


def _describe(error):
    """What the checker may know of an exception: its built-in ancestors' names, text and line."""
    kind = type(error)
    names = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    try:
        text = str(error)
    except BaseException as second:
        text = f"(its text cannot be shown: {type(second).__name__})"
    return {"type": kind.__name__, "bases": names, "text": text[:100_000], "line": last_line(error)}


def _stamp(path):
    info = os.lstat(path)
    return (info.st_mtime_ns, info.st_size)


def _changed_files(known):
    """Yield name and content of regular files that the notebook made or changed."""
    total = count = 0
    for path in itertools.islice(sorted(Path(".").rglob("*")), MOST_LOOKED_AT):
        info = os.lstat(path)
        name = path.as_posix()
        if not stat.S_ISREG(info.st_mode) or known.get(name) == _stamp(path):
            continue
        total += info.st_size
        count += 1
        if total > LARGEST_FILES or count > MOST_FILES:
            return
        yield name, np.frombuffer(path.read_bytes(), dtype=np.uint8)


def serve(shell, stream):
    """Serve the notebook at the other end of a socket; returns when it closes."""
    Agent(shell, Connection(stream)).serve()
