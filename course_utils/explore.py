"""What the ungraded parts of a notebook share: guesses, optional libraries, and grading mode.

This module is the one place that decides what is skipped when nbgrader grades a notebook.
"""

import importlib
import os

import numpy as np


def is_grading():
    """Whether nbgrader is autograding this notebook (it sets ``NBGRADER_EXECUTION``).

    Figures, animations, sliders and optional libraries are left out then: nobody looks at them
    and a whole class is graded sooner.

    Returns
    -------
    bool
    """
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def optional(name):
    """Import a library that a notebook can do without.

    Parameters
    ----------
    name : str
        A module's name, for example ``"torch"``.

    Returns
    -------
    module or None
        ``None`` where the library cannot be imported, and while grading.
    """
    return None if is_grading() or why_missing(name) else importlib.import_module(name)


def why_missing(name):
    """Say in one line why a library cannot be imported; an empty text where it can.

    It is imported to find out: one that is installed may still lack a file that it loads.
    """
    try:
        importlib.import_module(name)
    except Exception as error:  # a broken library may raise anything
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            return f"{name} is not installed here"
        first = (str(error).splitlines() or [""])[0]
        return f"{name} cannot be loaded here: {type(error).__name__}: {first}"
    return ""


def reveal(guess, answer):
    """Print the answer to a prediction beside the guess.

    Parameters
    ----------
    guess : number, list, tuple, array or str
        What the reader predicted; ``...`` (Python's Ellipsis), alone or inside a tuple or list,
        stands for no guess yet.
    answer : number, list, tuple, array or str
        What is true. Numbers count as equal within 1 %.
    """
    unfinished = isinstance(guess, (tuple, list)) and any(part is ... for part in guess)
    if guess is ... or unfinished:
        print(f"No guess yet. The answer: {_plain(answer)}")
    elif _same(guess, answer):
        print(f"Your guess: {_plain(guess)}. Spot on!")
    else:
        print(f"Your guess: {_plain(guess)}. The answer: {_plain(answer)}")


def _plain(value):
    """``value`` as a reader would write it: no ``np.float64(…)``, no trailing digits."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (tuple, list)):
        return type(value)(_plain(part) for part in value)
    return round(value, 6) if isinstance(value, float) else value


def _same(guess, answer):
    """Whether a guess counts as right; one of another kind or shape does not."""
    if isinstance(guess, str) and isinstance(answer, str):
        return guess.strip().lower() == answer.strip().lower()
    try:
        guess, answer = np.asarray(guess, dtype=float), np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return False
    return guess.shape == answer.shape and bool(np.allclose(guess, answer, rtol=0.01))
