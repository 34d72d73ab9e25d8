"""Inputs on which hidden tests compare a student's metrics with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. The counts of the four
outcomes always differ from each other, tables are never symmetric, labels never come in
alphabetical order, and classes that nobody predicted are among them.
"""

import numpy as np

from course_utils.check import case

# What may not do the work in a task by hand.
LIBRARIES = ("jax", "pandas", "scipy", "sklearn", "tensorflow", "torch")

VARIANTS = 4
VOCABULARIES = (("spam", "ham"), (0, 1), ("yes", "no"), (1, -1))


def _four_counts(rng, high=12):
    """Four different counts from 1 on."""
    return [int(count) for count in rng.permutation(np.arange(1, high))[:4]]


def _shuffled(rng, pairs):
    pairs = [pairs[i] for i in rng.permutation(len(pairs))]
    return [truth for truth, _ in pairs], [guess for _, guess in pairs]


def confusion_counts(rng):
    """Strings and numbers as labels, the positive one first or last, absent, or one of three."""
    cases = []
    for positive, negative in VOCABULARIES:
        tp, fn, fp, tn = _four_counts(rng)
        pairs = (
            [(positive, positive)] * tp
            + [(positive, negative)] * fn
            + [(negative, positive)] * fp
            + [(negative, negative)] * tn
        )
        cases.append(case(*_shuffled(rng, pairs), positive))
    animals = ["owl", "cat", "dog"]
    target, predicted = rng.choice(animals, 30), rng.choice(animals, 30)
    return [
        *cases,
        case(target.tolist(), predicted.tolist(), "dog"),
        case(target, predicted, "cat"),
        case(["ham", "ham"], ["ham", "spam"], "spam"),
        case(["spam", "ham"], ["ham", "ham"], "spam"),
        case([3, 1, 3], [1, 1, 3], 7),
    ]


def confusion_matrix(rng):
    """Two to four classes, in an order of their own; some never occur."""
    orders = (["spam", "ham"], ["owl", "cat", "dog"], [2, 0, 1], ["d", "a", "c", "b"])
    cases = []
    for labels in orders:
        # every pair of labels another number of times, so that no two cells are equal
        counts = rng.permutation(np.arange(1, len(labels) ** 2 + 1))
        pairs = [(truth, guess) for truth in labels for guess in labels]
        pairs = [pair for pair, count in zip(pairs, counts, strict=True) for _ in range(count)]
        cases.append(case(*_shuffled(rng, pairs), labels))
    target, predicted = rng.integers(0, 3, 25), rng.integers(0, 3, 25)
    return [
        *cases,
        case(target, predicted, [4, 1, 0, 2]),
        case(["cat", "cat", "owl"], ["owl", "cat", "owl"], ("owl", "dog", "cat")),
        case([5, 5], [5, 5], [5]),
        case(["hen"] * 301, ["hen"] * 300 + ["fox"], ["fox", "hen"]),  # more than a byte can count
    ]


def table(rng, classes):
    """A (C, C) table of different counts, its rows of different weight, never symmetric."""
    counts = rng.permutation(np.arange(1, classes**2 + 1)).reshape(classes, classes)
    return counts * (1 + 2 * rng.permutation(classes))[:, None]


def accuracy(rng):
    """Tables of two to six classes, with empty rows, all right and all wrong."""
    cases = [case(table(rng, classes)) for classes in (2, 2, 3, 4, 6)]
    unseen = table(rng, 3)
    unseen[1] = 0
    return [
        *cases,
        case(unseen),
        case(table(rng, 2).tolist()),
        case(np.diag([3, 1, 4])),
        case([[0, 3], [5, 0]]),
    ]


def misclassification_rate(rng):
    """As ``accuracy``."""
    return accuracy(rng)


def _ratio_cases(rng):
    """Four different counts, small and large; each margin empty in turn."""
    small = [case(*_four_counts(rng)) for _ in range(VARIANTS)]
    tp, fn, fp, tn = _four_counts(rng, 100)
    return [
        *small,
        case(tp, fn, fp, 1000 * tn),
        case(1000 * tp, fn, fp, tn),
        case(0, fn, fp, tn),
        case(tp, 0, fp, tn),
        case(tp, fn, 0, tn),
        case(tp, fn, fp, 0),
        case(0, 0, fp, tn),
        case(tp, fn, 0, 0),
        case(0, fn, 0, tn),
        case(tp, 0, fp, 0),
        case(0, 0, 0, tn),
        case(tp, 0, 0, 0),
        case(0, fn, fp, 0),
        case(tp, 0, 0, tn),
    ]


# One list of inputs serves all six ratios.
precision = recall = specificity = f1 = balanced_accuracy = mcc = _ratio_cases


def f1_average(rng):
    """Each average on tables of two to five classes; classes that are absent or never named."""
    absent, never_named, never_meant = (table(rng, 4) for _ in range(3))
    absent[2], absent[:, 2] = 0, 0
    never_named[:, 1] = 0
    never_meant[3] = 0
    tables = [table(rng, classes) for classes in (2, 3, 5)]
    return [
        case(counts, average)
        for counts in (*tables, absent, never_named, never_meant)
        for average in ("macro", "micro", "weighted")
    ] + [case(np.array([[2, 0, 0], [0, 0, 1], [1, 0, 2]]), average="macro")]


def softmax(rng):
    """One row and many, equal scores, a single class; more samples than classes and fewer."""
    return [
        case(rng.normal(size=5).round(2)),
        case(3 * rng.normal(size=(4, 3)).round(2)),
        case(rng.normal(size=(2, 6)).round(2)),
        case(rng.integers(-4, 5, (5, 2)) * 1.0),
        case([0.0, 0.0, 0.0, 0.0]),
        case([[-1.5, 2.0], [0.5, 0.25], [3.0, -3.0]]),
        case([[7.0]]),
    ]


def softmax_large(rng):
    """Scores that overflow or vanish in e^s, alone and side by side in one batch."""
    near = rng.normal(size=(3, 4)).round(2)
    return [
        case([1000.0, 1001.0, 999.0]),
        case([-1000.0, -1002.0]),
        case(near + np.array([[1000.0], [0.0], [-1000.0]])),
        case([1e5, 0.0, -1e5]),
        case(near),
    ]


def predict_at(rng):
    """Random probabilities; thresholds equal to one of them, at 0, at 1, and none reaches.

    They are the same numbers in float32, or a threshold would not equal its probability there.
    """
    probabilities = rng.permutation(np.arange(7, 122))[:12] / 128
    low, middle, high = np.sort(probabilities)[[1, 6, 10]]
    return [
        case(probabilities, float(low)),
        case(probabilities, float(middle)),
        case(probabilities, float(high)),
        case(probabilities, threshold=0.5),
        case([0.0, 0.5, 1.0], 0.0),
        case([0.0, 0.5, 1.0], 1.0),
        case([0.5, 0.5], 0.5),
        case([0.25], 0.75),
    ]


def _targets_and_scores(rng):
    """Targets with more negatives than positives, and scores with ties across the two."""
    cases = []
    for positives, negatives in ((3, 5), (4, 7), (6, 4)):
        target = np.array([1] * positives + [0] * negatives)
        scores = rng.permutation(target.size) + 2.0 * target
        scores[-1] = scores[0]  # a positive and a negative that nothing can tell apart
        scores[-2] = scores[1]
        order = rng.permutation(target.size)
        cases.append(case(target[order], scores[order] / 20))
    target = np.array([1, 0, 0, 1, 0, 1, 0, 0, 0])
    return [
        *cases,
        case(target, rng.permutation(9) - 4.5),
        case(target.tolist(), (target + 0.5).tolist()),
        case(target, 1.0 - target),
        case(target.astype(bool), np.full(9, 0.3)),
    ]


def roc_points(rng):
    """Ties, negative scores, a perfect and a perfectly wrong order, all scores equal."""
    return _targets_and_scores(rng)


def precision_recall_points(rng):
    """As ``roc_points``, and targets without a negative."""
    return [*_targets_and_scores(rng), case([1, 1, 1], [0.25, 0.5, 0.75])]


def most_confused(rng):
    """The largest confusion in different places, equal ones, confusions that exceed hits."""
    cases = []
    for classes in (2, 3, 5, 10):
        counts = table(rng, classes)
        np.fill_diagonal(counts, counts.max() + rng.integers(1, 9, classes))
        cases.append(case(counts))
    # often one way and never back, against fairly often both ways; a rare class all wrong
    one_way = np.array([[90, 0, 20, 0], [9, 70, 0, 0], [16, 0, 60, 0], [0, 0, 0, 0]])
    rare = np.array([[900, 31, 0], [2, 800, 0], [0, 5, 1]])
    order = rng.permutation(4)
    return [
        *cases,
        case(one_way[order][:, order]),
        case(rare),
        case(rare[::-1, ::-1]),
        case([[5, 3, 0], [0, 5, 3], [3, 0, 5]]),
        case([[5, 0, 3], [3, 5, 0], [0, 3, 5]]),  # the first down the columns is not the last
        case([[1, 2, 0], [7, 0, 3], [0, 0, 4]]),
    ]
