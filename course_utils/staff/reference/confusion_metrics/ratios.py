"""What one reads off the four counts of a two-class problem.

Each function takes the numbers of true positives, false negatives, false positives and true
negatives, whole numbers from 0 up, and returns a float. A ratio whose denominator is 0 is 0.0,
as scikit-learn has it with ``zero_division=0``. Anything that is not a count raises
``ValueError``.

Formulas: T. Fawcett, "An introduction to ROC analysis" (2006); for ``mcc`` B. W. Matthews,
"Comparison of the predicted and observed secondary structure of T4 phage lysozyme" (1975).
"""

from math import sqrt

from course_utils.arguments import whole_number


def _counts(**counts):
    return (whole_number(value, name, 0) for name, value in counts.items())


def ratio(part, whole):
    """Return part / whole, or 0.0 where ``whole`` is 0."""
    return part / whole if whole else 0.0


def precision(tp, fn, fp, tn):
    """Return the share of the predicted positives that are positive: tp / (tp + fp)."""
    tp, fn, fp, tn = _counts(tp=tp, fn=fn, fp=fp, tn=tn)
    return ratio(tp, tp + fp)


def recall(tp, fn, fp, tn):
    """Return the share of the positives that are predicted so: tp / (tp + fn)."""
    tp, fn, fp, tn = _counts(tp=tp, fn=fn, fp=fp, tn=tn)
    return ratio(tp, tp + fn)


def specificity(tp, fn, fp, tn):
    """Return the share of the negatives that are predicted so: tn / (tn + fp)."""
    tp, fn, fp, tn = _counts(tp=tp, fn=fn, fp=fp, tn=tn)
    return ratio(tn, tn + fp)


def f1(tp, fn, fp, tn):
    """Return the harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn)."""
    tp, fn, fp, tn = _counts(tp=tp, fn=fn, fp=fp, tn=tn)
    return ratio(2 * tp, 2 * tp + fp + fn)


def balanced_accuracy(tp, fn, fp, tn):
    """Return the mean of recall and specificity."""
    return (recall(tp, fn, fp, tn) + specificity(tp, fn, fp, tn)) / 2


def mcc(tp, fn, fp, tn):
    """Return Matthews' correlation of target and prediction, from -1 to 1.

    (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn)).
    """
    tp, fn, fp, tn = _counts(tp=tp, fn=fn, fp=fp, tn=tn)
    return ratio(tp * tn - fp * fn, sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))
