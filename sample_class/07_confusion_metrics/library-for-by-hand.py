# ---
# like: correct-vectorised
# ---
# %% M2_confusion_matrix
def confusion_matrix(target, predicted, labels):
    from sklearn import metrics

    if not set(target) | set(predicted) <= set(labels):
        raise ValueError("a label has no row")
    return metrics.confusion_matrix(target, predicted, labels=labels)
