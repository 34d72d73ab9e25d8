"""An inbox of twenty messages with a spam filter's opinion of each, and a reader of digits."""

import numpy as np

from course_utils.datasets.digits import digits

# subject, what it is, the filter's probability that it is spam
_MESSAGES = (
    ("Invoice 4471 is overdue, see attachment", "spam", 0.12),
    ("Your parcel is waiting: confirm your address", "spam", 0.30),
    ("Lecture notes for week 5", "ham", 0.05),
    ("YOU HAVE WON a cruise!!!", "spam", 0.97),
    ("Lunch on Friday?", "ham", 0.10),
    ("Lose 10 kg in 10 days", "spam", 0.93),
    ("Re: Re: opening hours of the library", "ham", 0.02),
    ("Double your coins overnight", "spam", 0.88),
    ("Lonely matrices near you want to be multiplied", "spam", 0.81),
    ("Cheap watches, real gold", "spam", 0.74),
    ("Minutes of Monday's meeting", "ham", 0.20),
    ("Quick question about your account", "spam", 0.45),
    ("Your flight is delayed", "ham", 0.30),
    ("Grandma's soup, the recipe", "ham", 0.08),
    ("Choir practice is in room 12", "ham", 0.15),
    ("Newsletter: deadlines of the summer school", "ham", 0.38),
    ("URGENT: your exam room has changed", "ham", 0.66),
    ("Last chance!!! Everything must go", "spam", 0.60),
    ("Happy birthday!", "ham", 0.03),
    ("Congratulations, you have won the scholarship", "ham", 0.52),
)

SUBJECTS = tuple(subject for subject, _, _ in _MESSAGES)
TARGET = tuple(target for _, target, _ in _MESSAGES)
PROBABILITIES = tuple(probability for _, _, probability in _MESSAGES)
PREDICTED = tuple("spam" if probability >= 0.5 else "ham" for probability in PROBABILITIES)

TRAINED_ON = 1000  # digits; the file holds them writer after writer, so the rest is of others
STEPS, LEARNING_RATE, MOMENTUM = 100, 0.5, 0.9


def digit_scores():
    """Train a softmax regression on the first 1000 of scikit-learn's digits; score the others.

    Gradient descent with momentum from zero weights: no randomness, and a few hundredths of a
    second.

    Returns
    -------
    target : (797,) int array
        The digit each image shows.
    scores : (797, 10) float64 array
        One score per class, before any softmax.
    images : (797, 8, 8) float64 array
        Ink from 0 to 1.
    """
    images, target = digits()
    pixels = images.reshape(-1, 64) / 16
    weights, bias = _train(pixels[:TRAINED_ON], target[:TRAINED_ON])
    unseen = pixels[TRAINED_ON:]
    return target[TRAINED_ON:].copy(), unseen @ weights + bias, unseen.reshape(-1, 8, 8)


def _train(x, target):
    weights, bias = np.zeros((x.shape[1], 10)), np.zeros(10)
    weight_step, bias_step = np.zeros_like(weights), np.zeros_like(bias)
    wanted = np.eye(10)[target]
    for _ in range(STEPS):
        scores = x @ weights + bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (powers / powers.sum(axis=1, keepdims=True) - wanted) / len(x)
        weight_step = MOMENTUM * weight_step - LEARNING_RATE * (x.T @ error)
        bias_step = MOMENTUM * bias_step - LEARNING_RATE * error.sum(axis=0)
        weights, bias = weights + weight_step, bias + bias_step
    return weights, bias
