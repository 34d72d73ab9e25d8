"""The metrics against scikit-learn (SciPy for softmax), on random labels, tables and scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import special
from sklearn import datasets, linear_model, metrics

from course_utils.datasets import confusion_metrics as data
from course_utils.staff.reference import confusion_metrics as reference

LABELS = ["spam", "ham", "note", "list"]
RATIOS = ("precision", "recall", "specificity", "f1", "balanced_accuracy", "mcc")

labels = st.sampled_from(LABELS)
predictions = st.lists(st.tuples(labels, labels), min_size=1, max_size=40)
orders = st.permutations(LABELS)
counts = st.integers(0, 40)
tables = arrays.arrays(
    np.int64, st.integers(2, 5).map(lambda n: (n, n)), elements=st.integers(0, 30)
).filter(np.any)


def split(pairs):
    return [truth for truth, _ in pairs], [guess for _, guess in pairs]


def samples(table):
    """Targets and predictions that a table counts."""
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


@st.composite
def targets_and_scores(draw):
    """Some positives and negatives in any order, with scores that often tie."""
    target = draw(st.lists(st.booleans(), min_size=2, max_size=30).filter(lambda t: sum(t) > 0))
    scores = draw(st.lists(st.integers(-5, 5), min_size=len(target), max_size=len(target)))
    return np.array(target), np.array(scores) / 4


@given(pairs=predictions, order=orders)
def test_confusion_matrix_is_scikit_learns_in_the_order_of_labels(pairs, order):
    target, predicted = split(pairs)
    expected = metrics.confusion_matrix(target, predicted, labels=order)
    np.testing.assert_array_equal(reference.confusion_matrix(target, predicted, order), expected)


@given(pairs=predictions, positive=labels)
def test_confusion_counts_are_scikit_learns_one_against_the_rest(pairs, positive):
    target, predicted = split(pairs)
    (tn, fp), (fn, tp) = metrics.confusion_matrix(
        [t == positive for t in target], [p == positive for p in predicted], labels=[False, True]
    )
    found = reference.confusion_counts(target, predicted, positive)
    assert found == {"tp": tp, "fn": fn, "fp": fp, "tn": tn}


@given(table=tables)
def test_accuracy_and_misclassification_rate_are_scikit_learns(table):
    target, predicted = samples(table)
    expected = metrics.accuracy_score(target, predicted)
    assert reference.accuracy(table) == pytest.approx(expected)
    assert reference.misclassification_rate(table) == pytest.approx(1 - expected)


@given(tp=counts, fn=counts, fp=counts, tn=counts)
def test_ratios_are_scikit_learns_with_zero_for_nothing(tp, fn, fp, tn):
    if tp + fn + fp + tn == 0:
        assert [getattr(reference, name)(0, 0, 0, 0) for name in RATIOS] == [0.0] * 6
        return
    target = [1] * (tp + fn) + [0] * (fp + tn)
    predicted = [1] * tp + [0] * fn + [1] * fp + [0] * tn
    silent = {"zero_division": 0}
    true_negative_rate = metrics.recall_score(target, predicted, pos_label=0, **silent)
    sensitivity = metrics.recall_score(target, predicted, **silent)
    expected = {
        "precision": metrics.precision_score(target, predicted, **silent),
        "recall": sensitivity,
        "specificity": true_negative_rate,
        "f1": metrics.f1_score(target, predicted, **silent),
        "balanced_accuracy": (sensitivity + true_negative_rate) / 2,
    }
    if len(set(target) | set(predicted)) == 2:  # with one label left scikit-learn warns
        expected["mcc"] = metrics.matthews_corrcoef(target, predicted)
    if len(set(target)) == 2:  # scikit-learn leaves a class without samples out of this mean
        assert metrics.balanced_accuracy_score(target, predicted) == pytest.approx(
            expected["balanced_accuracy"]
        )
    found = {name: getattr(reference, name)(tp, fn, fp, tn) for name in expected}
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@given(table=tables)
def test_f1_average_is_scikit_learns_over_all_classes_of_the_table(average, table):
    target, predicted = samples(table)
    expected = metrics.f1_score(
        target, predicted, labels=range(len(table)), average=average, zero_division=0
    )
    assert reference.f1_average(table, average) == pytest.approx(expected)


@given(table=tables)
def test_micro_f1_is_accuracy_when_every_sample_has_one_label(table):
    assert reference.f1_average(table, "micro") == pytest.approx(reference.accuracy(table))


@given(
    scores=arrays.arrays(
        np.float64, arrays.array_shapes(max_dims=2), elements=st.floats(-2000, 2000)
    )
)
def test_softmax_is_scipys(scores):
    found = reference.softmax(scores)
    np.testing.assert_allclose(found, special.softmax(scores, axis=-1), atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=-1), 1)


@given(case=targets_and_scores())
def test_roc_points_are_scikit_learns_after_the_corner_at_the_origin(case):
    target, scores = case
    if target.all():
        with pytest.raises(ValueError, match="target holds no negative"):
            reference.roc_points(target, scores)
        return
    rates = metrics.roc_curve(target, scores, drop_intermediate=False)[:2]
    np.testing.assert_allclose(reference.roc_points(target, scores), np.transpose(rates)[1:])


@given(case=targets_and_scores())
def test_precision_recall_points_are_scikit_learns_the_other_way_round(case):
    target, scores = case
    precision, recall, _ = metrics.precision_recall_curve(target, scores)
    expected = np.transpose([recall, precision])[:-1][::-1]  # last comes the point (0, 1)
    np.testing.assert_allclose(reference.precision_recall_points(target, scores), expected)


@given(case=targets_and_scores(), copies=st.integers(2, 30))
def test_repeating_every_negative_leaves_the_roc_curve_where_it_was(case, copies):
    target, scores = case
    if target.all():
        return
    repeats = np.where(target, 1, copies)
    many = np.repeat(target, repeats), np.repeat(scores, repeats)
    np.testing.assert_allclose(
        reference.roc_points(*many), reference.roc_points(target, scores), atol=1e-12
    )
    rarer = reference.precision_recall_points(*many)
    assert (rarer <= reference.precision_recall_points(target, scores) + 1e-12).all()


@given(case=targets_and_scores(), threshold=st.floats(0, 1))
def test_predict_at_includes_the_threshold(case, threshold):
    probabilities = (case[1] + 1.25) / 2.5
    expected = [p > threshold or p == threshold for p in probabilities]
    assert reference.predict_at(probabilities, threshold).tolist() == expected


@given(table=tables)
def test_most_confused_is_off_the_diagonal_and_nothing_there_is_larger(table):
    off = table[~np.eye(len(table), dtype=bool)]
    if not off.any():
        with pytest.raises(ValueError, match="nothing was confused"):
            reference.most_confused(table)
        return
    place = reference.most_confused(table)
    assert place[0] != place[1]
    assert table[place] == off.max()


class TestFactsOfTheCurriculum:
    def test_m1_outcomes_of_twenty_predictions(self):
        letters = "SH SH HH SS HH SS HH SS SS SS HH SH HH HH HH HH HS SS HH HS"
        pairs = letters.split(" ")
        words = {"S": "spam", "H": "ham"}
        assert list(data.TARGET) == [words[pair[0]] for pair in pairs]
        assert list(data.PREDICTED) == [words[pair[1]] for pair in pairs]
        counted = reference.confusion_counts(data.TARGET, data.PREDICTED, "spam")
        assert counted == {"tp": 6, "fn": 3, "fp": 2, "tn": 9}

    def test_m2_order_of_labels(self):
        found = reference.confusion_matrix(data.TARGET, data.PREDICTED, ("spam", "ham"))
        assert found.tolist() == [[6, 3], [2, 9]]
        assert metrics.confusion_matrix(data.TARGET, data.PREDICTED).tolist() == [[9, 2], [3, 6]]

    def test_m3_and_m4_ratios(self):
        table = [[6, 3], [2, 9]]
        assert (reference.accuracy(table), reference.misclassification_rate(table)) == (0.75, 0.25)
        found = [round(getattr(reference, name)(6, 3, 2, 9), 3) for name in RATIOS[:4]]
        assert found == [0.75, 0.667, 0.818, 0.706]

    def test_m5_three_classes(self):
        table = reference.confusion_matrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], [0, 1, 2])
        assert table.tolist() == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]
        assert round(reference.accuracy(table), 3) == 0.667
        assert round(reference.f1_average(table, "macro"), 3) == 0.489
        assert reference.f1_average(table, "weighted") == pytest.approx(0.6)

    def test_m6_the_inboxs_probabilities_give_its_predictions_at_one_half(self):
        flags = reference.predict_at(data.PROBABILITIES, 0.5)
        assert ["spam" if flag else "ham" for flag in flags] == list(data.PREDICTED)


class TestFactsThatTheNotebookTells:
    def test_who_is_positive_changes_f1_but_neither_balanced_accuracy_nor_mcc(self):
        spam, ham = (6, 3, 2, 9), (9, 2, 3, 6)
        assert round(reference.f1(*spam), 3) == 0.706 and round(reference.f1(*ham), 3) == 0.783
        assert reference.mcc(*spam) == pytest.approx(reference.mcc(*ham))
        assert reference.balanced_accuracy(*spam) == reference.balanced_accuracy(*ham)

    def test_precision_may_rise_when_the_threshold_falls(self):
        spam = np.array(data.TARGET) == "spam"
        flags = {at: reference.predict_at(data.PROBABILITIES, at) for at in (0.6, 0.52, 0.45, 0.3)}
        found = [round(float(spam[called].mean()), 2) for called in flags.values()]
        assert found == [0.86, 0.75, 0.78, 0.67]

    def test_one_is_called_nine_ten_times_and_nearly_always_in_one_stretch(self):
        target, scores, _ = data.digit_scores()
        called = scores.argmax(axis=1)
        table = reference.confusion_matrix(target, called, range(10))
        assert reference.most_confused(table) == (1, 9)
        assert (table[1, 9], table[9, 1]) == (10, 0)
        assert sorted(table[~np.eye(10, dtype=bool)])[-2] == 5
        assert round(reference.accuracy(table), 2) == 0.93
        assert round(reference.f1_average(table, "macro"), 2) == 0.93
        stretch = np.zeros(797, dtype=bool)
        stretch[415:545] = True
        ones, nines = target == 1, (target == 1) & (called == 9)
        assert ((stretch & nines).sum(), (stretch & ones).sum()) == (9, 13)
        assert ((~stretch & nines).sum(), (~stretch & ones).sum()) == (1, 67)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("confusion_counts", (["a"], ["a", "b"], "a"), "target has 1 labels and predicted 2"),
        ("confusion_counts", ("spam", ["a"], "a"), "target is 'spam'; it takes a list of labels"),
        ("confusion_counts", ([0.5], ["a"], "a"), "target holds 0.5; it takes strings or whole"),
        ("confusion_matrix", (["a"], ["b"], ["a"]), "'b' is not in labels ['a']"),
        ("confusion_matrix", (["a"], ["a"], ["a", "a"]), "it takes each label once"),
        ("confusion_matrix", ([], [], []), "labels is []; it takes each label once"),
        ("accuracy", ([[1, 2, 3], [4, 5, 6]],), "matrix has shape (2, 3); it takes as many rows"),
        ("accuracy", ([[0, 0], [0, 0]],), "matrix counts nothing"),
        ("misclassification_rate", ([[1, -1], [0, 2]],), "it takes counts: 0, 1, 2"),
        ("misclassification_rate", ([[0.5, 1], [0, 2]],), "it takes counts: 0, 1, 2"),
        ("precision", (-1, 2, 3, 4), "tp is -1; it takes a whole number from 0 up"),
        ("recall", (1, 2.5, 3, 4), "fn is 2.5; it takes a whole number from 0 up"),
        ("specificity", (1, 2, "3", 4), "fp is '3'"),
        ("mcc", (1, 2, 3, None), "tn is None"),
        ("f1_average", ([[1, 0], [0, 1]], "mean"), "average is 'mean'; it takes one of macro"),
        ("softmax", ([[[1.0]]],), "scores has shape (1, 1, 1); it takes two axes"),
        ("softmax", ([np.nan, 1],), "scores holds nan at [0]"),
        ("softmax", (3.0,), "scores has shape (); it takes one axis"),
        ("predict_at", ([0.5, 1.5], 0.5), "probabilities holds 1.5; it takes numbers from 0 to 1"),
        ("predict_at", ([0.5], np.inf), "threshold holds inf"),
        ("roc_points", ([1, 0], [0.5]), "target has 2 entries and scores 1"),
        ("roc_points", ([1, 2], [0.5, 0.1]), "target holds [1. 2.]; it takes 1 (positive) and 0"),
        ("roc_points", ([0, 0], [0.5, 0.1]), "target holds no positive"),
        ("roc_points", ([1, 1], [0.5, 0.1]), "target holds no negative"),
        ("precision_recall_points", ([0, 0], [0.5, 0.1]), "target holds no positive"),
        ("most_confused", ([[2, 0], [0, 3]],), "nothing was confused"),
        ("most_confused", ([[2]],), "nothing was confused"),
    ],
)
def test_impossible_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError) as error:
        getattr(reference, function)(*arguments)
    assert message in str(error.value)


def test_digit_reader_repeats_itself_and_is_about_as_good_as_logistic_regression():
    target, scores, images = data.digit_scores()
    assert (target.shape, scores.shape, images.shape) == ((797,), (797, 10), (797, 8, 8))
    np.testing.assert_array_equal(scores, data.digit_scores()[1])
    pixels, labels = datasets.load_digits(return_X_y=True)
    np.testing.assert_array_equal(labels[1000:], target)
    np.testing.assert_allclose(pixels[1000:].reshape(-1, 8, 8) / 16, images)
    library = linear_model.LogisticRegression(max_iter=1000).fit(pixels[:1000] / 16, labels[:1000])
    theirs = library.score(pixels[1000:] / 16, target)
    assert (scores.argmax(axis=1) == target).mean() == pytest.approx(theirs, abs=0.02)
