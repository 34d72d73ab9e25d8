"""Every mistake of reading images as sequences fails and is named, whatever the seed."""

import functools

import pytest

from course_utils import check
from course_utils.staff.mistakes import image_tokenization
from course_utils.staff.mistakes.bank import banks
from course_utils.staff.reference.image_tokenization import cases, judge

BANKS = banks(image_tokenization)
NAMED = [(name, mistake) for name, bank in BANKS.items() for mistake in bank]
LINE = 0.9


def trials(name, function):
    """What the hidden tests of a function give to `agrees`: function, reference, maker, bank."""
    if name == "own_tokens":
        judges = [(judge.own_tokens, cases.own_tokens)]
    elif name == "cnn_train_and_predict":
        judges = [(judge.network(LINE), cases.digits)]
    elif name == "rnn_train_and_predict":
        judges = [
            (judge.network(LINE, tokens), functools.partial(cases.digits, tokens=tokens))
            for tokens in ("rows", "columns", "patches4")
            # the leftmost column of a digit is empty, so that its reader can hardly be told
            if (tokens, function) != ("columns", image_tokenization.first_state_read)
        ]
    else:
        makers = [
            maker for key, maker in vars(cases).items() if key == name or key.startswith(f"{name}_")
        ]
        return [(function, BANKS[name].reference, maker, BANKS[name]) for maker in makers]
    return [
        (judged(function), judge.good(judged(function)), maker, judge.mistaken(BANKS[name], judged))
        for judged, maker in judges
    ]


@pytest.mark.parametrize(
    ("name", "mistake"), NAMED, ids=[f"{name}-{mistake.name}" for name, mistake in NAMED]
)
def test_each_mistake_fails_and_is_named_whatever_the_seed(name, mistake, monkeypatch):
    for seed in range(5):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        named = []
        for function, reference, maker, bank in trials(name, mistake.function):
            try:
                check.agrees(function, reference, maker(check.rng("bank")), bank)
            except check.CheckFailed as failure:
                named.append(failure.mistake)
        assert mistake.name in named
        assert set(named) <= {mistake.name}, "taken for another mistake"
