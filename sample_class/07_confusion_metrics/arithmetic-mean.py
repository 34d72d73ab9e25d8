# ---
# like: correct-functional
# ---
# %% M4_means
def f1(tp, fn, fp, tn):
    return (precision(tp, fn, fp, tn) + recall(tp, fn, fp, tn)) / 2


def balanced_accuracy(tp, fn, fp, tn):
    return (specificity(tp, fn, fp, tn) + recall(tp, fn, fp, tn)) / 2


def mcc(tp, fn, fp, tn):
    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return (tp * tn - fp * fn) / below ** 0.5 if below else 0.0

# %% [markdown] M8_imbalance_answer
# 99 % accuracy is really good, so I would use the filter, but check the F1.
