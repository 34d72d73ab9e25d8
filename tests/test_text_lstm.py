"""The LSTM that learns a text: its gradients, and what training makes of it."""

import numpy as np
import pytest

from course_utils import text_lstm
from course_utils.staff.reference import rnn_taxonomy as reference

CODES = np.tile([0, 1, 2, 1], 40)


def scores_after(codes, cell, W_yh):
    """The scores after each letter, read by the reference's cell."""
    units = W_yh.shape[1]
    h, c, scores = np.zeros(units), np.zeros(units), []
    for x in np.eye(W_yh.shape[0])[codes]:
        h, c = reference.lstm_cell(x, h, c, **cell)
        scores.append(W_yh @ h)
    return np.array(scores)


def learn(seed=0, **changed):
    arguments = {"kinds": 3, "units": 6, "importance": np.ones(159), "pieces": 30, "passes": 20}
    return text_lstm.train(CODES, **arguments | changed, seed=seed)


def test_gradients_are_the_slopes_of_the_loss():
    rng = np.random.default_rng(0)
    weights = text_lstm._fresh(3, 4, rng)
    codes, following = rng.integers(0, 3, (2, 5, 2))
    counts = rng.uniform(0.5, 2, (5, 2)).astype("float32")
    slopes = text_lstm.gradients(weights, codes, following, counts)[1]
    for name, W in weights.items():
        direction = rng.normal(size=W.shape).astype("float32")
        losses = [
            text_lstm.gradients({**weights, name: W + nudge}, codes, following, counts)[0]
            for nudge in (-0.01 * direction, 0.01 * direction)
        ]
        slope = (losses[1] - losses[0]) / 0.02
        np.testing.assert_allclose(np.sum(slopes[name] * direction), slope, rtol=0.02, atol=2e-3)


def test_it_learns_a_text_in_which_the_last_letter_does_not_tell_the_next():
    guesses = scores_after(CODES, *learn(units=16, pieces=80, passes=80)).argmax(axis=1)
    assert (guesses[4:-1] == CODES[5:]).mean() > 0.95  # 0 or 2 after a 1


def test_without_training_the_slow_cells_keep_what_they_hold():
    cell, _ = learn(pieces=0, passes=0)
    forget = 1 / (1 + np.exp(-cell["b_ih"][6:9]))
    np.testing.assert_allclose(forget, [2 / 3, 151 / 152, 300 / 301], rtol=1e-5)


def test_the_same_seed_gives_the_same_weights_and_another_one_others():
    first, again, other = learn(), learn(), learn(seed=1)
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.allclose(first[1], other[1])


def test_importance_has_a_number_for_every_letter_but_the_first():
    with pytest.raises(ValueError, match="159 letters follow another"):
        learn(importance=np.ones(160))
