# %% M1_outcomes
outcomes = [("t" if t == p else "f") + ("p" if p == "spam" else "n")
            for t, p in zip(TARGET, PREDICTED)]

# %% M1_confusion_counts
def confusion_counts(target, predicted, positive):
    t = np.array([label == positive for label in target])
    p = np.array([label == positive for label in predicted])
    if t.size != p.size:
        raise ValueError(f"{t.size} and {p.size} labels")
    return {"tp": np.sum(t & p), "fn": np.sum(t & ~p),
            "fp": np.sum(~t & p), "tn": np.sum(~t & ~p)}

# %% M2_confusion_matrix
def confusion_matrix(target, predicted, labels):
    labels, target, predicted = map(np.asarray, (labels, target, predicted))
    if target.shape != predicted.shape:
        raise ValueError("lengths differ")
    is_target = target[:, None] == labels
    is_predicted = predicted[:, None] == labels
    if not (is_target.any(axis=1) & is_predicted.any(axis=1)).all():
        raise ValueError("a label has no row")
    return is_target.T.astype(int) @ is_predicted.astype(int)

# %% M3_accuracy
def accuracy(matrix):
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2 or len(set(matrix.shape)) > 1 or matrix.sum() == 0:
        raise ValueError(f"no accuracy for {matrix.tolist()}")
    return matrix.diagonal().sum() / matrix.sum()


def misclassification_rate(matrix):
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or len(set(matrix.shape)) > 1 or matrix.sum() == 0:
        raise ValueError(f"no rate for {matrix.tolist()}")
    return matrix[~np.eye(len(matrix), dtype=bool)].sum() / matrix.sum()

# %% M4_shares
def over(part, whole):
    return np.divide(part, whole, out=np.zeros(()), where=whole != 0)


def precision(tp, fn, fp, tn):
    return over(tp, tp + fp)


def recall(tp, fn, fp, tn):
    return over(tp, tp + fn)


def specificity(tp, fn, fp, tn):
    return over(tn, fp + tn)

# %% M4_means
def f1(tp, fn, fp, tn):
    return over(tp, tp + (fn + fp) / 2)


def balanced_accuracy(tp, fn, fp, tn):
    return np.mean([recall(tp, fn, fp, tn), specificity(tp, fn, fp, tn)])


def mcc(tp, fn, fp, tn):
    margins = np.array([tp + fp, tp + fn, tn + fp, tn + fn], dtype=float)
    return over(float(tp * tn - fp * fn), np.sqrt(margins.prod()))

# %% M6_predict_at
def predict_at(probabilities, threshold):
    return np.greater_equal(probabilities, threshold)

# %% M6_roc_points
def flagged(target, scores):
    """Cumulative true and false positives at the end of each run of ties."""
    order = np.argsort(scores)[::-1]
    scores = np.asarray(scores)[order]
    hits = np.asarray(target, dtype=int)[order]
    last = np.append(np.diff(scores) != 0, True)
    return np.cumsum(hits)[last], np.cumsum(1 - hits)[last]


def roc_points(target, scores):
    tp, fp = flagged(target, scores)
    if tp[-1] == 0 or fp[-1] == 0:
        raise ValueError("one class is missing")
    return np.column_stack([fp / fp[-1], tp / tp[-1]])

# %% M6_precision_recall_points
def precision_recall_points(target, scores):
    tp, fp = flagged(target, scores)
    if tp[-1] == 0:
        raise ValueError("no positives")
    return np.column_stack([tp / tp[-1], tp / (tp + fp)])

# %% M6_softmax
def softmax(scores):
    s = np.asarray(scores, dtype=float)
    s = s - np.max(s, axis=-1, keepdims=True)
    return np.exp(s - np.log(np.exp(s).sum(axis=-1, keepdims=True)))

# %% M5_f1_average
def f1_average(matrix, average):
    m = np.asarray(matrix, dtype=float)
    tp, row, column = m.diagonal(), m.sum(axis=1), m.sum(axis=0)
    each = 2 * tp / np.where(row + column > 0, row + column, 1)
    ways = {"macro": np.full(len(m), 1 / len(m)),
            "weighted": row / m.sum(),
            "micro": (row + column) / (row + column).sum()}
    if average not in ways:
        raise ValueError(f"{average} is none of {list(ways)}")
    return each @ ways[average]

# %% M7_most_confused
def most_confused(matrix):
    m = np.asarray(matrix) * (1 - np.eye(len(matrix), dtype=int))
    if m.max() == 0:
        raise ValueError("perfect")
    return divmod(int(np.argmax(m)), len(m))

# %% [markdown] M8_costs_answer
# False positives, because a real mail disappears and nobody is told. So:
# precision, and a threshold well above 0.5. In cancer screening it is the
# other way round, a miss is fatal and a false alarm only means another test.

# %% [markdown] M8_imbalance_answer
# Calling everything ham gives 99 % too. Recall of spam would be 0, balanced
# accuracy 0.5. A ROC curve does not see the 99:1, because both of its axes are
# shares within one class, so it stays good while precision gets bad.
