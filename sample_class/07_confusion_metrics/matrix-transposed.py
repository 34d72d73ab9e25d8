# ---
# like: correct-vectorised
# submitted: 20 minutes early
# ---
# %% M2_confusion_matrix
def confusion_matrix(target, predicted, labels):
    if len(target) != len(predicted):
        raise ValueError("lengths differ")
    row = {label: i for i, label in enumerate(labels)}
    if set(target) | set(predicted) > set(labels):
        raise ValueError("a label has no row")
    matrix = np.zeros((len(row), len(row)), dtype=int)
    for t, p in zip(target, predicted):
        matrix[row[p], row[t]] += 1
    return matrix
