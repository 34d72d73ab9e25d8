"""From scores to decisions: softmax, thresholds, and what each threshold would have given.

Impossible arguments raise ``ValueError``. Formulas: T. Fawcett, "An introduction to ROC
analysis" (2006).
"""

import numpy as np

from course_utils.arguments import numeric_array


def softmax(scores):
    """Turn scores into a distribution over classes: e^s / sum of e^s along the last axis.

    The largest score of each row is subtracted first, which changes nothing but avoids overflow.

    Parameters
    ----------
    scores : (C,) or (N, C) array

    Returns
    -------
    float64 array of the same shape
        Every row sums to 1.
    """
    scores = numeric_array(scores, "scores", 2 if np.ndim(scores) > 1 else 1)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def predict_at(probabilities, threshold):
    """Say "positive" where the probability is at least the threshold.

    Parameters
    ----------
    probabilities : (N,) array, each from 0 to 1
        Of the positive class.
    threshold : finite number

    Returns
    -------
    (N,) bool array
    """
    probabilities = numeric_array(probabilities, "probabilities", 1)
    outside = probabilities[(probabilities < 0) | (probabilities > 1)]
    if outside.size:
        raise ValueError(f"probabilities holds {outside[0]}; it takes numbers from 0 to 1")
    return probabilities >= numeric_array([threshold], "threshold", 1)[0]


def _target_and_scores(target, scores):
    target, scores = numeric_array(target, "target", 1), numeric_array(scores, "scores", 1)
    if target.shape != scores.shape:
        raise ValueError(
            f"target has {target.size} entries and scores {scores.size}; there is one score each"
        )
    if not np.isin(target, (0, 1)).all():
        raise ValueError(f"target holds {np.unique(target)}; it takes 1 (positive) and 0")
    if not target.any():
        raise ValueError("target holds no positive; without one there is no recall")
    return target.astype(bool), scores


def _thresholds(scores):
    return np.unique(scores)[::-1]


def roc_points(target, scores):
    """Return the points of the ROC curve: one for each distinct score taken as the threshold.

    Parameters
    ----------
    target : (N,) array of 1 (positive) and 0, some of each
    scores : (N,) array
        Higher means more positive; predicted positive where score >= threshold.

    Returns
    -------
    (K, 2) float64 array
        Rows (false positive rate, true positive rate), from the highest score to the lowest; the
        last is (1, 1).
    """
    target, scores = _target_and_scores(target, scores)
    if target.all():
        raise ValueError("target holds no negative; without one there is no false positive rate")
    flagged = [scores >= threshold for threshold in _thresholds(scores)]
    return np.array([[flags[~target].mean(), flags[target].mean()] for flags in flagged])


def precision_recall_points(target, scores):
    """Return the points of the precision-recall curve, one for each distinct score.

    Parameters are those of ``roc_points``; negatives are not needed.

    Returns
    -------
    (K, 2) float64 array
        Rows (recall, precision), from the highest score to the lowest.
    """
    target, scores = _target_and_scores(target, scores)
    flagged = [scores >= threshold for threshold in _thresholds(scores)]
    return np.array([[flags[target].mean(), target[flags].mean()] for flags in flagged])
