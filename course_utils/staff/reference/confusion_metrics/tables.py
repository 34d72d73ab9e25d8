"""Count outcomes, and summarise a table of counts.

A confusion matrix has one row per target class and one column per predicted class, in the same
order. Labels are strings or whole numbers. Impossible arguments raise ``ValueError``.

Averages of F1: M. Sokolova and G. Lapalme, "A systematic analysis of performance measures for
classification tasks" (2009).
"""

import numbers

import numpy as np

from course_utils.arguments import numeric_array, one_of, shorten
from course_utils.staff.reference.confusion_metrics.ratios import f1

AVERAGES = ("macro", "micro", "weighted")


def _labels(value, name):
    """Return a list of labels from a list, tuple, range or array with one axis."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple, range)):
        raise ValueError(f"{name} is {shorten(value)}; it takes a list of labels")
    for label in value:
        if not isinstance(label, (str, numbers.Integral, np.bool_)):
            raise ValueError(
                f"{name} holds {shorten(label)}; it takes strings or whole numbers as labels"
            )
    return list(value)


def _pairs(target, predicted):
    target, predicted = _labels(target, "target"), _labels(predicted, "predicted")
    if len(target) != len(predicted):
        raise ValueError(
            f"target has {len(target)} labels and predicted {len(predicted)}; "
            "there is one prediction for each target"
        )
    return list(zip(target, predicted, strict=True))


def _table(matrix):
    """Return a square table of counts, at least one of them above 0, as a float array."""
    matrix = numeric_array(matrix, "matrix", 2)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            f"matrix has shape {matrix.shape}; it takes as many rows (targets) as columns "
            "(predictions)"
        )
    if (matrix < 0).any() or (matrix != matrix.round()).any():
        raise ValueError(f"matrix is {shorten(matrix.tolist())}; it takes counts: 0, 1, 2, …")
    if not matrix.any():
        raise ValueError("matrix counts nothing: all of it is 0; it takes one prediction or more")
    return matrix


def confusion_counts(target, predicted, positive):
    """Count the four outcomes of a prediction; every label but ``positive`` is negative.

    Parameters
    ----------
    target, predicted : sequences of labels, equally long
    positive : label

    Returns
    -------
    dict
        ``tp``, ``fn``, ``fp``, ``tn``: ints.
    """
    counts = {"tp": 0, "fn": 0, "fp": 0, "tn": 0}
    for truth, guess in _pairs(target, predicted):
        if guess == positive:
            outcome = "tp" if truth == positive else "fp"
        else:
            outcome = "fn" if truth == positive else "tn"
        counts[outcome] += 1
    return counts


def confusion_matrix(target, predicted, labels):
    """Count how often each target class was predicted as each class.

    Parameters
    ----------
    target, predicted : sequences of labels, equally long
    labels : sequence of different labels
        The order of rows and columns; each label that occurs must be among them.

    Returns
    -------
    (C, C) int64 array
        Row: target; column: prediction.
    """
    labels = _labels(labels, "labels")
    if len(set(labels)) != len(labels) or not labels:
        raise ValueError(f"labels is {shorten(labels)}; it takes each label once, and at least one")
    matrix = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for truth, guess in _pairs(target, predicted):
        for label in (truth, guess):
            if label not in labels:
                raise ValueError(
                    f"{label!r} is not in labels {shorten(labels)}; every label needs a row"
                )
        matrix[labels.index(truth), labels.index(guess)] += 1
    return matrix


def accuracy(matrix):
    """Return the share of right predictions: the diagonal over the whole (C, C) table."""
    matrix = _table(matrix)
    return float(np.trace(matrix) / matrix.sum())


def misclassification_rate(matrix):
    """Return the share of wrong predictions: everything off the diagonal over the whole."""
    matrix = _table(matrix)
    return float((matrix.sum() - np.trace(matrix)) / matrix.sum())


def f1_average(matrix, average):
    """Return one F1 for several classes.

    Parameters
    ----------
    matrix : (C, C) counts
    average : {"macro", "micro", "weighted"}
        The plain mean of the classes' F1; the F1 of the classes' counts added up; the mean
        weighted by how often each class is the target. A class that is neither target nor
        prediction has F1 0 and counts in the mean.

    Returns
    -------
    float
    """
    one_of(average, "average", AVERAGES)
    matrix = _table(matrix).astype(int)
    hits = matrix.diagonal()
    missed, wrongly_named = matrix.sum(axis=1) - hits, matrix.sum(axis=0) - hits
    if average == "micro":
        return float(f1(hits.sum(), missed.sum(), wrongly_named.sum(), 0))
    each = [f1(*counts, 0) for counts in zip(hits, missed, wrongly_named, strict=True)]
    weights = np.ones(len(each)) if average == "macro" else matrix.sum(axis=1)
    return float(np.average(each, weights=weights))


def most_confused(matrix):
    """Return (target, predicted) of the largest count off the diagonal, as two ints.

    Of equal counts the first in reading order. Raises ``ValueError`` where nothing was confused.
    """
    matrix = _table(matrix)
    confusions = matrix - np.diag(matrix.diagonal())
    if not confusions.any():
        raise ValueError("matrix has only zeros off its diagonal; nothing was confused")
    row, column = np.unravel_index(confusions.argmax(), matrix.shape)
    return int(row), int(column)
