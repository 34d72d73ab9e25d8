"""How text that others chose is shown: the names of students, files, folders and exceptions.

A name may hold anything: escape sequences that a terminal obeys, line breaks, bytes that are no
text, a formula for a spreadsheet, or ten million letters.
"""

import unicodedata
from pathlib import Path

LONGEST = 60  # characters of a name
TAIL = 9  # of them from its end, where the suffix of a file stands
FORMULA_SIGNS = "=+-@"


def show_name(name, longest=LONGEST):
    """Return a name as one line of text that can be printed and saved anywhere.

    Parameters
    ----------
    name : str
    longest : int or None
        A longer name loses its middle; None: show all of it.
    """
    name = str(name)
    if longest and len(name) > 2 * longest:  # so that a huge name costs no more than a long one
        name = name[:longest] + name[-longest:]
    text = escape(name)
    if longest and len(text) > longest:
        text = f"{text[: longest - TAIL - 1]}…{text[-TAIL:]}"
    return text


def show_path(path):
    """Return a path as one line of text, each of its parts as `show_name` has it."""
    return str(Path(*map(show_name, Path(path).parts)))


def escape(text, keep=""):
    r"""Return text in which characters that cannot be seen are written out, such as ``\x1b``.

    Bytes of a file's name that are no UTF-8 come out as ``\xe9``. Characters in ``keep`` stay.
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in keep else _escaped(letter) for letter in text
    )


def csv_cell(text):
    """Return text that no spreadsheet takes for a formula: with a ``'`` before where it might."""
    # some programs also take the wide forms of the signs, such as U+FF1D
    first = unicodedata.normalize("NFKC", text[:1])
    return f"'{text}" if first and first in FORMULA_SIGNS else text


def _escaped(letter):
    if "\udc80" <= letter <= "\udcff":  # how Python has a byte of a name that it cannot decode
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")
