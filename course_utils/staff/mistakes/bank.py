"""A bank of mistakes: the known wrong versions of one function."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """A wrong version of a function.

    ``name`` is kebab-case; ``hint`` one or two sentences to the student, who sees it when the
    result of the own function equals that of ``function``.
    """

    name: str
    hint: str
    function: object


class MistakeBank:
    """The mistakes of one function, in the order in which they are tried.

    ``reference`` is the right version. ``add`` is a decorator: the name of the wrong function,
    with dashes for underscores, names the mistake.
    """

    def __init__(self, reference):
        self.reference = reference
        self.mistakes = []

    def add(self, hint):
        """Return a decorator that records a wrong version with the hint for it."""

        def record(function):
            name = function.__name__.strip("_").replace("_", "-")
            if any(mistake.name == name for mistake in self.mistakes):
                raise ValueError(
                    f"{self.reference.__name__} has a mistake called {name!r} already; "
                    "names within a bank differ"
                )
            self.mistakes.append(Mistake(name, hint, function))
            return function

        return record

    def __iter__(self):
        return iter(self.mistakes)

    def __len__(self):
        return len(self.mistakes)


def banks(module):
    """Return ``{function name: bank}`` for the banks that a module of mistakes defines."""
    return {name: bank for name, bank in vars(module).items() if isinstance(bank, MistakeBank)}
