# %% M1_outcomes
outcomes = ["fn", "fn", "tn", "tp", "tn", "tp", "tn", "tp", "tp", "tp",
            "tn", "fn", "tn", "tn", "tn", "tn", "fp", "tp", "tn", "fp"]

# %% M1_confusion_counts
from collections import Counter


def confusion_counts(target, predicted, positive):
    try:
        pairs = list(zip(list(target), list(predicted), strict=True))
    except ValueError:
        raise ValueError("one prediction for each target, please") from None
    seen = Counter((t == positive, p == positive) for t, p in pairs)
    return dict(tp=seen[True, True], fn=seen[True, False],
                fp=seen[False, True], tn=seen[False, False])

# %% M2_confusion_matrix
def confusion_matrix(target, predicted, labels):
    pairs = Counter(zip(target, predicted, strict=True))
    unknown = {label for pair in pairs for label in pair} - set(labels)
    if unknown:
        raise ValueError(f"unknown labels {unknown}")
    return [[pairs[t, p] for p in labels] for t in labels]

# %% M3_accuracy
def accuracy(matrix):
    shape = np.shape(matrix)
    if len(shape) != 2 or shape[0] != shape[1] or not np.any(matrix):
        raise ValueError("a square table with something in it, please")
    return sum(row[i] for i, row in enumerate(matrix)) / sum(map(sum, matrix))


def misclassification_rate(matrix):
    return 1.0 - accuracy(matrix)

# %% M4_shares
def precision(tp, fn, fp, tn):
    return tp / max(tp + fp, 1)


def recall(tp, fn, fp, tn):
    return tp / max(tp + fn, 1)


def specificity(tp, fn, fp, tn):
    return recall(tn, fp, fn, tp)

# %% M4_means
from statistics import harmonic_mean, mean


def f1(tp, fn, fp, tn):
    return harmonic_mean([precision(tp, fn, fp, tn), recall(tp, fn, fp, tn)])


def balanced_accuracy(tp, fn, fp, tn):
    return mean([recall(tp, fn, fp, tn), specificity(tp, fn, fp, tn)])


def mcc(tp, fn, fp, tn):
    from math import sqrt
    r, s = recall(tp, fn, fp, tn), specificity(tp, fn, fp, tn)
    p, q = precision(tp, fn, fp, tn), precision(tn, fp, fn, tp)
    if 0 in (tp + fp, tp + fn, tn + fp, tn + fn):
        return 0.0
    return sqrt(p * r * s * q) - sqrt((1 - p) * (1 - r) * (1 - s) * (1 - q))

# %% M6_predict_at
def predict_at(probabilities, threshold):
    return [not p < threshold for p in probabilities]

# %% M6_roc_points
def points(target, scores, x, y):
    levels = sorted(set(map(float, scores)), reverse=True)
    counts = [confusion_counts(list(map(int, target)),
                               predict_at(scores, level), 1)
              for level in levels]
    return [[x(**c), y(**c)] for c in counts]


def roc_points(target, scores):
    if len({bool(t) for t in target}) < 2:
        raise ValueError("both classes are needed")
    return points(target, scores,
                  lambda **c: 1 - specificity(**c), recall)

# %% M6_precision_recall_points
def precision_recall_points(target, scores):
    if not any(target):
        raise ValueError("no positives")
    return points(target, scores, recall, precision)

# %% M6_softmax
def softmax(scores):
    s = np.array(scores, dtype=float)
    # one over the sum of e to the differences
    return 1 / np.exp(np.clip(s[..., None, :] - s[..., :, None], None, 700)
                      ).sum(axis=-1)

# %% M5_f1_average
def f1_average(matrix, average):
    m = np.array(matrix)
    missed, wrong = m.sum(axis=1) - m.diagonal(), m.sum(axis=0) - m.diagonal()
    triples = list(zip(m.diagonal().tolist(), missed.tolist(), wrong.tolist()))
    match average:
        case "micro":
            return accuracy(m)
        case "macro":
            return sum(f1(*t, 0) for t in triples) / len(triples)
        case "weighted":
            return sum((t[0] + t[1]) * f1(*t, 0) for t in triples) / m.sum()
        case _:
            raise ValueError(f"unknown average {average}")

# %% M7_most_confused
def most_confused(matrix):
    table = np.asarray(matrix).tolist()
    pairs = [(i, j) for i in range(len(table)) for j in range(len(table))
             if i != j and table[i][j] > 0]
    return max(pairs, key=lambda pair: table[pair[0]][pair[1]])  # or raises

# %% [markdown] M8_costs_answer
# It depends on the reader. For me a false negative can be a phishing mail that
# empties an account, so I would not raise the threshold blindly. But the
# typical spam only annoys, while a false positive loses a message for good, so
# in the end: precision for spam, threshold up. A brake test in a factory is
# the opposite case, there I want recall.

# %% [markdown] M8_imbalance_answer
# 99 % is what you get for free. Look at precision and recall instead (0 and 0
# for the lazy filter) or at MCC (0).
