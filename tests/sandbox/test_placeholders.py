"""What a process does without can be imported and named, and fails when it is used."""

import subprocess
import sys

import pytest

INSTALL = """
import sys
import numpy as np
from course_utils.sandbox import placeholders
placeholders.install(["scipy", "torch", "numpy.correlate", "numpy.fft"])
"""
INERT = [
    "import scipy",
    "import scipy.signal, torch as t",
    "from scipy.signal import correlate2d",
    "from torch import nn\nclass Net(nn.Module):\n    pass\nNet()",
    "from numpy.fft import fft",
    "from numpy import correlate",
    "import torch\nassert not isinstance(3, torch.Tensor)",
    "np.pad([1, 2], 1) @ np.ones(4)",
    "def f(x: 'torch.Tensor'):\n    import torch\n    return x\nf(1)",
]
USED = {
    "import scipy.signal\nscipy.signal.correlate2d([[1]], [[1]])": "scipy.signal.correlate2d",
    "from scipy.signal import convolve\nconvolve([1], [1])": "scipy.signal.convolve",
    "__import__('sci' + 'py').linalg.inv([[1]])": "scipy.linalg.inv",
    "import torch\ntorch.tensor([1.0])": "torch.tensor",
    "import torch\nwith torch.no_grad():\n    pass": "torch.no_grad",
    "import torch\ntorch.pi + 1": "torch.pi",
    "np.correlate([1, 2], [1])": "numpy.correlate",
    "np._core.multiarray.correlate([1, 2], [1])": "numpy.correlate",
    "np._core.numeric.correlate([1, 2], [1])": "numpy.correlate",
    "np._core._multiarray_umath.correlate2([1, 2], [1])": "numpy.correlate",
    "np.fft.fft([1, 2])": "numpy.fft.fft",
    "import numpy.fft\nnumpy.fft.rfft2([[1, 2]])": "numpy.fft.rfft2",
}


def run(source):
    program = f"{INSTALL}\n{source}\nprint('went on')"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("source", INERT)
def test_what_is_not_used_costs_nothing(source):
    done = run(source)
    assert done.stdout == "went on\n", done.stderr


@pytest.mark.parametrize("source", USED)
def test_use_fails_and_is_named(source):
    done = run(source)
    assert done.stdout == ""
    assert f"NotHereError: {USED[source]} is not here" in done.stderr


def test_what_has_been_loaded_cannot_be_taken_away():
    done = run("placeholders.install(['numpy'])")
    assert "ValueError: numpy cannot be taken away" in done.stderr
