# ---
# like: correct-vectorised
# ---
# %% M3_accuracy
def accuracy(matrix):
    m = np.asarray(matrix, dtype=np.float32)
    if m.ndim != 2 or m.shape != m.T.shape or m.sum() == 0:
        raise ValueError("no accuracy")
    return np.einsum("ii->", m) / m.sum()


def misclassification_rate(matrix):
    return np.float32(1) - accuracy(matrix)

# %% M4_shares
def over(part, whole):
    return np.float32(part) / np.float32(whole) if whole else np.float32(0)


def precision(tp, fn, fp, tn):
    return over(tp, tp + fp)


def recall(tp, fn, fp, tn):
    return over(tp, tp + fn)


def specificity(tp, fn, fp, tn):
    return over(tn, tn + fp)

# %% M4_means
def f1(tp, fn, fp, tn):
    return over(2 * tp, 2 * tp + fp + fn)


def balanced_accuracy(tp, fn, fp, tn):
    return (recall(tp, fn, fp, tn) + specificity(tp, fn, fp, tn)) / 2


def mcc(tp, fn, fp, tn):
    root = np.float32(1)
    for margin in (tp + fp, tp + fn, tn + fp, tn + fn):
        root *= np.sqrt(np.float32(margin))
    return over(tp * tn - fp * fn, root)

# %% M6_softmax
def softmax(scores):
    s = np.asarray(scores, dtype=np.float32)
    powers = np.exp(s - s.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

# %% M6_roc_points
def rates(target, scores):
    target = np.asarray(target, dtype=np.float32)
    levels = -np.unique(-np.asarray(scores, dtype=np.float64))
    called = (np.asarray(scores) >= levels[:, None]).astype(np.float32)
    return called @ target, called @ (1 - target)


def roc_points(target, scores):
    tp, fp = rates(target, scores)
    if not tp[-1] or not fp[-1]:
        raise ValueError("positives and negatives, please")
    return np.stack([fp / fp[-1], tp / tp[-1]], axis=1)

# %% M6_precision_recall_points
def precision_recall_points(target, scores):
    tp, fp = rates(target, scores)
    if not tp[-1]:
        raise ValueError("a positive, please")
    return np.stack([tp / tp[-1], tp / (tp + fp)], axis=1)
