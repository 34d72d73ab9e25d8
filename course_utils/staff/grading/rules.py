"""Why a test cannot be decided from plain data, and what to write instead."""

import re
from typing import NamedTuple

WHAT_NEXT = (
    "cells that cannot be decided: grade them in the formgrader, list them under stock_trust in "
    "course.toml (docs/engine.md#what-cannot-be-decided), or write other tests (docs/idioms.md)"
)


class Rule(NamedTuple):
    """What a test does that does not cross between two processes.

    Attributes
    ----------
    name : str
        Behind "it".
    instead : str
        What to write instead; Markdown.
    in_error, in_test : str
        Patterns: what the error of such a test says, or else its text.
    """

    name: str
    instead: str
    in_error: str = ""
    in_test: str = ""


REPLACES = Rule(
    "replaces what student code calls",
    "Give it to the student's function as an argument of plain data. `check.forbids` tells whether "
    "a function is used that is not allowed.",
    in_test=r"\bpatch\b|\bmonkeypatch\b|\binput\b",
)
OBJECT = Rule(
    "uses an object of the student's that is no plain data",
    "Let a function or a variable of the answer hold numbers, text, lists, dicts or arrays: "
    "`balance([3, 4])` and not `Account().pay(3)`, `frame.to_dict('list')` and not `frame`.",
    in_error=r"while grading|classes that do not inherit from BaseException|StudentFunction"
    r"|NotPlainData|run\.proxies\.\w+|coroutine can't be used|'tuple' object has no attribute",
    in_test=r"\bhasattr\(|\bgetattr\(",
)
CHANGES = Rule(
    "asks whether student code has changed an argument",
    "Let the function return what it has changed; `check.keeps_contract` tells whether arguments "
    "stay as they are.",
)
SHARES = Rule(
    "shares a variable with student code",
    "Give its value to the student's function, and let the function return what comes of it.",
)
FAILS = Rule(
    "needs an answer that fails in the sandbox",
    "An answer that does without shell commands, other processes and the network.",
)
OTHER = Rule(
    "passes only in one process with the answers",
    "Compare plain data: numbers, text, lists, dicts, arrays and tensors; of anything else, what "
    "`str` or `list` make of it in the answer.",
)
# the first that fits; what errors say goes before what tests say
RULES = (
    Rule(
        "reads the source of student code, or what documents it",
        "Call the function. `check.forbids` reads the source for names that are not allowed.",
        in_error=r"attribute '__(code|doc|annotations|defaults|closure)__'",
        in_test=r"\bgetsource|\b__(code|doc|annotations)__|\bdoctest\b|\bin In\b",
    ),
    Rule(
        "looks at figures that student code draws",
        "Let the answer keep or return the numbers that it draws, and test those.",
        in_error=r"<(Axes|Figure|Line2D)\w* object",
        in_test=r"\bgc[af]\(|\bget_fignums\b|\.axes\b",
    ),
    Rule(
        "gives more than plain data to student code",
        "Give numbers, text, lists, dicts, arrays or tensors: a seed instead of a generator, the "
        "columns of a table, the name of a given function.",
        in_error=r"^\w+: a test gives ",
    ),
    Rule(
        "needs more, or other, data than crosses between two processes",
        "Let a function of the answer return a part of it, its length or its sum.",
        in_error=r"cannot be read|too many values",
    ),
    OBJECT,
    Rule(
        "captures what student code prints",
        "Let the answer return the text.",
        in_test=r"\bredirect_std|\bcapture_output|%%capture|\bcapsys\b|\bsys\.stdout\b",
    ),
    REPLACES,
    Rule(
        "asks for the type of a student's object",
        "Compare what a function of the answer returns.",
        in_test=r"\bisinstance\(|\bissubclass\(|\btype\(",
    ),
    Rule(
        "asks for a warning of student code",
        "Ask for an exception, or for a result that says so.",
        in_test=r"\bcatch_warnings\b|\bpytest\.warns\b|\bassertWarns",
    ),
    Rule(
        "seeds what student code draws from",
        "A parameter of the student's function for the seed; or a property that every seed has.",
        in_test=r"\bseed\(|\bdefault_rng\b|\bRandomState\b|\bmanual_seed\b",
    ),
    Rule(
        "shares files with student code",
        "Give and return the content. A file that both only read lies beside the source notebook.",
        in_test=r"\bopen\(|\.(read|write)_(text|bytes)\(|\bos\.path\b|\btempfile\b|\bPath\(",
    ),
    Rule(
        "looks into the student's process",
        "Use the name itself: a test that misses it fails.",
        in_test=r"\b(globals|locals|vars|dir)\(|\bos\.(environ|getenv)\b|\bsys\.modules\b",
    ),
    Rule(
        "asks whether two objects are one",
        "Compare values. `check.keeps_contract` with `new=True` tells a new array from a view.",
        in_test=r"\bassert\b.* is (not )?(?!None\b|True\b|False\b)|\bassertIs\(|shares_memory\(",
    ),
)
EVERY_RULE = (*RULES, CHANGES, SHARES, FAILS, OTHER)


def by_error(message):
    """Return the rule that the error of a test tells, or None."""
    return next((r for r in RULES if r.in_error and re.search(r.in_error, message)), None)


def by_text(source):
    """Return the rule that the text of a test tells, or None."""
    return next((r for r in RULES if r.in_test and re.search(r.in_test, source)), None)
