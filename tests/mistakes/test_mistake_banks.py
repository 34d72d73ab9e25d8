"""The banks of every tutorial hold several mistakes, and their hints read as sentences."""

import importlib
import pkgutil

import pytest

from course_utils.staff import mistakes
from course_utils.staff.mistakes.bank import banks

BANKS = [
    pytest.param(bank, id=f"{module.name}-{name}")
    for module in pkgutil.iter_modules(mistakes.__path__)
    for name, bank in banks(importlib.import_module(f"{mistakes.__name__}.{module.name}")).items()
]


@pytest.mark.parametrize("bank", BANKS)
def test_every_function_has_several_mistakes_with_hints_that_read_as_sentences(bank):
    assert len(bank) >= 3
    for mistake in bank:
        assert len(mistake.hint.split()) >= 5
        assert mistake.hint.endswith((".", "?", ")", "`"))
