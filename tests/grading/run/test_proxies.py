"""A student's function is judged alike through a proxy and in the student's own process.

Each case is a student's cell that defines ``f``; the same checks look at it both ways.
"""

import pytest
from one_process import run_in_one_process
from small_jobs import cells_of, grade, hidden, seen

CHECKS = (
    "check.close(f(np.arange(6.0)), 2 * np.arange(6.0))",
    "check.equal(f(np.arange(6.0)), [1, 2])",
    "check.shape(f(np.arange(6.0)), (6,))",
    "check.raises(f, np.arange(6.0))",
    hidden(
        """
        def twice(x):
            return 2 * x
        check.agrees(f, twice, [check.case(np.arange(6.0)), check.case(np.ones((2, 3)))])
        """
    ),
)

# what a function may return, after what it needs
RESULTS = {
    "right": "2 * x",
    "a tuple": "tuple(2 * x)",
    "a list of NumPy numbers": "[np.float32(2 * v) for v in x]",
    "None": "None",
    "an ellipsis": "...",
    "a dict": "{'a': x, 1: None, (1, 2): True}",
    "a set": "{1.0, 2.0}",
    "a frozen set": "frozenset([1])",
    "a dict with a frozen set as key": "{frozenset([1]): 2}",
    "a generator": "(2 * v for v in x)",
    "a function": "lambda: x",
    "an object": "object()",
    "bytes": "b'abc'",
    "a complex number": "1 + 2j",
    "complex numbers": "x * 2j",
    "a complex NumPy number": "np.complex64(1)",
    "a matrix": "np.matrix(2 * x)",
    "a masked array": "np.ma.masked_array(2 * x, mask=x > 3)",
    "half precision": "(2 * x).astype(np.float16)",
    "long doubles": "(2 * x).astype(np.longdouble)",
    "a long double": "np.longdouble(2)",
    "a date": "np.datetime64('2020-01-01')",
    "dates": "np.array(['2020-01-01'], dtype='M8[D]')",
    "a structured array": "np.zeros(3, dtype=[('a', float)])",
    "a structured number": "np.zeros(3, dtype=[('a', float)])[0]",
    "objects in an array": "np.array([1, 'a', None], dtype=object)",
    "NumPy's bytes": "np.bytes_(b'a')",
    "NumPy's text": "np.str_('a')",
    "an array without dimensions": "np.array(3.0)",
    "a NumPy truth": "x[0] == 0",
    "a negative zero": "-0.0",
    "not a number": "x * float('nan')",
    "another byte order": "(2 * x).astype('>f8')",
    "every second": "(2 * np.arange(12.0))[::2] / 2",
    "a large int": "10**400",
    "a huge int": "-(10**6000)",
    "a list 20 deep": "functools.reduce(lambda inner, _: [inner], range(20), 1.0)",
    "a list 21 deep": "functools.reduce(lambda inner, _: [inner], range(21), 1.0)",
    "a list 22 deep": "functools.reduce(lambda inner, _: [inner], range(22), 1.0)",
    "ragged lists": "[[1, 2], [3]]",
    "text": "'äöü ✓'",
    "a fraction": "fractions.Fraction(1, 3)",
    "a named tuple": "collections.namedtuple('Pair', 'a b')(1, 2)",
    "a counter": "collections.Counter('abca')",
    "a class": "int",
    "a tensor": "torch.tensor(2 * x, requires_grad=True)",
    "a tensor of bfloat16": "torch.tensor(2 * x).to(torch.bfloat16)",
    "a sparse tensor": "torch.tensor(2 * x).to_sparse()",
    "a tensor without data": "torch.empty(3, device='meta')",
    "an open figure": "plt.plot([1, 2]) and 2 * x",
}
NEEDED = "import collections, fractions, functools\nimport matplotlib.pyplot as plt\nimport torch\n"
CASES = {
    what: f"{NEEDED if '.' in result else ''}def f(x):\n    return {result}"
    for what, result in RESULTS.items()
}

RAISED = (
    "ValueError('impossible', 2)",
    "KeyError('a')",
    "StopIteration(3)",
    "GeneratorExit",
    "MemoryError('x')",
    "OSError(2, 'no file')",
    "AssertionError",
    "UnicodeDecodeError('utf8', b'a', 0, 1, 'bad')",
    "np.linalg.LinAlgError('singular')",
    "np.exceptions.AxisError(3, 2)",
    "check.CheckFailed('mine')",
    "Exception('first\\nsecond')",
)
CASES |= {f"raises {error}": f"def f(x):\n    raise {error}" for error in RAISED}
CASES |= {
    "raises an own error": (
        "class Mine(ValueError):\n    pass\n\ndef f(x):\n    raise Mine('mine')"
    ),
    "raises an error of two kinds": (
        "class Mine(KeyError, ValueError):\n    pass\n\ndef f(x):\n    raise Mine('mine')"
    ),
    "raises in a helper": "def one(x):\n    return x[100]\n\ndef f(x):\n    return one(x + 1)",
    "turns warnings into errors in hidden tests only": (
        "warnings.simplefilter('error')\n\ndef f(x):\n"
        "    warnings.warn('careful') if x.ndim == 2 else None\n    return 2 * x"
    ),
    "raises NumPy's warnings": (
        "np.seterr(all='raise')\n\ndef f(x):\n    np.log(0 * x)\n    return 2 * x"
    ),
    "keeps state": "n = []\n\ndef f(x):\n    n.append(1)\n    return 2 * x + len(n) // 2",
    "changes its argument": "def f(x):\n    x *= 2\n    return x",
    "a lambda": "f = lambda x: 2 * x",
    "a ufunc": "f = np.negative",
    "a function without a known signature": "f = max",
    "partial": "import functools\nf = functools.partial(np.multiply, 2)",
    "an object that can be called": (
        "class Twice:\n    def __call__(self, x):\n        return 2 * x\n\nf = Twice()"
    ),
    "a class that is called": "class F:\n    def __init__(self, x):\n        self.x = x\n\nf = F",
    "not a function": "f = 3",
    "missing": "g = 3",
    "still dots": "f = ...",
    "prints": "def f(x):\n    print('rows', len(x)) if x.ndim == 1 and len(x) == 6 else None\n"
    "    return 2 * x",
}


# Of an exception in a hidden test, grading tells less: what, and what it tells instead.
TOLD_LESS = {
    "raises ValueError('impossible', 2)": (""": "('impossible', 2)\"""", ""),
    "raises OSError(2, 'no file')": (": '[Errno 2] no file'", ""),
    "raises UnicodeDecodeError('utf8', b'a', 0, 1, 'bad')": (
        """: "'utf8' codec can't decode byte 0x61 in position 0: bad\"""",
        "",
    ),
    "raises np.linalg.LinAlgError('singular')": ("raised LinAlgError", "raised ValueError"),
    "raises np.exceptions.AxisError(3, 2)": ("raised AxisError", "raised ValueError"),
    "raises check.CheckFailed('mine')": ("raised CheckFailed", "raised AssertionError"),
    "raises an own error": ("raised Mine", "raised ValueError"),
    "raises an error of two kinds": ("raised Mine", "raised KeyError"),
}


def alternating(student):
    return [part for check in CHECKS for part in (student, check)]


@pytest.fixture(scope="module")
def in_one_process():
    notebooks = [
        [(place, source) for place, (_, _, source) in enumerate(cells_of(*alternating(student)))]
        for student in CASES.values()
    ]
    runs = run_in_one_process(notebooks, 7, 30, ("numpy", "course_utils.check", "torch"))
    return dict(zip(CASES, runs, strict=True))


@pytest.mark.parametrize("what", CASES)
def test_a_check_says_the_same_in_one_process_and_in_grading(what, in_one_process):
    graded = grade(*alternating(CASES[what]))
    for place in range(2, 2 * len(CHECKS) + 1, 2):
        here = in_one_process[what].messages[place]
        there = graded.messages[place]
        if "BEGIN HIDDEN" in CHECKS[place // 2 - 1]:  # without what the function shows
            here, there = ([m for m in both if not _is_shown(m)] for both in (here, there))
            more, less = TOLD_LESS.get(what, ("", ""))
            assert more in seen(here)
            assert seen(here).replace(more, less) == seen(there)
            continue
        assert seen(here) == seen(there), CHECKS[place // 2 - 1]


def _is_shown(message):
    kind, content = message
    return kind == "stream" or "image/png" in content.get("data", {})
