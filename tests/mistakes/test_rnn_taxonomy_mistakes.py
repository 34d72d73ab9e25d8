"""Every named mistake about recurrent networks is recognised on the hidden tests' inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import rnn_taxonomy
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.rnn_taxonomy import cases

NAMED = [(name, mistake) for name, bank in banks(rnn_taxonomy).items() for mistake in bank]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    bank = banks(rnn_taxonomy)[name]
    for seed in range(20):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        inputs = getattr(cases, name)(check.rng("bank"))
        with pytest.raises(check.CheckFailed) as failure:
            check.agrees(mistake.function, bank.reference, inputs, bank)
        assert failure.value.mistake == mistake.name
