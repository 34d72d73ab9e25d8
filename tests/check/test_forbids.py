"""forbids: every way to a library convolution that a student is likely to try."""

import functools
import linecache
import sys
import textwrap
import types

import numpy as np
import pytest
import torch
from scipy import signal
from scipy.signal import correlate2d as imported_by_name

from course_utils import check
from course_utils.check import forbidden
from course_utils.staff.reference.convolution_by_hand import correlate2d as our_answer

X, W = np.arange(20.0).reshape(4, 5), np.arange(6.0).reshape(2, 3)
hidden_name = getattr(np, "con" + "volve")
drawer = {"tool": torch}
tensor = torch.ones(3)  # a global of the student's experiments


def by_loops(x, w):
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    z = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            z[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return z


def by_views(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum("ijab,ab->ij", windows, w)


def with_scipy(x, w):
    return signal.correlate2d(x, w, mode="valid")


def with_an_imported_name(x, w):
    return imported_by_name(x, w, mode="valid")


def with_an_import_inside(x, w):
    from scipy import ndimage

    return ndimage.correlate(x, w)


def with_a_helper(x, w):
    return with_scipy(x, w)


def with_dunder_import(x, w):
    return __import__("scipy.signal").signal.correlate2d(x, w, mode="valid")


def with_a_hidden_name(x, w):
    return hidden_name(x[0], w[0])


def with_numpy_correlate(x, w):
    return np.array([np.correlate(row, w[0], "valid") for row in x])


def with_fft(x, w):
    return np.fft.irfft2(np.fft.rfft2(x) * np.fft.rfft2(w, x.shape))


def with_torch_from_a_drawer(x, w):
    torch_ = drawer["tool"]
    return torch_.conv2d(torch_.ones(1, 1, 3, 3), torch_.ones(1, 1, 2, 2))


def with_our_answer(x, w):
    return our_answer(x, w)


def in_dead_code(x, w):
    if x is None:
        return signal.correlate2d(x, w)
    return by_loops(x, w)


def forbid(function):
    check.forbids(function, *check.CONVOLUTION_LIBRARIES, cases=[check.case(X, W)])


def banned():
    return forbidden._Banned(check.CONVOLUTION_LIBRARIES)


def id_(function):
    return function


def with_a_local_name_of_a_global_tensor(x, w):
    tensor = by_loops(x, w)
    return tensor


@pytest.mark.parametrize(
    "function",
    [by_loops, by_views, lambda x, w: by_loops(x, w), with_a_local_name_of_a_global_tensor],
)
def test_honest_work_passes(function):
    assert forbid(function) is None


UNUSED = [
    "import torch",
    "import scipy.signal",
    "import numpy.fft",
    "from scipy import signal",
    "from scipy.signal import correlate2d as c",
    "from numpy import convolve",
    "import torch; del torch",
    "__import__('torch')",
]


@pytest.mark.parametrize("statement", UNUSED)
def test_an_unused_import_is_no_use(statement):
    assert forbid(define(f"def f(x, w):\n    {statement}\n    return g(x, w)", g=by_loops)) is None


def test_an_import_that_fails_is_no_use():
    source = """
    def f(x, w):
        try:
            import torch
        except ImportError:
            torch = None
    """
    assert forbid(define(source)) is None


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library that nobody has loaded yet and that uses itself while it is loaded."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "__init__.py").write_text(
        "def work(x):\n    return x\n\nwork(1)\n\n"
        "def __getattr__(name):\n    raise AttributeError(work(name))\n"
    )
    (tmp_path / "library" / "part.py").write_text("import library\nlibrary.work(2)\n")
    (tmp_path / "library" / "broken.py").write_text("import library\n1 / library.work(0)\n")
    (tmp_path / "of_the_student.py").write_text("import library\nlibrary.work(2)\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.startswith(("library", "of_the_student"))]:
        del sys.modules[name]


def watched(source):
    cases = [check.case(1), check.case(2)]
    return forbidden._found_while_running(define(source), cases, forbidden._Banned(["library"]))


@pytest.mark.parametrize(
    "statement",
    [
        "import library.part",
        "from library import part",
        "from importlib import import_module; import_module('library.part')",
        "import library.broken",
        "from library import broken",
        "from library import missing_part",
    ],
)
def test_what_a_library_does_while_it_is_loaded_is_no_use(library, statement):
    assert watched(f"def f(x):\n    {statement}") is None


@pytest.mark.parametrize(
    "body",
    [
        "import library; library.work(x)",
        "from library import work; work(x)",
        "from importlib import import_module; import_module('library').work(x)",
        "__import__('library').work(x)",
        "exec('import library; library.work(1)')",
        "import of_the_student",
    ],
)
def test_what_is_called_after_loading_is_found_by_the_watch(library, body):
    assert watched(f"def f(x):\n    {body}") == "library.work"


@pytest.mark.parametrize("part", ["broken", "missing"])
def test_the_watch_goes_on_after_an_import_that_raises(library, part):
    source = f"""
    def f(x):
        try:
            import library.{part}
        except (ImportError, ZeroDivisionError):
            __import__("library").work(x)
    """
    assert watched(source) == "library.work"


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (with_scipy, "scipy"),
        (with_an_imported_name, "scipy"),
        (with_an_import_inside, "scipy"),
        (with_a_helper, "scipy"),
        (with_dunder_import, "scipy"),
        (with_a_hidden_name, "numpy.convolve"),
        (with_numpy_correlate, "numpy.correlate"),
        (with_fft, "numpy.fft"),
        (with_torch_from_a_drawer, "torch"),
        (with_our_answer, "course_utils.staff.reference"),
        (in_dead_code, "scipy"),
        (signal.correlate2d, "scipy"),
        (functools.partial(signal.correlate2d, mode="valid"), "scipy"),
    ],
)
def test_library_convolutions_are_found_and_named(function, found):
    with pytest.raises(check.CheckFailed, match=f"uses {found}.* done by hand"):
        forbid(function)


def define(source, **names):
    """Define ``f`` in a cell of its own, with the names that other cells have given."""
    source = textwrap.dedent(source)
    file = f"<cell {hash(source)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)
    return names["f"]


kit = types.ModuleType("kit")
kit.tool = signal


def with_helper_beside(source):
    """Define ``f`` where a module has a function that was defined beside it."""
    kit_beside = types.ModuleType("kit_beside")
    f = define(source, signal=signal, kit=kit_beside)
    kit_beside.helper = f.__globals__["helper"]
    return f


@pytest.mark.parametrize(
    "function",
    [
        define("def f(x, w, z=signal.correlate2d(X, W)):\n    return z", signal=signal, X=X, W=W),
        define("@about(signal)\ndef f(x, w):\n    return x", signal=signal, about=lambda _: id_),
        define("def f(x, w):\n    if x is None:\n        return n.fft.fft2(x)", n=np),
        define("def f(x, w):\n    if x is None:\n        return kit.tool.convolve(x, w)", kit=kit),
        define("def f(x, w):\n    if x is None:\n        import torch as t; t.nn.Conv2d(1, 1, 1)"),
        define("def f(x, w):\n    if x is None:\n        import numpy as n; n.fft.fft2(x)"),
        define("def f(x, w):\n    if x is None:\n        from scipy import signal; signal.b(x)"),
        define("def f(x, w):\n    if x is None:\n        from numpy import convolve; convolve(x)"),
        define("def f(x, w):\n    global t\n    import torch as t"),
        define("from scipy.signal import *\ndef f(x, w):\n    if x is None:\n        convolve(x)"),
        define("def f(x, w):\n    if False:\n        return signal.convolve(x, w)", signal=signal),
        define(
            "def f(x, w):\n    if x is None:\n        return \uff53ignal.convolve", signal=signal
        ),
        define(
            "def f(x, w):\n    if x is None:\n        \u2118.convolve(x, w)", **{"\u2118": signal}
        ),
        define("def f(x, w):\n    if x is None:\n        return n. \\\n        fft.fft2(x)", n=np),
        define("f = lambda x, w: signal.convolve if x is None else w", signal=signal),
        with_helper_beside(
            """
            def f(x, w):
                if x is None:
                    return kit.helper(x, w)


            def helper(x, w):
                return signal.convolve(x, w)
            """
        ),
    ],
)
def test_what_only_reading_finds_is_read(function):
    assert forbidden._found_while_running(function, [check.case(X, W)], banned()) is None
    with pytest.raises(check.CheckFailed, match="by hand"):
        forbid(function)


def test_a_few_calls_are_watched_and_the_first_is_among_them():
    seen = []

    def f(x):
        seen.append(x)

    check.forbids(f, "scipy", cases=[check.case(number) for number in range(10)])
    assert seen == [0, 5]


def test_a_function_that_raises_is_left_to_agrees_unless_it_called_a_library_first():
    def blank(x, w):
        raise NotImplementedError

    def calls_then_raises(x, w):
        hidden_name(x[0], w[0])
        raise NotImplementedError

    assert forbid(blank) is None
    with pytest.raises(check.CheckFailed, match="numpy.convolve"):
        forbid(calls_then_raises)


def test_the_watch_ends_with_the_check():
    before = sys.getprofile()
    forbid(by_loops)
    with pytest.raises(check.CheckFailed):
        forbid(with_dunder_import)
    assert sys.getprofile() is before
