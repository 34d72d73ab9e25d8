"""IPython without a kernel: cells run here, and what they show comes out as Jupyter's messages.

The shell is made once in the preload process and forked with it, so that no notebook waits for
IPython. Messages are (type, content) pairs as in Jupyter's messaging protocol: "stream",
"display_data", "update_display_data", "clear_output", "execute_result" and "error".
"""

import base64
import builtins
import contextlib
import copy
import functools
import getpass
import io
import os
import re
import sys

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell, InteractiveShellABC
from IPython.utils.text import SList
from traitlets import default
from traitlets.config import Config

from course_utils.sandbox import INLINE_BACKEND
from course_utils.sandbox.precompiled_cells import PrecompiledCells

STREAM_BUFFER = 8192  # characters; printed text is sent on in pieces of about this size
STEPS_SHOWN = 20  # of a traceback, at its beginning and at its end
LONGEST_PIECE = 2**16
# Where IPython's own syntax may begin, or a prompt, an indented paste, blanks or odd line ends
# that it changes; it cuts a cell into tokens to see, which takes longer than running it.
_PERHAPS_ASYNC = re.compile("await|async")
_PERHAPS_MAGIC = re.compile(
    r"\A\s|^\s*(?:[%!?/,;]|>>>|\.\.\.|In\b)|\?\s*$|=\s*[%!]|^[ \t]+$"
    r"|[\r\f\v\x1c-\x1e\x85\u2028\u2029]",
    re.MULTILINE,
)
_RUNS_CODE = {"prun", "run", "time", "timeit"}  # magics that run code of the notebook's


class CapturingShell(InteractiveShell):
    """An IPython shell that hands every output to a function instead of a screen.

    Set ``deliver`` to a function of (message type, content) before running cells;
    ``tell_error``, a function of an error and the message that tells of it, may return another.
    """

    deliver = staticmethod(lambda kind, content: None)
    tell_error = staticmethod(lambda error, content: content)
    _streams = ()
    _has_shown_error = False

    def __init__(self, **kwargs):
        self._translated = {}
        super().__init__(compiler_class=PrecompiledCells, **kwargs)
        self._first_transformers = self._transformers()

    @default("displayhook_class")
    def _default_displayhook_class(self):
        return _ResultHook

    @default("display_pub_class")
    def _default_display_pub_class(self):
        return _Publisher

    def run(self, source, count):
        """Run a cell as number ``count``; returns IPython's ``ExecutionResult``."""
        self.execution_count = count
        self._has_shown_error = False
        with self.capture():
            result = self.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            if error is not None and not self._has_shown_error:
                # IPython prints the tracebacks of some kinds of errors, groups among them
                self._showtraceback(type(error), error, [])
            return result

    def remember(self, source):
        """Read and compile a cell now, so that forked processes need not do it.

        Not a single line that IPython could take for one of its magics, if no variable has the
        same name.
        """
        if source in self._translated or not source.strip():
            return
        try:
            text = self.transform_cell(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return  # whoever runs it is told
        name = re.match(r"\w*", source.strip())[0]
        if not (len(text.splitlines()) == 1 and self.find_magic(name)):
            self._translated[source] = text
            self.compile.remember(text)

    def transform_cell(self, raw_cell):
        """Return a cell as Python; code may change how, in IPython's lists of transformers."""
        if self._transformers() == self._first_transformers:
            if raw_cell in self._translated:
                return self._translated[raw_cell]
            if "\n" in raw_cell.strip() and not _PERHAPS_MAGIC.search(raw_cell):
                return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        return super().transform_cell(raw_cell)

    def transform_ast(self, node):
        """Apply IPython's transformers of syntax trees, which change them, to a tree of its own."""
        return super().transform_ast(copy.deepcopy(node) if self.ast_transformers else node)

    def should_run_async(self, raw_cell, *, transformed_cell=None, **options):
        """Tell whether a cell awaits something: IPython would read it once more to know."""
        if transformed_cell is not None and not _PERHAPS_ASYNC.search(transformed_cell):
            return False
        return super().should_run_async(raw_cell, transformed_cell=transformed_cell, **options)

    def _transformers(self):
        manager = self.input_transformer_manager
        return [
            list(steps)
            for steps in (
                manager.cleanup_transforms,
                manager.line_transforms,
                manager.token_transformers,
                self.input_transformers_post,
            )
        ]

    @contextlib.contextmanager
    def capture(self):
        """Deliver what is printed inside of the ``with``."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Stream("stdout", self.send), _Stream("stderr", self.send)
        self._streams = sys.stdout, sys.stderr
        try:
            yield
        finally:
            self.flush()
            sys.stdout, sys.stderr = before

    def flush(self):
        """Send on what has been printed so far."""
        for stream in self._streams:
            stream.flush()

    def send(self, kind, content):
        """Deliver a message, after the text that was printed before it."""
        if kind != "stream":
            self.flush()
        self.deliver(kind, content)

    def _get_exc_info(self, exc_tuple=None):
        kind, error, trace = super()._get_exc_info(exc_tuple)
        seen = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            shorten(error.__traceback__)
            error = error.__cause__ or error.__context__
        return kind, sys.last_value, trace

    def _format_exception_for_storage(self, exception, **_):
        """Lay nothing out for IPython's history, which nobody will look at."""
        return {"ename": type(exception).__name__, "evalue": _text_of(exception), "traceback": []}

    def _showtraceback(self, etype, evalue, stb):
        self._has_shown_error = True
        content = {"ename": etype.__name__, "evalue": _text_of(evalue), "traceback": list(stb)}
        self.send("error", self.tell_error(evalue, content))

    def ask_exit(self):
        """Stay: the cells after a stray ``exit()`` still count."""

    def enable_gui(self, gui=None):
        """Do nothing: there is no window here."""

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        """Run a line such as ``%cd ..``; one that cannot be done here is noted, and costs nothing.

        What such a line sets up is a notebook's surroundings, never an answer.
        """
        try:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        except Exception as error:
            if magic_name in _RUNS_CODE:
                raise
            note(f"%{magic_name} {line}".strip(), _text_of(error))

    def system(self, cmd):
        """Leave a shell command alone, and say so."""
        self.user_ns["_exit_code"] = 0
        # `%pip` names the interpreter by its path, which is nobody's business
        note(
            f"!{cmd.replace(sys.executable, 'python')}",
            "shell commands are not run while work is graded",
        )

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        """Leave a shell command alone, and say so; it has printed nothing."""
        self.system(cmd)
        return SList() if split else ""


def note(line, reason):
    """Print that a line did nothing here, where errors are printed."""
    print(f"Note: {line!r} did nothing here: {reason}", file=sys.stderr)


InteractiveShellABC.register(CapturingShell)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        kind = "update_display_data" if update else "display_data"
        content = {
            "data": _without_bytes(data),
            "metadata": metadata or {},
            "transient": transient or {},
        }
        self.shell.send(kind, content)

    def clear_output(self, wait=False):
        self.shell.send("clear_output", {"wait": bool(wait)})


class _ResultHook(DisplayHook):
    def start_displayhook(self):
        pass

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self._content = {
            "execution_count": self.prompt_count,
            "data": _without_bytes(format_dict),
            "metadata": md_dict or {},
        }

    def finish_displayhook(self):
        content, self._content = getattr(self, "_content", None), None
        if content:
            self.shell.send("execute_result", content)


def _without_bytes(data):
    """A bundle of mime types with images as text in base 64, as in Jupyter's messages."""
    return {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for mime, value in data.items()
    }


class _Stream(io.TextIOBase):
    """Standard output or error; collects text and sends it in pieces."""

    encoding = "UTF-8"

    def __init__(self, name, send):
        super().__init__()
        self._name, self._send = name, send
        self._pieces, self._size = [], 0

    @property
    def name(self):
        return f"<{self._name}>"

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._pieces.append(text)
        self._size += len(text)
        if self._size > STREAM_BUFFER:
            self.flush()
        return len(text)

    def flush(self):
        if self._pieces:
            text, self._pieces, self._size = "".join(self._pieces), [], 0
            for start in range(0, len(text), LONGEST_PIECE):  # of one too long, the head is kept
                piece = text[start : start + LONGEST_PIECE]
                self._send("stream", {"name": self._name, "text": piece})


def shorten(step, shown=STEPS_SHOWN):
    """Cut the middle out of a long traceback: an endless recursion takes a minute to lay out.

    Parameters
    ----------
    step : traceback or None
        The first step; changed in place.
    shown : int
        Steps to keep at the beginning and at the end.
    """
    steps = []
    while step is not None:
        steps.append(step)
        step = step.tb_next
    if len(steps) > 2 * shown:
        steps[shown - 1].tb_next = steps[-shown]


def _text_of(error):
    try:
        return str(error)
    except Exception as second:  # an exception whose own text fails
        return f"(its text cannot be shown: {type(second).__name__})"


def make_shell():
    """Return the one shell of this process, made on the first call.

    Make it before matplotlib's inline backend is imported: a backend that finds no shell never
    shows a figure.
    """
    config = Config()
    config.HistoryManager.enabled = False  # no database, no thread
    config.InteractiveShell.ast_node_interactivity = "last_expr"
    config.InteractiveShell.banner1 = ""
    os.environ["MPLBACKEND"] = INLINE_BACKEND
    shell = CapturingShell.instance(config=config)
    shell.set_hook("show_in_pager", _no_pager, 0)
    builtins.input = functools.partial(_no_input, "raw_input")
    getpass.getpass = functools.partial(_no_input, "getpass")
    return shell


def _no_input(name, prompt="", stream=None):
    raise StdinNotImplementedError(
        f"{name} was called, but this frontend does not support input requests."
    )


def _no_pager(shell, data, start=0, screen_lines=0):
    """Show no help pages: Jupyter shows them beside the notebook, not in it."""


def warm_matplotlib():
    """Load matplotlib with its inline backend, and make its first figure.

    The first figure of a process loads fonts and compiles what draws them. From then on
    ``matplotlib.use("TkAgg")`` costs no answer: where windows cannot be opened it is noted.
    """
    import matplotlib.pyplot as plt

    plt.switch_backend = _keeps_going(plt.switch_backend)
    figure, axes = plt.subplots(figsize=(1, 1))
    axes.plot([0, 1], label="x")
    axes.set_title("first")
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def _keeps_going(switch_backend):
    @functools.wraps(switch_backend)
    def switch(newbackend):
        try:
            switch_backend(newbackend)
        except ImportError as error:
            note(f"matplotlib.use({newbackend!r})", error)

    return switch
