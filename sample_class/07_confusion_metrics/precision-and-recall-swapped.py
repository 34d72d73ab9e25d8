# ---
# like: correct-loops
# ---
# %% M4_shares
def precision(tp, fn, fp, tn):
    return tp / (tp + fn) if tp + fn else 0.0


def recall(tp, fn, fp, tn):
    return tp / (tp + fp) if tp + fp else 0.0


def specificity(tp, fn, fp, tn):
    return tn / (tn + fp) if tn + fp else 0.0

# %% [markdown] M8_costs_answer
# False positives cost more, so recall must be high and the threshold low.
