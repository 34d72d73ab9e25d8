"""Every named mistake with a metric is one, and is recognised, on the hidden tests' inputs."""

import pytest

from course_utils import check
from course_utils.staff.mistakes import confusion_metrics
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.confusion_metrics import cases

BANKS = banks(confusion_metrics)
NAMED = [(name, mistake) for name, bank in BANKS.items() for mistake in bank]
# Only these mistakes show on large scores, all others on the plain ones.
ON_LARGE_SCORES = {"overflow", "one-maximum-for-the-batch"}


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    maker = cases.softmax_large if mistake.name in ON_LARGE_SCORES else getattr(cases, name)
    for seed in range(20):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        inputs = maker(check.rng("bank"))
        with pytest.raises(check.CheckFailed) as failure:
            check.agrees(mistake.function, BANKS[name].reference, inputs, BANKS[name])
        assert failure.value.mistake == mistake.name
