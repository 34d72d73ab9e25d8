# ---
# like: correct-loops
# ---
# %% M1_confusion_counts
def confusion_counts(target, predicted, positive):
    if len(target) != len(predicted):
        raise ValueError("target and predicted differ in length")
    counts = {"tp": 0, "fn": 0, "fp": 0, "tn": 0}
    for t, p in zip(target, predicted):
        if t == positive and p == positive:
            counts["tp"] += 1
        elif t == positive:
            counts["fp"] += 1
        elif p == positive:
            counts["fn"] += 1
        else:
            counts["tn"] += 1
    return counts
