"""What goes wrong when one counts how wrong a classifier is.

Each bank carries the name of the function of the tutorial whose mistakes it holds.
"""

from math import sqrt

import numpy as np

from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import confusion_metrics as reference
from course_utils.staff.reference.confusion_metrics.ratios import ratio

confusion_counts = MistakeBank(reference.confusion_counts)


@confusion_counts.add(
    "False positives and false negatives have changed places. The second word is what the "
    "*prediction* said: a false negative was called negative, and that was false."
)
def fp_and_fn_swapped(target, predicted, positive):
    return reference.confusion_counts(predicted, target, positive)


@confusion_counts.add(
    "You count from the point of view of the other class: the label `positive` is the positive one."
)
def negative_class_counted(target, predicted, positive):
    counts = reference.confusion_counts(target, predicted, positive)
    return dict(zip(("tn", "fp", "fn", "tp"), counts.values(), strict=True))


@confusion_counts.add(
    "`tp` counts every positive target. A *true* positive is a positive target that was also "
    "predicted positive."
)
def tp_counts_all_positive_targets(target, predicted, positive):
    counts = reference.confusion_counts(target, predicted, positive)
    return counts | {"tp": counts["tp"] + counts["fn"]}


@confusion_counts.add(
    "`tp` counts every right prediction, of either class. True positives are right predictions of "
    "`positive`; right predictions of anything else are true negatives."
)
def tp_counts_all_right_predictions(target, predicted, positive):
    counts = reference.confusion_counts(target, predicted, positive)
    return counts | {"tp": counts["tp"] + counts["tn"]}


@confusion_counts.add(
    "The argument `positive` has no effect: you always take the same label, or the first one in "
    "the data, as the positive one."
)
def positive_ignored(target, predicted, positive):
    return reference.confusion_counts(target, predicted, list(target)[0])


@confusion_counts.add(
    "With more than two labels, `tn` needs no exact match: owl taken for cat is a true negative "
    "when the positive label is dog. Neither is a dog."
)
def tn_only_where_labels_agree(target, predicted, positive):
    counts = reference.confusion_counts(target, predicted, positive)
    pairs = zip(list(target), list(predicted), strict=True)
    return counts | {"tn": sum(t == p != positive for t, p in pairs)}


confusion_matrix = MistakeBank(reference.confusion_matrix)


@confusion_matrix.add(
    "Your matrix is transposed: the *target* chooses the row, the prediction the column."
)
def matrix_transposed(target, predicted, labels):
    return reference.confusion_matrix(target, predicted, labels).T


@confusion_matrix.add(
    "Rows and columns come in sorted order. Keep the order in which `labels` gives them: it is "
    "the caller who decides."
)
def labels_sorted(target, predicted, labels):
    return reference.confusion_matrix(target, predicted, sorted(labels))


@confusion_matrix.add(
    "Rows and columns come in the order in which labels first occur in the data. Keep the order "
    "of `labels`, and keep a row for a label that never occurs."
)
def labels_as_they_occur(target, predicted, labels):
    return reference.confusion_matrix(target, predicted, list(dict.fromkeys([*target, *predicted])))


@confusion_matrix.add(
    "A label that never occurs has lost its row and column. Every entry of `labels` gets one, if "
    "need be full of zeros."
)
def absent_class_dropped(target, predicted, labels):
    seen = {*list(target), *list(predicted)}
    return reference.confusion_matrix(
        target, predicted, [label for label in labels if label in seen]
    )


@confusion_matrix.add(
    "Only right predictions are counted: off the diagonal belong the wrong ones, and they are "
    "what a confusion matrix is for."
)
def diagonal_only(target, predicted, labels):
    return np.diag(reference.confusion_matrix(target, predicted, labels).diagonal())


@confusion_matrix.add(
    "Each place holds a 1 at most: add 1 for every sample (`+= 1`), do not set the place to 1."
)
def set_instead_of_added(target, predicted, labels):
    return np.minimum(reference.confusion_matrix(target, predicted, labels), 1)


@confusion_matrix.add("Count, do not divide: the matrix holds whole numbers, not shares of a row.")
def rows_normalised(target, predicted, labels):
    matrix = reference.confusion_matrix(target, predicted, labels)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


accuracy = MistakeBank(reference.accuracy)


@accuracy.add(
    "That is the misclassification rate, the share that went *wrong*. Accuracy is the share on "
    "the diagonal."
)
def misclassification_for_accuracy(matrix):
    return reference.misclassification_rate(matrix)


@accuracy.add(
    "You average the classes' own rates, which makes a rare class count as much as a frequent "
    "one. Accuracy is the sum of the diagonal over the sum of the whole table."
)
def mean_of_the_classes(matrix):
    matrix = np.asarray(matrix)
    return np.mean(matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1))


@accuracy.add(
    "Only the first two classes count. Add the whole diagonal, however many classes there are."
)
def two_classes_only(matrix):
    matrix = np.asarray(matrix)
    return matrix.diagonal()[:2].sum() / matrix.sum()


@accuracy.add("Divide by the number of predictions: accuracy is a share, from 0 to 1.")
def hits_not_divided(matrix):
    return np.trace(matrix)


misclassification_rate = MistakeBank(reference.misclassification_rate)


@misclassification_rate.add(
    "That is the accuracy, the share that went *right*. The misclassification rate is what is "
    "left over."
)
def accuracy_for_misclassification(matrix):
    return reference.accuracy(matrix)


@misclassification_rate.add(
    "Only the part above the diagonal counts: wrong predictions lie on both sides of it."
)
def above_the_diagonal_only(matrix):
    return np.triu(matrix, 1).sum() / np.sum(matrix)


@misclassification_rate.add(
    "Wrong predictions are divided by right ones. The rate is the share of wrong ones among *all*."
)
def wrong_over_right(matrix):
    right = np.trace(matrix)
    return (np.sum(matrix) - right) / right if right else float("inf")


@misclassification_rate.add(
    "Divide by the number of predictions: a rate is a share, from 0 to 1, and you return a count."
)
def errors_not_divided(matrix):
    return np.sum(matrix) - np.trace(matrix)


precision = MistakeBank(reference.precision)


@precision.add(
    "That is recall. Precision looks at what was *predicted* positive (`tp + fp`), recall at what "
    "*is* positive (`tp + fn`)."
)
def recall_for_precision(tp, fn, fp, tn):
    return reference.recall(tp, fn, fp, tn)


@precision.add(
    "That is accuracy. Precision leaves out everything that was predicted negative: its "
    "denominator is `tp + fp`."
)
def accuracy_for_precision(tp, fn, fp, tn):
    return ratio(tp + tn, tp + fn + fp + tn)


@precision.add(
    "Where nothing was predicted positive the denominator is 0; this course then returns 0.0."
)
def one_where_nothing_was_flagged(tp, fn, fp, tn):
    return reference.precision(tp, fn, fp, tn) if tp + fp else 1.0


@precision.add(
    "You relate true positives to *all* samples. Precision relates them to the predicted "
    "positives, `tp + fp`."
)
def share_of_everything(tp, fn, fp, tn):
    return ratio(tp, tp + fn + fp + tn)


recall = MistakeBank(reference.recall)


@recall.add(
    "That is precision. Recall looks at what *is* positive (`tp + fn`), precision at what was "
    "*predicted* positive (`tp + fp`)."
)
def precision_for_recall(tp, fn, fp, tn):
    return reference.precision(tp, fn, fp, tn)


@recall.add(
    "That is specificity, the recall of the negative class. Recall starts from the positives: "
    "`tp / (tp + fn)`."
)
def specificity_for_recall(tp, fn, fp, tn):
    return reference.specificity(tp, fn, fp, tn)


@recall.add("That is the miss rate, `fn / (tp + fn)`: recall is the share that was *found*.")
def miss_rate(tp, fn, fp, tn):
    return ratio(fn, tp + fn)


@recall.add(
    "Where there is no positive to find the denominator is 0; this course then returns 0.0."
)
def one_where_nothing_to_find(tp, fn, fp, tn):
    return reference.recall(tp, fn, fp, tn) if tp + fn else 1.0


specificity = MistakeBank(reference.specificity)


@specificity.add("That is recall. Specificity asks the same of the *negatives*: `tn / (tn + fp)`.")
def recall_for_specificity(tp, fn, fp, tn):
    return reference.recall(tp, fn, fp, tn)


@specificity.add(
    "That is the false positive rate, `fp / (tn + fp)`. Specificity is the rest: the negatives "
    "that were left in peace."
)
def false_positive_rate(tp, fn, fp, tn):
    return ratio(fp, tn + fp)


@specificity.add(
    "Your denominator is the number of *predicted* negatives (`tn + fn`). Specificity starts from "
    "what *is* negative: `tn + fp`."
)
def negative_predictive_value(tp, fn, fp, tn):
    return ratio(tn, tn + fn)


f1 = MistakeBank(reference.f1)


@f1.add(
    "That is the arithmetic mean of precision and recall. F1 is the *harmonic* mean, "
    "`2 * p * r / (p + r)`, which stays low when either is low."
)
def arithmetic_mean(tp, fn, fp, tn):
    return (reference.precision(tp, fn, fp, tn) + reference.recall(tp, fn, fp, tn)) / 2


@f1.add(
    "That is the geometric mean, with a square root. F1 is the *harmonic* mean of precision and "
    "recall, `2 * p * r / (p + r)`."
)
def geometric_mean(tp, fn, fp, tn):
    return sqrt(reference.precision(tp, fn, fp, tn) * reference.recall(tp, fn, fp, tn))


@f1.add("The factor 2 is missing: with it, precision 1 and recall 1 give F1 = 1.")
def factor_two_missing(tp, fn, fp, tn):
    return reference.f1(tp, fn, fp, tn) / 2


@f1.add("The factor 2 belongs to `tp` in the denominator as well: F1 = 2 tp / (2 tp + fp + fn).")
def tp_once_in_the_denominator(tp, fn, fp, tn):
    return ratio(2 * tp, tp + fp + fn)


@f1.add("That is accuracy: true negatives have no place in F1.")
def accuracy_for_f1(tp, fn, fp, tn):
    return ratio(tp + tn, tp + fn + fp + tn)


balanced_accuracy = MistakeBank(reference.balanced_accuracy)


@balanced_accuracy.add(
    "That is plain accuracy. The balanced one is the mean of two shares, recall and specificity, "
    "so that a rare class counts as much as a frequent one."
)
def plain_accuracy(tp, fn, fp, tn):
    return ratio(tp + tn, tp + fn + fp + tn)


@balanced_accuracy.add(
    "That is the mean of precision and recall. Balanced accuracy is the mean of recall and "
    "*specificity*: of the two classes' own rates."
)
def precision_for_specificity(tp, fn, fp, tn):
    return (reference.precision(tp, fn, fp, tn) + reference.recall(tp, fn, fp, tn)) / 2


@balanced_accuracy.add("Halve the sum of recall and specificity: it is their mean.")
def sum_not_halved(tp, fn, fp, tn):
    return 2 * reference.balanced_accuracy(tp, fn, fp, tn)


@balanced_accuracy.add(
    "Take the arithmetic mean of recall and specificity; the harmonic mean is F1's way of "
    "joining two shares."
)
def harmonic_mean(tp, fn, fp, tn):
    r, s = reference.recall(tp, fn, fp, tn), reference.specificity(tp, fn, fp, tn)
    return ratio(2 * r * s, r + s)


@balanced_accuracy.add(
    "That is the mean of precision and specificity. Where you call your own `recall`, does it "
    "divide by `tp + fn`?"
)
def precision_for_recall_in_the_mean(tp, fn, fp, tn):
    return (reference.precision(tp, fn, fp, tn) + reference.specificity(tp, fn, fp, tn)) / 2


mcc = MistakeBank(reference.mcc)


def _margins(tp, fn, fp, tn):
    return (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)


@mcc.add("The square root of the denominator is missing.")
def square_root_missing(tp, fn, fp, tn):
    return ratio(tp * tn - fp * fn, _margins(tp, fn, fp, tn))


@mcc.add("The numerator is a difference: `tp * tn - fp * fn`, right minus wrong.")
def plus_in_the_numerator(tp, fn, fp, tn):
    return ratio(tp * tn + fp * fn, sqrt(_margins(tp, fn, fp, tn)))


@mcc.add("MCC may be negative: a classifier can be worse than chance. Keep the sign.")
def sign_dropped(tp, fn, fp, tn):
    return abs(reference.mcc(tp, fn, fp, tn))


@mcc.add(
    "The numerator pairs right with right and wrong with wrong: `tp * tn - fp * fn`. You pair "
    "`tp` with a wrong one."
)
def wrong_pairs_in_the_numerator(tp, fn, fp, tn):
    return ratio(tp * fn - fp * tn, sqrt(_margins(tp, fn, fp, tn)))


@mcc.add(
    "One factor stands twice in your denominator and another is missing: it takes both rows and "
    "both columns, (tp + fp) (tp + fn) (tn + fp) (tn + fn)."
)
def columns_twice_in_the_denominator(tp, fn, fp, tn):
    return ratio(tp * tn - fp * fn, (tp + fp) * (tn + fn))


f1_average = MistakeBank(reference.f1_average)


def _per_class(matrix):
    """Hits, target counts and predicted counts of each class, and its F1."""
    matrix = np.asarray(matrix)
    hits, targets, predicted = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return hits, targets, predicted, 2 * hits / np.maximum(targets + predicted, 1)


@f1_average.add(
    "A class that never occurs is dropped from the macro mean. It counts, with F1 0.0: a mean "
    "over four classes divides by four."
)
def absent_class_dropped_from_macro(matrix, average):
    if average != "macro":
        return reference.f1_average(matrix, average)
    _, targets, predicted, each = _per_class(matrix)
    return each[targets + predicted > 0].mean()


@f1_average.add(
    "For macro you compute one F1 from the mean precision and the mean recall. Compute each "
    "class's F1 first, and average those."
)
def f1_of_the_averages(matrix, average):
    if average != "macro":
        return reference.f1_average(matrix, average)
    hits, targets, predicted, _ = _per_class(matrix)
    p = (hits / np.maximum(predicted, 1)).mean()
    r = (hits / np.maximum(targets, 1)).mean()
    return ratio(2 * p * r, p + r)


@f1_average.add(
    "Weighted means weighted by how often a class is the *target* (its row). You weigh by how "
    "often it was predicted (its column)."
)
def weighted_by_predictions(matrix, average):
    if average != "weighted":
        return reference.f1_average(matrix, average)
    _, _, predicted, each = _per_class(matrix)
    return np.average(each, weights=predicted)


@f1_average.add(
    "This is the plain mean over classes, which is asked for as macro only: micro counts all "
    "classes together, weighted weighs each class by its row."
)
def average_ignored(matrix, average):
    return reference.f1_average(matrix, "macro")


@f1_average.add(
    "What is asked for as macro, you give as weighted, or the other way round: macro treats all "
    "classes alike, weighted counts frequent classes more."
)
def macro_and_weighted_swapped(matrix, average):
    swapped = {"macro": "weighted", "weighted": "macro"}.get(average, average)
    return reference.f1_average(matrix, swapped)


@f1_average.add(
    "This is the weighted mean over classes, which is asked for as weighted only: macro treats all "
    "classes alike, micro counts all classes together."
)
def weighted_where_not_asked(matrix, average):
    return reference.f1_average(matrix, "weighted")


@f1_average.add(
    "This is the micro average, the share of right predictions, which is asked for as micro only: "
    "macro and weighted are means of the classes' own F1."
)
def micro_where_not_asked(matrix, average):
    return reference.f1_average(matrix, "micro")


@f1_average.add(
    "For macro you give the weighted mean over classes: macro treats all classes alike, however "
    "frequent they are."
)
def weighted_for_macro(matrix, average):
    return reference.f1_average(matrix, "weighted" if average == "macro" else average)


@f1_average.add("For weighted you give the plain mean over classes: weigh each class by its row.")
def weights_ignored(matrix, average):
    return reference.f1_average(matrix, "macro" if average == "weighted" else average)


@f1_average.add(
    "For weighted you give the micro average, the share of right predictions: it is the mean of "
    "the classes' own F1, each weighed by its row."
)
def micro_for_weighted(matrix, average):
    return reference.f1_average(matrix, "micro" if average == "weighted" else average)


@f1_average.add(
    "For micro you give the plain mean over classes: add up the counts of all classes first, then "
    "take one F1."
)
def macro_for_micro(matrix, average):
    return reference.f1_average(matrix, "macro" if average == "micro" else average)


@f1_average.add(
    "Each class's F1 is replaced by its recall: predictions that wrongly name the class, the rest "
    "of its column, count against it as well."
)
def recall_for_f1(matrix, average):
    hits, targets, _, _ = _per_class(matrix)
    each = hits / np.maximum(targets, 1)
    weights = np.ones(len(each)) if average == "macro" else targets
    return np.average(each, weights=weights)


@f1_average.add(
    "Each class's F1 is the arithmetic mean of its precision and recall; it should be the harmonic "
    "one. Where you call your own `f1`, mend that first."
)
def arithmetic_mean_in_each_class(matrix, average):
    hits, targets, predicted, _ = _per_class(matrix)
    if average == "micro":
        return hits.sum() / np.sum(matrix)
    each = (hits / np.maximum(targets, 1) + hits / np.maximum(predicted, 1)) / 2
    return each.mean() if average == "macro" else np.average(each, weights=targets)


softmax = MistakeBank(reference.softmax)


def _shares(values):
    with np.errstate(all="ignore"):
        return values / values.sum(axis=-1, keepdims=True)


def _exp(scores):
    with np.errstate(all="ignore"):
        return np.exp(np.asarray(scores, dtype=float))


@softmax.add(
    "e to the power of a large score overflows, and inf / inf is NaN. Subtract the row's largest "
    "score before taking powers: the result is the same, and the largest power is 1."
)
def overflow(scores):
    return _shares(_exp(scores))


@softmax.add(
    "You subtract one maximum from the whole batch. In a row of much lower scores all powers then "
    "vanish, and 0 / 0 is NaN: subtract each row's own maximum."
)
def one_maximum_for_the_batch(scores):
    return _shares(_exp(np.asarray(scores, dtype=float) - np.max(scores)))


@softmax.add(
    "You normalise down the columns. Each *row* is one sample, and its classes (the last axis) "
    "share the 1 among them."
)
def wrong_axis(scores):
    return (
        reference.softmax(np.asarray(scores).T).T
        if np.ndim(scores) == 2
        else reference.softmax(scores)
    )


@softmax.add(
    "You divide by the sum over the whole batch. Each row is a distribution of its own and sums "
    "to 1: `axis=-1, keepdims=True`."
)
def one_sum_for_the_batch(scores):
    return reference.softmax(np.ravel(scores)).reshape(np.shape(scores))


@softmax.add(
    "That is the sigmoid of each score by itself. Softmax lets the classes compete: powers of e, "
    "divided by their sum."
)
def sigmoid_for_softmax(scores):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(scores, dtype=float)))


@softmax.add("The scores themselves are divided by their sum; take their powers of e first.")
def no_exponential(scores):
    return _shares(np.asarray(scores, dtype=float))


predict_at = MistakeBank(reference.predict_at)


@predict_at.add(
    "A probability equal to the threshold counts as positive: compare with `>=`, not with `>`."
)
def strictly_above(probabilities, threshold):
    return np.asarray(probabilities) > threshold


@predict_at.add(
    "It is the other way round: positive means a probability *at or above* the threshold."
)
def below_the_threshold(probabilities, threshold):
    return ~reference.predict_at(probabilities, threshold)


@predict_at.add(
    "The threshold has no effect: you always cut at 0.5. The caller decides where to cut."
)
def always_one_half(probabilities, threshold):
    return reference.predict_at(probabilities, 0.5)


@predict_at.add("Return True or False for each probability, not the probability itself.")
def probabilities_kept(probabilities, threshold):
    p = np.asarray(probabilities)
    return np.where(p >= threshold, p, 0.0)


def _true_and_false_positives(target, scores):
    """Count both at every distinct score, the highest first."""
    target, scores = np.asarray(target, dtype=bool), np.asarray(scores, dtype=float)
    flagged = [scores >= threshold for threshold in np.unique(scores)[::-1]]
    return [((target & flags).sum(), (~target & flags).sum()) for flags in flagged]


def _one_for_each_sample(points, scores):
    """Repeat the point of each distinct score for all samples that have it."""
    _, samples = np.unique(scores, return_counts=True)
    return np.repeat(points, samples[::-1], axis=0)


def _strictly_above(points):
    """The points for `score > threshold`: each flags what `>=` flags at the score above it."""
    return np.vstack([[0.0, 0.0], points[:-1]])


roc_points = MistakeBank(reference.roc_points)


@roc_points.add(
    "Your columns are swapped: a point of the ROC curve is (false positive rate, true positive "
    "rate), x before y."
)
def axes_swapped(target, scores):
    return reference.roc_points(target, scores)[:, ::-1]


@roc_points.add(
    "Your points run from the lowest threshold to the highest. Begin with the highest score, where "
    "the least is flagged."
)
def ascending(target, scores):
    return reference.roc_points(target, scores)[::-1]


@roc_points.add(
    "Equal scores get a point each. No threshold can part them: take each *distinct* score once."
)
def a_point_per_sample(target, scores):
    return _one_for_each_sample(reference.roc_points(target, scores), scores)


@roc_points.add("A sample whose score equals the threshold is positive: compare with `>=`.")
def strict_threshold(target, scores):
    return _strictly_above(reference.roc_points(target, scores))


@roc_points.add(
    "There is one point more than distinct scores: this course leaves out the corner (0, 0), which "
    "belongs to a threshold above every score."
)
def origin_included(target, scores):
    return np.vstack([[0.0, 0.0], reference.roc_points(target, scores)])


@roc_points.add(
    "You divide by the number of all samples. The false positive rate is a share of the "
    "*negatives*, the true positive rate a share of the *positives*."
)
def share_of_all_samples(target, scores):
    counts = _true_and_false_positives(target, scores)
    return np.array([[fp, tp] for tp, fp in counts]) / np.size(target)


@roc_points.add(
    "Your x is 1 - precision. The false positive rate is the share of the *negatives* that were "
    "flagged, fp / (fp + tn)."
)
def one_minus_precision(target, scores):
    points = reference.precision_recall_points(target, scores)
    return np.column_stack([1 - points[:, 1], points[:, 0]])


precision_recall_points = MistakeBank(reference.precision_recall_points)


@precision_recall_points.add(
    "Your columns are swapped: a point of this curve is (recall, precision), x before y."
)
def precision_before_recall(target, scores):
    return reference.precision_recall_points(target, scores)[:, ::-1]


@precision_recall_points.add(
    "Your points run from the lowest threshold to the highest. Begin with the highest score."
)
def lowest_score_first(target, scores):
    return reference.precision_recall_points(target, scores)[::-1]


@precision_recall_points.add(
    "Equal scores get a point each. No threshold can part them: take each *distinct* score once."
)
def a_point_for_every_sample(target, scores):
    return _one_for_each_sample(reference.precision_recall_points(target, scores), scores)


@precision_recall_points.add("A sample whose score equals the threshold is positive: use `>=`.")
def strictly_above_the_threshold(target, scores):
    return _strictly_above(reference.precision_recall_points(target, scores))


@precision_recall_points.add(
    "There is one point more than distinct scores: this course leaves out the point (0, 1) that "
    "scikit-learn adds, because no threshold gives it."
)
def extra_point_at_recall_zero(target, scores):
    return np.vstack([[0.0, 1.0], reference.precision_recall_points(target, scores)])


@precision_recall_points.add(
    "Your second column is the true negatives' share. Precision is the share of the *flagged* "
    "samples that are positive, tp / (tp + fp)."
)
def specificity_for_precision(target, scores):
    negatives = np.size(target) - np.sum(target)
    counts = _true_and_false_positives(target, scores)
    return np.array([[tp / np.sum(target), ratio(negatives - fp, negatives)] for tp, fp in counts])


most_confused = MistakeBank(reference.most_confused)


@most_confused.add(
    "You return a place on the diagonal. There sit the *right* predictions; look beside it."
)
def diagonal_included(matrix):
    row, column = np.unravel_index(np.argmax(matrix), np.shape(matrix))
    return int(row), int(column)


@most_confused.add("The pair is the wrong way round: first the target (row), then the prediction.")
def prediction_before_target(matrix):
    return reference.most_confused(matrix)[::-1]


@most_confused.add(
    "You add both directions up. 1 read as 9 and 9 read as 1 are two different confusions: find "
    "the largest single count."
)
def both_directions_added(matrix):
    matrix = np.asarray(matrix)
    return reference.most_confused(np.triu(matrix + matrix.T, 1))


@most_confused.add(
    "You compare shares of each row. Asked for is the largest *count*, however frequent the class."
)
def share_of_the_row(matrix):
    matrix = np.asarray(matrix, dtype=float)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return reference.most_confused(np.round(shares * 10**9))


@most_confused.add(
    "Of equally frequent confusions you return the last; return the first in reading order."
)
def last_of_equals(matrix):
    matrix = np.asarray(matrix)
    row, column = reference.most_confused(matrix[::-1, ::-1])
    return len(matrix) - 1 - row, len(matrix) - 1 - column


@most_confused.add(
    "Of equally frequent confusions you return the first down the columns; reading order goes "
    "along the rows."
)
def first_down_the_columns(matrix):
    return reference.most_confused(np.transpose(matrix))[::-1]


@most_confused.add(
    "Only the part below the diagonal is searched. A confusion can lie on either side of it."
)
def lower_half_only(matrix):
    return reference.most_confused(np.tril(matrix, -1))


@most_confused.add(
    "Only the part above the diagonal is searched. A confusion can lie on either side of it."
)
def upper_half_only(matrix):
    return reference.most_confused(np.triu(matrix, 1))
