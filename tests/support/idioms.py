"""Ways in which authors of notebooks test an answer, each with a right and a wrong one.

They are tried in one notebook, one after the other, so every name is used by one idiom only.
"""

from typing import NamedTuple


class Idiom(NamedTuple):
    """A test, the answers that pass and fail it, and a locked cell before them."""

    name: str
    test: str
    right: str
    wrong: str
    given: str = ""


VALUES = [
    Idiom("equal integers", "assert total == 6", "total = 1 + 2 + 3", "total = 5"),
    Idiom("equal strings", "assert word.lower() == 'cat'", "word = 'Cat'", "word = 'dog'"),
    Idiom(
        "close floats",
        "assert abs(third - 1 / 3) < 1e-6",
        "third = 1 / 3",
        "third = 0.3",
    ),
    Idiom(
        "math.isclose",
        "import math\nassert math.isclose(root, math.sqrt(2))",
        "root = 2 ** 0.5",
        "root = 1.4",
    ),
    Idiom("exact type", "assert type(count) is int", "count = 3", "count = 3.0"),
    Idiom("isinstance", "assert isinstance(names, list)", "names = ['a']", "names = 'a'"),
    Idiom("equal lists", "assert squares == [0, 1, 4]", "squares = [0, 1, 4]", "squares = [1, 4]"),
    Idiom("equal tuples", "assert pair == (1, 2)", "pair = (1, 2)", "pair = [1, 2]"),
    Idiom(
        "equal sets", "assert vowels == set('aei')", "vowels = {'a', 'e', 'i'}", "vowels = {'a'}"
    ),
    Idiom(
        "equal dictionaries",
        "assert ages == {'ann': 3, 'bob': 4}",
        "ages = {'bob': 4, 'ann': 3}",
        "ages = {'ann': 3}",
    ),
    Idiom(
        "keys of a dictionary",
        "assert sorted(shapes) == ['a', 'b']\nassert shapes['a'] == (1,)",
        "shapes = {'a': (1,), 'b': ()}",
        "shapes = {'a': 1, 'b': 2}",
    ),
    Idiom("None", "assert nothing is None", "nothing = None", "nothing = 0"),
    Idiom("truth", "assert is_even is True", "is_even = True", "is_even = 1"),
    Idiom("membership", "assert colour in ('red', 'blue')", "colour = 'red'", "colour = 'pink'"),
    Idiom("length", "assert len(letters) == 26", "letters = 'ab' * 13", "letters = 'ab'"),
    Idiom("range of a number", "assert 0 <= chance <= 1", "chance = 0.5", "chance = 50"),
    Idiom("complex numbers", "assert z_value == 1 + 2j", "z_value = 1 + 2j", "z_value = 1"),
    Idiom("bytes", "assert raw == b'ab'", "raw = 'ab'.encode()", "raw = 'ab'"),
    Idiom(
        "large integers",
        "assert factorial_30 == 265252859812191058636308480000000",
        "import math\nfactorial_30 = math.factorial(30)",
        "factorial_30 = 2.6525285981219107e32",
    ),
    Idiom("not a number", "assert gap != gap", "gap = float('nan')", "gap = 0.0"),
    Idiom("infinity", "assert top == float('inf')", "top = float('inf')", "top = 1e300"),
    Idiom(
        "nested lists",
        "assert grid[1][2] == 5 and len(grid) == 2",
        "grid = [[0, 1, 2], [3, 4, 5]]",
        "grid = [[0, 1, 2]]",
    ),
    Idiom(
        "a digest of the answer",
        "import hashlib\nassert hashlib.sha256(str(choice).encode()).hexdigest()[:6] == '6b86b2'",
        "choice = 1",
        "choice = 2",
    ),
    Idiom(
        "a regular expression",
        "import re\nassert re.fullmatch(r'\\d{4}-\\d\\d', month)",
        "month = '2024-05'",
        "month = 'May'",
    ),
    Idiom("a name exists", "assert 'defined_name' in globals()", "defined_name = 1", "other = 1"),
    Idiom("locals()", "assert 'local_name' in locals()", "local_name = 1", "another = 1"),
    Idiom(
        "a name looked up by text",
        "assert eval('looked_up') == 4",
        "looked_up = 4",
        "looked_up = 3",
    ),
    Idiom(
        "fractions",
        "from fractions import Fraction\nassert half_value == Fraction(1, 2)",
        "from fractions import Fraction\nhalf_value = Fraction(1, 2)",
        "half_value = 0.4",
    ),
    Idiom(
        "decimals",
        "from decimal import Decimal\nassert price == Decimal('1.10')",
        "from decimal import Decimal\nprice = Decimal('1.10')",
        "price = 1.1",
    ),
    Idiom(
        "dates",
        "import datetime\nassert born.year == 1999",
        "import datetime\nborn = datetime.date(1999, 1, 2)",
        "import datetime\nborn = datetime.date(1998, 1, 2)",
    ),
    Idiom("a frozen set", "assert fixed == frozenset({1})", "fixed = frozenset({1})", "fixed = 1"),
    Idiom("a range", "assert list(steps) == [0, 2]", "steps = range(0, 4, 2)", "steps = range(4)"),
    Idiom(
        "a list of a million",
        "assert sum(many) == 499999500000",
        "many = list(range(1_000_000))",
        "many = list(range(10))",
    ),
    Idiom(
        "a list of more than a million",
        "assert len(very_many) == 1_200_000",
        "very_many = [0] * 1_200_000",
        "very_many = [0]",
    ),
]

FUNCTIONS = [
    Idiom(
        "a returned value",
        "assert double_it(4) == 8",
        "def double_it(x):\n    return 2 * x",
        "def double_it(x):\n    return x",
    ),
    Idiom(
        "cases in a loop",
        "for x, y in [(1, 1), (2, 4), (3, 9)]:\n    assert square_it(x) == y, f'square_it({x})'",
        "def square_it(x):\n    return x * x",
        "def square_it(x):\n    return 2 * x",
    ),
    Idiom(
        "random inputs",
        "import random\nfor _ in range(20):\n    a, b = random.random(), random.random()\n"
        "    assert larger(a, b) == max(a, b)",
        "def larger(a, b):\n    return a if a > b else b",
        "def larger(a, b):\n    return a",
    ),
    Idiom(
        "the author's own function",
        "def _right(n):\n    return n * (n + 1) // 2\n\n"
        "assert all(triangle(n) == _right(n) for n in range(9))",
        "def triangle(n):\n    return sum(range(n + 1))",
        "def triangle(n):\n    return sum(range(n))",
    ),
    Idiom(
        "keyword arguments",
        "assert power(base=2, exponent=3) == 8",
        "def power(base, exponent):\n    return base ** exponent",
        "def power(base, exponent):\n    return base * exponent",
    ),
    Idiom(
        "a default",
        "assert greet() == 'hello you'",
        "def greet(name='you'):\n    return f'hello {name}'",
        "def greet(name='me'):\n    return f'hello {name}'",
    ),
    Idiom(
        "any number of arguments",
        "assert add_all(1, 2, 3) == 6 and add_all() == 0",
        "def add_all(*numbers):\n    return sum(numbers)",
        "def add_all(*numbers):\n    return len(numbers)",
    ),
    Idiom(
        "several results",
        "low, high = extremes([3, 1, 2])\nassert (low, high) == (1, 3)",
        "def extremes(values):\n    return min(values), max(values)",
        "def extremes(values):\n    return max(values), min(values)",
    ),
    Idiom(
        "recursion",
        "assert [fib(n) for n in range(7)] == [0, 1, 1, 2, 3, 5, 8]",
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "def fib(n):\n    return n",
    ),
    Idiom(
        "a lambda as the answer",
        "assert cube(3) == 27",
        "cube = lambda x: x ** 3",
        "cube = lambda x: 3 * x",
    ),
    Idiom(
        "callable",
        "assert callable(can_call)",
        "def can_call():\n    pass",
        "can_call = 3",
    ),
    Idiom(
        "a function as argument",
        "assert apply_twice(lambda x: x + 3, 1) == 7",
        "def apply_twice(f, x):\n    return f(f(x))",
        "def apply_twice(f, x):\n    return f(x)",
    ),
    Idiom(
        "a named function as argument",
        "def _plus_one(x):\n    return x + 1\n\nassert map_all(_plus_one, [1, 2]) == [2, 3]",
        "def map_all(f, values):\n    return [f(v) for v in values]",
        "def map_all(f, values):\n    return values",
    ),
    Idiom(
        "a builtin as argument",
        "assert reduce_by(max, [3, 7, 5]) == 7",
        "def reduce_by(f, values):\n    return f(values)",
        "def reduce_by(f, values):\n    return values[0]",
    ),
    Idiom(
        "a function that returns one",
        "add_five = make_adder(5)\nassert add_five(2) == 7",
        "def make_adder(n):\n    def add(x):\n        return x + n\n    return add",
        "def make_adder(n):\n    def add(x):\n        return x\n    return add",
    ),
    Idiom(
        "a decorator",
        "@shouting\ndef _say():\n    return 'hi'\n\nassert _say() == 'HI'",
        "def shouting(f):\n    def inner():\n        return f().upper()\n    return inner",
        "def shouting(f):\n    return f",
    ),
    Idiom(
        "a generator",
        "assert list(countdown(3)) == [3, 2, 1]",
        "def countdown(n):\n    while n:\n        yield n\n        n -= 1",
        "def countdown(n):\n    yield n",
    ),
    Idiom(
        "next of a generator",
        "_numbers = naturals()\nassert [next(_numbers), next(_numbers)] == [0, 1]",
        "def naturals():\n    n = 0\n    while True:\n        yield n\n        n += 1",
        "def naturals():\n    while True:\n        yield 0",
    ),
    Idiom(
        "sorted by the answer",
        "assert sorted(['bb', 'a'], key=sort_key) == ['a', 'bb']",
        "def sort_key(text):\n    return len(text)",
        "def sort_key(text):\n    return -len(text)",
    ),
    Idiom(
        "a type annotation",
        "assert annotated.__annotations__['return'] is int",
        "def annotated() -> int:\n    return 1",
        "def annotated():\n    return 1",
    ),
    Idiom(
        "a docstring",
        "assert documented.__doc__ and 'area' in documented.__doc__",
        'def documented():\n    """Return the area."""',
        "def documented():\n    pass",
    ),
    Idiom(
        "a signature",
        "import inspect\nassert list(inspect.signature(signed).parameters) == ['x', 'y']",
        "def signed(x, y):\n    pass",
        "def signed(x):\n    pass",
    ),
    Idiom(
        "a helper of the student",
        "assert area_of(2) == 12",
        "def _pi():\n    return 3\n\ndef area_of(r):\n    return _pi() * r * r",
        "def _pi():\n    return 4\n\ndef area_of(r):\n    return _pi() * r * r",
    ),
    Idiom(
        "a given helper",
        "assert with_helper(3) == 30",
        "def with_helper(x):\n    return given_ten() * x",
        "def with_helper(x):\n    return given_ten() + x",
        "def given_ten():\n    return 10",
    ),
    Idiom(
        "a given helper taken away",
        "del given_hint\nassert without_hint(2) == 4",
        "def without_hint(x):\n    return x + 2",
        "def without_hint(x):\n    return given_hint(x)",
        "def given_hint(x):\n    return x + 2",
    ),
    Idiom(
        "given data changed by the test",
        "given_numbers[:] = [5, 6]\nassert total_given() == 11",
        "def total_given():\n    return sum(given_numbers)",
        "def total_given():\n    return 6",
        "given_numbers = [1, 2, 3]",
    ),
    Idiom(
        "an earlier name replaced by the test",
        "rate = 10\nassert with_rate(2) == 20",
        "def with_rate(x):\n    return rate * x",
        "def with_rate(x):\n    return 3 * x",
        "rate = 3",
    ),
    Idiom(
        "counts its calls",
        "_before = len(call_log)\nlogged()\nlogged()\nassert len(call_log) == _before + 2",
        "call_log = []\n\ndef logged():\n    call_log.append(1)",
        "call_log = []\n\ndef logged():\n    pass",
    ),
    Idiom(
        "the same result twice",
        "assert stable([1, 2]) == stable([1, 2])",
        "def stable(values):\n    return sorted(values)",
        "_seen = []\n\ndef stable(values):\n    _seen.append(1)\n    return len(_seen)",
    ),
    Idiom(
        "the argument is not changed",
        "_mine = [3, 1]\nsorted_copy(_mine)\nassert _mine == [3, 1]",
        "def sorted_copy(values):\n    return sorted(values)",
        "def sorted_copy(values):\n    values.sort()\n    return values",
    ),
    Idiom(
        "the argument is changed",
        "_mine2 = [3, 1]\nsort_in_place(_mine2)\nassert _mine2 == [1, 3]",
        "def sort_in_place(values):\n    values.sort()",
        "def sort_in_place(values):\n    sorted(values)",
    ),
    Idiom(
        "a dictionary is changed",
        "_counts = {}\ncount_into(_counts, 'aab')\nassert _counts == {'a': 2, 'b': 1}",
        "def count_into(counts, text):\n    for c in text:\n"
        "        counts[c] = counts.get(c, 0) + 1",
        "def count_into(counts, text):\n    return {'a': 2, 'b': 1}",
    ),
    Idiom(
        "the very same object",
        "_thing = [1]\nassert same_thing(_thing) is _thing",
        "def same_thing(x):\n    return x",
        "def same_thing(x):\n    return list(x)",
    ),
    Idiom(
        "a coroutine",
        "assert await soon() == 5",
        "async def soon():\n    return 5",
        "async def soon():\n    return 4",
    ),
    Idiom(
        "map and filter",
        "assert list(evens_of([1, 2, 4])) == [2, 4]",
        "def evens_of(values):\n    return filter(lambda v: v % 2 == 0, values)",
        "def evens_of(values):\n    return values",
    ),
]

EXCEPTIONS = [
    Idiom(
        "try and except",
        "try:\n    refuse_negative(-1)\nexcept ValueError:\n    pass\nelse:\n    assert False",
        "def refuse_negative(x):\n    if x < 0:\n        raise ValueError('negative')",
        "def refuse_negative(x):\n    pass",
    ),
    Idiom(
        "pytest.raises",
        "import pytest\nwith pytest.raises(ZeroDivisionError):\n    divide_up(1, 0)",
        "def divide_up(a, b):\n    return a / b",
        "def divide_up(a, b):\n    return 0",
    ),
    Idiom(
        "pytest.raises with a pattern",
        "import pytest\nwith pytest.raises(ValueError, match='empty'):\n    first_of([])",
        "def first_of(values):\n    if not values:\n        raise ValueError('empty list')",
        "def first_of(values):\n    if not values:\n        raise ValueError('bad')",
    ),
    Idiom(
        "unittest's assertRaises",
        "import unittest\nunittest.TestCase().assertRaises(KeyError, find_key, {}, 'a')",
        "def find_key(d, key):\n    return d[key]",
        "def find_key(d, key):\n    return d.get(key)",
    ),
    Idiom(
        "a message of an exception",
        "try:\n    needs_text(3)\nexcept TypeError as error:\n    assert 'text' in str(error)\n"
        "else:\n    raise AssertionError",
        "def needs_text(x):\n    raise TypeError('give me text')",
        "def needs_text(x):\n    raise TypeError('no')",
    ),
    Idiom(
        "an exception of the student's own",
        "try:\n    overdraw()\nexcept Overdrawn:\n    pass\nelse:\n    assert False",
        "class Overdrawn(Exception):\n    pass\n\ndef overdraw():\n    raise Overdrawn",
        "class Overdrawn(Exception):\n    pass\n\ndef overdraw():\n    pass",
    ),
    Idiom(
        "no exception",
        "try:\n    _got = careful('x')\nexcept Exception:\n    _got = 'raised'\n"
        "assert _got is None",
        "def careful(text):\n    try:\n        return int(text)\n    except ValueError:\n"
        "        return None",
        "def careful(text):\n    return int(text)",
    ),
    Idiom(
        "a warning",
        "import warnings\nwith warnings.catch_warnings(record=True) as _caught:\n"
        "    warnings.simplefilter('always')\n    old_way()\nassert len(_caught) == 1",
        "import warnings\n\ndef old_way():\n    warnings.warn('old')",
        "def old_way():\n    pass",
    ),
    Idiom(
        "TypeError for a wrong kind of argument",
        "import pytest\nwith pytest.raises(TypeError):\n    add_texts('a', 1)",
        "def add_texts(a, b):\n    return a + b",
        "def add_texts(a, b):\n    return f'{a}{b}'",
    ),
    Idiom(
        "AttributeError of a missing attribute",
        "import pytest\nwith pytest.raises(AttributeError):\n    ask_for_name(3)",
        "def ask_for_name(x):\n    return x.name",
        "def ask_for_name(x):\n    return None",
    ),
    Idiom(
        "an assertion in the answer",
        "import pytest\nwith pytest.raises(AssertionError):\n    positive_only(-2)",
        "def positive_only(x):\n    assert x > 0\n    return x",
        "def positive_only(x):\n    return x",
    ),
]

CLASSES = [
    Idiom(
        "an attribute of an instance",
        "assert Dog('rex').name == 'rex'",
        "class Dog:\n    def __init__(self, name):\n        self.name = name",
        "class Dog:\n    def __init__(self, name):\n        self.name = 'dog'",
    ),
    Idiom(
        "a method",
        "assert Counter5().up(2) == 7",
        "class Counter5:\n    def up(self, n):\n        return 5 + n",
        "class Counter5:\n    def up(self, n):\n        return n",
    ),
    Idiom(
        "state between calls",
        "_account = Account()\n_account.pay(3)\n_account.pay(4)\nassert _account.balance == 7",
        "class Account:\n    balance = 0\n    def pay(self, n):\n        self.balance += n",
        "class Account:\n    balance = 0\n    def pay(self, n):\n        self.balance = n",
    ),
    Idiom(
        "isinstance of the student's class",
        "assert isinstance(make_cat(), Cat)",
        "class Cat:\n    pass\n\ndef make_cat():\n    return Cat()",
        "class Cat:\n    pass\n\ndef make_cat():\n    return None",
    ),
    Idiom(
        "inheritance",
        "assert issubclass(Square, Shape)",
        "class Shape:\n    pass\n\nclass Square(Shape):\n    pass",
        "class Shape:\n    pass\n\nclass Square:\n    pass",
    ),
    Idiom(
        "an operator",
        "assert (Vector2(1, 2) + Vector2(3, 4)).y == 6",
        "class Vector2:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "    def __add__(self, o):\n        return Vector2(self.x + o.x, self.y + o.y)",
        "class Vector2:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "    def __add__(self, o):\n        return self",
    ),
    Idiom(
        "str and repr",
        "assert str(Money(3)) == '3 euro'",
        "class Money:\n    def __init__(self, n):\n        self.n = n\n"
        "    def __str__(self):\n        return f'{self.n} euro'",
        "class Money:\n    def __init__(self, n):\n        self.n = n",
    ),
    Idiom(
        "a dataclass",
        "assert Point3(1, 2) == Point3(1, 2)",
        "from dataclasses import dataclass\n\n@dataclass\nclass Point3:\n    x: int\n    y: int",
        "class Point3:\n    def __init__(self, x, y):\n        self.x, self.y = x, y",
    ),
    Idiom(
        "a named tuple",
        "assert city.name == 'Oslo' and city[1] == 5",
        "from collections import namedtuple\ncity = namedtuple('City', 'name size')('Oslo', 5)",
        "from collections import namedtuple\ncity = namedtuple('City', 'name size')('Rome', 5)",
    ),
    Idiom(
        "an enumeration",
        "assert Colour['RED'].value == 1",
        "import enum\n\nclass Colour(enum.Enum):\n    RED = 1",
        "import enum\n\nclass Colour(enum.Enum):\n    RED = 2",
    ),
    Idiom(
        "an iterable of the student's",
        "assert [v for v in Evens(3)] == [0, 2, 4]",
        "class Evens:\n    def __init__(self, n):\n        self.n = n\n"
        "    def __iter__(self):\n        return iter([2 * i for i in range(self.n)])",
        "class Evens:\n    def __init__(self, n):\n        self.n = n\n"
        "    def __iter__(self):\n        return iter([])",
    ),
    Idiom(
        "a context manager",
        "with Opened() as _opened:\n    assert _opened.is_open\nassert not _opened.is_open",
        "class Opened:\n    is_open = False\n    def __enter__(self):\n"
        "        self.is_open = True\n        return self\n"
        "    def __exit__(self, *error):\n        self.is_open = False",
        "class Opened:\n    is_open = False\n    def __enter__(self):\n        return self\n"
        "    def __exit__(self, *error):\n        pass",
    ),
    Idiom(
        "a property",
        "assert Circle2(2).diameter == 4",
        "class Circle2:\n    def __init__(self, r):\n        self.r = r\n    @property\n"
        "    def diameter(self):\n        return 2 * self.r",
        "class Circle2:\n    def __init__(self, r):\n        self.r = r\n"
        "    def diameter(self):\n        return 2 * self.r",
    ),
    Idiom(
        "a subclass made by the test",
        "class _Loud(Speaker):\n    word = 'HEY'\n\nassert _Loud().speak() == 'HEY'",
        "class Speaker:\n    word = 'hey'\n    def speak(self):\n        return self.word",
        "class Speaker:\n    word = 'hey'\n    def speak(self):\n        return 'hey'",
    ),
    Idiom(
        "hasattr",
        "assert hasattr(Robot(), 'walk')",
        "class Robot:\n    def walk(self):\n        pass",
        "class Robot:\n    pass",
    ),
]

SOURCES = [
    Idiom(
        "inspect.getsource",
        "import inspect\nassert 'for' in inspect.getsource(with_loop)",
        "def with_loop(values):\n    t = 0\n    for v in values:\n        t += v\n    return t",
        "def with_loop(values):\n    return sum(values)",
    ),
    Idiom(
        "names in a code object",
        "assert 'sum' not in without_sum.__code__.co_names",
        "def without_sum(values):\n    t = 0\n    for v in values:\n        t += v\n    return t",
        "def without_sum(values):\n    return sum(values)",
    ),
    Idiom(
        "a syntax tree",
        "import ast, inspect\n"
        "assert any(isinstance(n, ast.While) for n in ast.walk(ast.parse("
        "inspect.getsource(with_while))))",
        "def with_while(n):\n    while n:\n        n -= 1\n    return n",
        "def with_while(n):\n    return 0",
    ),
    Idiom(
        "the history of inputs",
        "assert any('magic_' + 'word' in cell for cell in In)",
        "magic_word = 1",
        "other_word = 1",
    ),
    Idiom(
        "a forbidden builtin taken away",
        "import builtins\n_sorted, builtins.sorted = builtins.sorted, None\n"
        "try:\n    assert own_sort([2, 1]) == [1, 2]\nfinally:\n    builtins.sorted = _sorted",
        "def own_sort(values):\n    values = list(values)\n    values.sort()\n    return values",
        "def own_sort(values):\n    return sorted(values)",
    ),
    Idiom(
        "a forbidden function replaced",
        "from unittest import mock\nimport numpy\n"
        "with mock.patch.object(numpy, 'mean', side_effect=AssertionError):\n"
        "    assert own_mean([1, 3]) == 2",
        "def own_mean(values):\n    return sum(values) / len(values)",
        "import numpy\n\ndef own_mean(values):\n    return numpy.mean(values)",
    ),
    Idiom(
        "the name of a function",
        "assert named_so.__name__ == 'named_so'",
        "def named_so():\n    pass",
        "named_so = lambda: None",
    ),
]

PRINTS = [
    Idiom(
        "redirect_stdout",
        "import contextlib, io\n_out = io.StringIO()\nwith contextlib.redirect_stdout(_out):\n"
        "    say_hello()\nassert _out.getvalue() == 'hello\\n'",
        "def say_hello():\n    print('hello')",
        "def say_hello():\n    return 'hello'",
    ),
    Idiom(
        "sys.stdout replaced",
        "import io, sys\n_old, sys.stdout = sys.stdout, io.StringIO()\ntry:\n    say_bye()\n"
        "    _text = sys.stdout.getvalue()\nfinally:\n    sys.stdout = _old\n"
        "assert 'bye' in _text",
        "def say_bye():\n    print('bye')",
        "def say_bye():\n    pass",
    ),
    Idiom(
        "IPython's capture_output",
        "from IPython.utils.capture import capture_output\nwith capture_output() as _shown:\n"
        "    show_three()\nassert _shown.stdout.split() == ['1', '2', '3']",
        "def show_three():\n    print(1, 2, 3)",
        "def show_three():\n    print(1, 2)",
    ),
    Idiom(
        "print replaced by a mock",
        "from unittest import mock\nwith mock.patch('builtins.print') as _print:\n"
        "    print_once('a')\n_print.assert_called_once_with('a')",
        "def print_once(x):\n    print(x)",
        "def print_once(x):\n    print(x, x)",
    ),
    Idiom(
        "input replaced",
        "from unittest import mock\nwith mock.patch('builtins.input', return_value='4'):\n"
        "    assert ask_number() == 4",
        "def ask_number():\n    return int(input('number? '))",
        "def ask_number():\n    return 3",
    ),
]

FILES = [
    Idiom(
        "a file that the answer writes",
        "import os\nassert os.path.exists('written.txt')",
        "with open('written.txt', 'w') as file:\n    file.write('x')",
        "file_name = 'written.txt'",
    ),
    Idiom(
        "the content of a written file",
        "with open('content.txt') as _file:\n    assert _file.read() == 'abc'",
        "with open('content.txt', 'w') as file:\n    file.write('abc')",
        "with open('content.txt', 'w') as file:\n    file.write('ab')",
    ),
    Idiom(
        "a function that writes where the test says",
        "import pathlib, tempfile\nwith tempfile.TemporaryDirectory() as _folder:\n"
        "    save_text(str(pathlib.Path(_folder, 'a')), 'hi')\n"
        "    assert pathlib.Path(_folder, 'a').read_text() == 'hi'",
        "def save_text(path, text):\n    with open(path, 'w') as file:\n        file.write(text)",
        "def save_text(path, text):\n    pass",
    ),
    Idiom(
        "a file that the test writes",
        "with open('for_answer.txt', 'w') as _file:\n    _file.write('a b c')\n"
        "assert count_words('for_answer.txt') == 3",
        "def count_words(path):\n    with open(path) as file:\n"
        "        return len(file.read().split())",
        "def count_words(path):\n    return 1",
    ),
    Idiom(
        "an open file as argument",
        "import io\nassert first_line(io.StringIO('one\\ntwo')) == 'one'",
        "def first_line(file):\n    return file.readline().strip()",
        "def first_line(file):\n    return file.read()",
    ),
]

ARRAYS = [
    Idiom(
        "np.allclose",
        "import numpy as np\nassert np.allclose(np_thirds, [1 / 3, 2 / 3])",
        "import numpy as np\nnp_thirds = np.array([1, 2]) / 3",
        "import numpy as np\nnp_thirds = np.array([1, 2])",
    ),
    Idiom(
        "np.testing",
        "import numpy as np\nnp.testing.assert_array_equal(np_eye, [[1, 0], [0, 1]])",
        "import numpy as np\nnp_eye = np.eye(2)",
        "import numpy as np\nnp_eye = np.ones((2, 2))",
    ),
    Idiom(
        "a shape",
        "assert np_box.shape == (2, 3)",
        "import numpy as np\nnp_box = np.zeros((2, 3))",
        "import numpy as np\nnp_box = np.zeros((3, 2))",
    ),
    Idiom(
        "a dtype",
        "import numpy as np\nassert np_small.dtype == np.float32",
        "import numpy as np\nnp_small = np.zeros(2, np.float32)",
        "import numpy as np\nnp_small = np.zeros(2)",
    ),
    Idiom(
        "isinstance of ndarray",
        "import numpy as np\nassert isinstance(np_made([1]), np.ndarray)",
        "import numpy as np\n\ndef np_made(values):\n    return np.array(values)",
        "def np_made(values):\n    return values",
    ),
    Idiom(
        "arrays as arguments",
        "import numpy as np\n_a = np.random.default_rng(0).normal(size=(3, 4))\n"
        "assert np.allclose(np_column_sums(_a), _a.sum(axis=0))",
        "def np_column_sums(a):\n    return a.sum(axis=0)",
        "def np_column_sums(a):\n    return a.sum(axis=1)",
    ),
    Idiom(
        "an array changed in place",
        "import numpy as np\n_b = np.zeros((2, 2))\nnp_fill(_b)\nassert _b.trace() == 2",
        "import numpy as np\n\ndef np_fill(a):\n    np.fill_diagonal(a, 1)",
        "import numpy as np\n\ndef np_fill(a):\n    return np.eye(2)",
    ),
    Idiom(
        "a view",
        "import numpy as np\n_c = np.arange(4)\nassert np.shares_memory(np_half(_c), _c)",
        "def np_half(a):\n    return a[:2]",
        "def np_half(a):\n    return a[:2].copy()",
    ),
    Idiom(
        "object arrays",
        "assert np_words[1] == 'b'",
        "import numpy as np\nnp_words = np.array(['a', 'b'], dtype=object)",
        "import numpy as np\nnp_words = np.array(['a', 'c'], dtype=object)",
    ),
    Idiom(
        "a NumPy scalar",
        "assert float(np_mean_of([1, 2])) == 1.5",
        "import numpy as np\n\ndef np_mean_of(values):\n    return np.mean(values)",
        "import numpy as np\n\ndef np_mean_of(values):\n    return np.max(values)",
    ),
    Idiom(
        "a boolean mask",
        "import numpy as np\nassert np_mask(np.array([1, -1])).tolist() == [True, False]",
        "def np_mask(a):\n    return a > 0",
        "def np_mask(a):\n    return a < 0",
    ),
    Idiom(
        "a sparse matrix",
        "assert sparse_eye.nnz == 3",
        "import scipy.sparse\nsparse_eye = scipy.sparse.eye(3).tocsr()",
        "import scipy.sparse\nsparse_eye = scipy.sparse.eye(2).tocsr()",
    ),
    Idiom(
        "a tensor",
        "import torch\nassert torch.equal(torch_ones, torch.ones(2))",
        "import torch\ntorch_ones = torch.ones(2)",
        "import torch\ntorch_ones = torch.zeros(2)",
    ),
    Idiom(
        "parameters of a network",
        "assert sum(p.numel() for p in torch_net.parameters()) == 6",
        "import torch\ntorch_net = torch.nn.Linear(2, 2)",
        "import torch\ntorch_net = torch.nn.Linear(3, 2)",
    ),
    Idiom(
        "a fitted estimator",
        "assert abs(line_model.coef_[0] - 2) < 1e-6",
        "from sklearn.linear_model import LinearRegression\n"
        "line_model = LinearRegression().fit([[0], [1]], [0, 2])",
        "from sklearn.linear_model import LinearRegression\n"
        "line_model = LinearRegression().fit([[0], [1]], [0, 3])",
    ),
    Idiom(
        "predictions of an estimator",
        "assert round(fit_model([[0], [1]], [1, 3]).predict([[2]])[0], 6) == 5",
        "from sklearn.linear_model import LinearRegression\n\n"
        "def fit_model(x, y):\n    return LinearRegression().fit(x, y)",
        "from sklearn.linear_model import LinearRegression\n\n"
        "def fit_model(x, y):\n    return LinearRegression(fit_intercept=False).fit(x, y)",
    ),
]

TABLES = [
    Idiom(
        "columns of a data frame",
        "assert list(df_people.columns) == ['name', 'age']",
        "import pandas as pd\ndf_people = pd.DataFrame({'name': ['a'], 'age': [3]})",
        "import pandas as pd\ndf_people = pd.DataFrame({'name': ['a']})",
    ),
    Idiom(
        "pandas.testing",
        "import pandas as pd\n"
        "pd.testing.assert_frame_equal(df_squares, pd.DataFrame({'x': [1, 4]}))",
        "import pandas as pd\ndf_squares = pd.DataFrame({'x': [1, 4]})",
        "import pandas as pd\ndf_squares = pd.DataFrame({'x': [1, 5]})",
    ),
    Idiom(
        "a series",
        "assert df_ages.mean() == 2",
        "import pandas as pd\ndf_ages = pd.Series([1, 3])",
        "import pandas as pd\ndf_ages = pd.Series([1, 4])",
    ),
    Idiom(
        "a data frame as argument",
        "import pandas as pd\nassert df_total(pd.DataFrame({'x': [1, 2]})) == 3",
        "def df_total(df):\n    return int(df['x'].sum())",
        "def df_total(df):\n    return int(df['x'].max())",
    ),
]

FIGURES = [
    Idiom(
        "the title of axes",
        "assert fig_axes.get_title() == 'Sine'",
        "import matplotlib.pyplot as plt\n_, fig_axes = plt.subplots()\nfig_axes.set_title('Sine')",
        "import matplotlib.pyplot as plt\n_, fig_axes = plt.subplots()",
    ),
    Idiom(
        "axes that a function returns",
        "assert len(fig_lines().lines) == 2",
        "import matplotlib.pyplot as plt\n\ndef fig_lines():\n    _, axes = plt.subplots()\n"
        "    axes.plot([1])\n    axes.plot([2])\n    return axes",
        "import matplotlib.pyplot as plt\n\ndef fig_lines():\n    _, axes = plt.subplots()\n"
        "    return axes",
    ),
    Idiom(
        "the current figure",
        "import matplotlib.pyplot as plt\nfig_draw()\nassert plt.gcf().axes[0].get_xlabel() == 't'",
        "import matplotlib.pyplot as plt\n\ndef fig_draw():\n    plt.figure()\n    plt.xlabel('t')",
        "import matplotlib.pyplot as plt\n\ndef fig_draw():\n    plt.figure()\n    plt.ylabel('t')",
    ),
]

TIME_AND_CHANCE = [
    Idiom(
        "time that a call takes",
        "import time\n_start = time.perf_counter()\nfast_enough()\n"
        "assert time.perf_counter() - _start < 0.5",
        "def fast_enough():\n    pass",
        "import time\n\ndef fast_enough():\n    time.sleep(0.7)",
    ),
    Idiom(
        "random.seed before a call",
        "import random\nrandom.seed(1)\n_first = roll()\nrandom.seed(1)\nassert roll() == _first",
        "import random\n\ndef roll():\n    return random.random()",
        "import random\n_own = random.Random()\n\ndef roll():\n    return _own.random()",
    ),
    Idiom(
        "the value after random.seed",
        "import random\nrandom.seed(0)\nassert number() == 885441",
        "import random\n\ndef number():\n    return random.randint(1, 10 ** 6)",
        "def number():\n    return 7",
    ),
    Idiom(
        "np.random.seed before a call",
        "import numpy as np\nnp.random.seed(0)\nassert abs(np_draw() - 0.5488135) < 1e-6",
        "import numpy as np\n\ndef np_draw():\n    return np.random.rand()",
        "import numpy as np\n\ndef np_draw():\n    return 0.5",
    ),
    Idiom(
        "a generator as argument",
        "import numpy as np\n"
        "assert np_sample(np.random.default_rng(3)) == np.random.default_rng(3).integers(9)",
        "def np_sample(rng):\n    return rng.integers(9)",
        "def np_sample(rng):\n    return 10",
    ),
    Idiom(
        "a statistical property",
        "assert 400 < sum(coin() for _ in range(1000)) < 600",
        "import random\n\ndef coin():\n    return random.random() < 0.5",
        "def coin():\n    return 1",
    ),
]

FRAMEWORKS = [
    Idiom(
        "unittest.TestCase methods",
        "import unittest\n_t = unittest.TestCase()\n_t.assertEqual(tc_add(1, 2), 3)\n"
        "_t.assertAlmostEqual(tc_add(0.1, 0.2), 0.3)",
        "def tc_add(a, b):\n    return a + b",
        "def tc_add(a, b):\n    return a",
    ),
    Idiom(
        "a TestCase class that is run",
        "import io, unittest\n\nclass _TestMul(unittest.TestCase):\n    def test_it(self):\n"
        "        self.assertEqual(tc_mul(2, 3), 6)\n\n"
        "_result = unittest.TextTestRunner(io.StringIO()).run("
        "unittest.defaultTestLoader.loadTestsFromTestCase(_TestMul))\n"
        "assert _result.wasSuccessful()",
        "def tc_mul(a, b):\n    return a * b",
        "def tc_mul(a, b):\n    return a + b",
    ),
    Idiom(
        "a doctest of the answer",
        "import doctest\n_finder = doctest.DocTestFinder().find(dt_inc, 'dt_inc', "
        "globs={'dt_inc': dt_inc})\n"
        "assert _finder and doctest.DocTestRunner().run(_finder[0]).failed == 0",
        'def dt_inc(x):\n    """Add one.\n\n    >>> dt_inc(1)\n    2\n    """\n    return x + 1',
        'def dt_inc(x):\n    """Add one.\n\n    >>> dt_inc(1)\n    2\n    """\n    return x',
    ),
    Idiom(
        "a mock as argument",
        "from unittest import mock\n_button = mock.Mock()\npress(_button)\n"
        "_button.click.assert_called_once()",
        "def press(button):\n    button.click()",
        "def press(button):\n    pass",
    ),
    Idiom(
        "an exception group of checks",
        "_failed = [n for n in range(3) if check_each(n) != n + 1]\nassert not _failed, _failed",
        "def check_each(n):\n    return n + 1",
        "def check_each(n):\n    return n",
    ),
    Idiom(
        "a module of the answer",
        "import sys\nassert 'colorsys' in sys.modules and rgb == (1.0, 1.0, 1.0)",
        "import colorsys\nrgb = colorsys.hsv_to_rgb(0, 0, 1.0)",
        "rgb = (1, 1, 0)",
    ),
    Idiom(
        "an alias of a module",
        "assert stats_alias.mean([1, 3]) == 2",
        "import statistics as stats_alias",
        "import math as stats_alias",
    ),
    Idiom(
        "an environment variable",
        "import os\nassert os.environ.get('ANSWER_MODE') == 'on'",
        "import os\nos.environ['ANSWER_MODE'] = 'on'",
        "import os\nos.environ['ANSWER_MODE'] = 'off'",
    ),
    Idiom(
        "partial points by a printed number",
        "print(0.5 if partly == 1 else 0)\nassert partly in (1, 2)",
        "partly = 2",
        "partly = 3",
    ),
]

IDIOMS = {
    "Plain values": VALUES,
    "Functions": FUNCTIONS,
    "Exceptions and warnings": EXCEPTIONS,
    "Classes": CLASSES,
    "Sources": SOURCES,
    "What is printed and asked for": PRINTS,
    "Files": FILES,
    "Arrays, tensors, estimators": ARRAYS,
    "Tables": TABLES,
    "Figures": FIGURES,
    "Time and chance": TIME_AND_CHANCE,
    "Test tools": FRAMEWORKS,
}
