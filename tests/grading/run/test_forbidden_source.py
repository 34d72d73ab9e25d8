"""Forbidden libraries are found in the text of the student's cells."""

import linecache

import pytest

from course_utils.check import CONVOLUTION_LIBRARIES, forbidden
from course_utils.staff.grading.run.forbidden_source import find

USED_INSIDE = [
    "def f(x):\n    import scipy\n    return scipy.fft.fft(x)",
    "def f(x):\n    import scipy.signal\n    return scipy.signal.convolve(x, x)",
    "def f(x):\n    import torch as t\n    return t.nn.Conv2d(1, 1, 1)(x)",
    "def f(x):\n    import numpy as n\n    return n.fft.fft(x)",
    "def f(x):\n    from scipy import signal\n    return signal.convolve(x, x)",
    "def f(x):\n    from scipy.signal import convolve as c\n    return c(x, x)",
    "def f(x):\n    from numpy import convolve\n    return map(convolve, x, x)",
    "def f(x):\n    import torch\n    tools = [torch]\n    return tools[0].relu(x)",
    "def f(x):\n    import torch\n    def g():\n        return torch.relu(x)\n    return g()",
    "def f(x):\n    global t\n    import torch as t\n    return g(x)",
    "def f(x):\n    import torch\n    torch.cache = x",
]
UNUSED_INSIDE = [
    "def f(x):\n    import torch\n    return x",
    "def f(x):\n    import scipy.signal, numpy as np\n    return np.sum(x)",
    "def f(x):\n    import numpy.fft\n    return numpy.sum(x)",
    "def f(x):\n    from scipy import signal as torch\n    return x",
    "def f(x):\n    try:\n        import torch\n    except ImportError:\n        torch = None",
    "def f(x):\n    import torch\n    del torch\n    return x",
    "import scipy as s\ndef f(x):\n    import numpy as s\n    return s.sum(x)",
    "def g(): import scipy.fft\ndef f(x):\n    return g()",
]
FORBIDDEN = [
    *USED_INSIDE,
    "%matplotlib inline\nimport scipy\ndef f(x):\n    return scipy.fft.fft(x)",
    "from scipy.signal import correlate2d\ndef f(x):\n    return correlate2d(x, x)",
    "import scipy.signal as s\ndef f(x):\n    return s.convolve(x, x)",
    "import numpy as np\ndef f(x):\n    return np.convolve(x, x)",
    "import numpy as np\ndef f(x):\n    return np.fft.fft(x)",
    "import numpy as np\ndef f(x, z=np.fft):\n    return x",
    "import scipy\n@scipy.wrap\ndef f(x):\n    return x",
    "from \uff53cipy import fft\ndef f(x):\n    return fft(x)",
    "import scipy as \u2118\ndef f(x):\n    return \u2118.fft(x)",
    "def g():\r\n    import scipy.fft as s; return s\r\ndef f(x):\r\n    return g()",
    "import torch.nn as nn\ndef g(x):\n    return nn.Conv2d\ndef f(x):\n    return g(x)",
]
ALLOWED = [
    *UNUSED_INSIDE,
    "import scipy\nimport numpy as np\ndef f(x):\n    return np.sum(x)",
    "def f(x, scipy):\n    return scipy + x",
    "def f(x):\n    torch = x + 1\n    return torch.real",
    "from scipy.signal import fft\ndef fft(x):\n    return x\ndef f(x):\n    return fft(x)",
    "def f(x:",
]


@pytest.mark.parametrize("source", FORBIDDEN)
def test_a_forbidden_library_is_found(source):
    assert find("f", [source], CONVOLUTION_LIBRARIES)


@pytest.mark.parametrize("source", ALLOWED)
def test_everything_else_is_allowed(source):
    assert find("f", [source], CONVOLUTION_LIBRARIES) is None


@pytest.mark.parametrize("source", USED_INSIDE + UNUSED_INSIDE)
def test_the_eyes_in_the_students_own_jupyter_find_the_same(source):
    names, file = {}, f"<cell {hash(source)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)
    found = forbidden.find(names["f"], CONVOLUTION_LIBRARIES, [])
    assert found == find("f", [source], CONVOLUTION_LIBRARIES)


def test_cells_are_read_together_and_the_last_definition_counts():
    cells = ["import scipy", "def f(x):\n    return scipy.fft(x)", "def f(x):\n    return x"]
    assert find("f", cells[:2], ["scipy"]) == "scipy"
    assert find("f", cells, ["scipy"]) is None


def test_a_function_of_the_student_can_be_forbidden():
    cells = ["def helper(x):\n    return x", "def f(x):\n    return helper(x)"]
    assert find("f", cells, ["__main__.helper"]) == "__main__.helper"
    assert find("helper", cells, ["__main__.helper"]) is None
