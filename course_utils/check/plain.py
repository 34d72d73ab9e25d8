"""Turn whatever a student's code returned into plain data, without asking the object itself.

Plain data are ``None``, bool, int, float, str, list, dict and ``numpy.ndarray`` of exactly these
types. Types are told by ``type(value)`` and contents read by the base type's own methods, so that
a subclass with its own ``__eq__``, ``__array__``, ``__iter__`` or ``__class__`` changes nothing.
"""

import sys

import numpy as np

# Bound here, before any student code runs, so that a patched builtin or numpy changes nothing.
_type, _issubclass, _len, _list = type, issubclass, len, list
_ndarray, _generic = np.ndarray, np.generic
_view, _copy, _item, _tolist = np.ndarray.view, np.ndarray.copy, np.generic.item, np.ndarray.tolist
_dtype = np.generic.dtype.__get__
_longdouble = np.longdouble

DEEPEST = 20
LONGEST_INT_BITS = 12_000
LONGEST_RANGE = 1_000_000  # a range costs nothing, the list of its numbers does
NUMERIC_KINDS = "biuf"


class NotPlain(Exception):
    """A value that is not plain data; the message says what it is instead."""


def to_plain(value, depth=0):
    """Return a copy of ``value`` made of plain data only.

    Tuples and ranges become lists; NumPy scalars become Python numbers; array subclasses and
    torch tensors become exact arrays.

    Raises
    ------
    NotPlain
        For anything else: functions, generators, sets, complex numbers, dates, objects of a class
        of one's own, ints of thousands of digits, lists nested more than 20 deep.
    """
    kind = _type(value)
    if value is None or kind in (bool, float, str):
        return value
    if depth > DEEPEST:
        raise NotPlain(f"is nested more than {DEEPEST} deep")
    if _issubclass(kind, _ndarray):
        return _plain_array(_copy(_view(value, _ndarray)), depth)
    if _issubclass(kind, _generic):
        if _dtype(value).kind not in "biufU":
            raise NotPlain(f"is {_article(kind.__name__)}")
        if _issubclass(kind, _longdouble):  # whose item() is itself
            return _longdouble.__float__(value)
        return to_plain(_item(value), depth + 1)
    if _issubclass(kind, int):
        number = int.__add__(value, 0)
        if number.bit_length() > LONGEST_INT_BITS:
            raise NotPlain("is an int of thousands of digits")
        return number
    if _issubclass(kind, float):
        return float.__add__(value, -0.0)  # which keeps -0.0 as it is
    if _issubclass(kind, str):
        return str.__add__(value, "")
    if _issubclass(kind, list):
        return [to_plain(entry, depth + 1) for entry in list.__iter__(value)]
    if _issubclass(kind, tuple):
        return [to_plain(entry, depth + 1) for entry in tuple.__iter__(value)]
    if kind is range:
        if _len(value) > LONGEST_RANGE:
            raise NotPlain(f"is a range of {_len(value)} numbers")
        return _list(value)
    if _issubclass(kind, dict):
        return {to_plain_key(key): to_plain(entry, depth + 1) for key, entry in dict.items(value)}
    torch = sys.modules.get("torch")
    if torch is not None and _issubclass(kind, torch.Tensor):
        return _plain_array(tensor_to_array(torch, value), depth)
    raise NotPlain(f"is {_article(kind.__name__)}")


def tensor_to_array(torch, tensor):
    """Return a torch tensor's numbers as an exact array; bfloat16, which NumPy lacks, as float32.

    Raises
    ------
    NotPlain
        It is sparse, quantised or without data.
    """
    with torch._C.DisableTorchFunctionSubclass():
        plain = torch.Tensor.detach(tensor)
        try:
            if plain.dtype is torch.bfloat16:
                plain = torch.Tensor.float(plain)
            return torch.Tensor.numpy(plain, force=True)
        except (TypeError, RuntimeError):
            layout = str(plain.layout).removeprefix("torch.")
            what = f"a {layout} tensor of {plain.dtype} on {plain.device}"
    raise NotPlain(f"is {what}, which has no array of numbers")


def to_plain_key(key):
    """Return a dict key as a str, int, float, bool, None or a tuple of these."""
    plain = to_plain(key)
    if _type(plain) is list:
        return tuple(to_plain_key(entry) for entry in plain)
    if _type(plain) in (_ndarray, dict):
        raise NotPlain("has a dict key that is not a string or number")
    return plain


def to_numeric_array(plain):
    """Return plain data as a float64 array, or ``None`` where it is not one block of numbers.

    Integers beyond 2**53 lose their last digits, as in any float64.
    """
    if _type(plain) is _ndarray:
        return plain.astype(np.float64) if plain.dtype.kind in NUMERIC_KINDS else None
    if _type(plain) in (bool, int, float):
        return _new_array(plain)
    if _type(plain) is not _list:
        return None
    rows = [to_numeric_array(entry) for entry in plain]
    if any(row is None for row in rows) or any(row.shape != rows[0].shape for row in rows):
        return None
    stacked = np.ndarray((_len(rows), *(rows[0].shape if rows else ())), dtype=np.float64)
    for index, row in enumerate(rows):
        stacked[index] = row
    return stacked


def _new_array(number):
    array = np.ndarray((), dtype=np.float64)
    try:
        array[()] = number
    except OverflowError:  # an int beyond every float
        array[()] = np.inf if number > 0 else -np.inf
    return array


def _plain_array(array, depth):
    if array.dtype.kind in NUMERIC_KINDS:
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind in "OU":
        return to_plain(_tolist(array), depth + 1)
    raise NotPlain(f"is an array of {array.dtype}")


def _article(noun):
    if noun.startswith(("a ", "an ")):  # of what stands for a value that is elsewhere
        return noun
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
