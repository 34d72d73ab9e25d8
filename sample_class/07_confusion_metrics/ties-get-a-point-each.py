# ---
# like: correct-vectorised
# ---
# %% M6_roc_points
def flagged(target, scores):
    levels = sorted(scores, reverse=True)
    target = np.asarray(target, dtype=bool)
    called = np.asarray(scores) >= np.asarray(levels)[:, None]
    return (called & target).sum(axis=1), (called & ~target).sum(axis=1)


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
