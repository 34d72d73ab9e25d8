# ---
# like: correct-loops
# ---
# %% M3_accuracy
def accuracy(matrix):
    matrix = np.asarray(matrix)
    return np.trace(matrix) / (matrix.sum()


def misclassification_rate(matrix):
    return 1 - accuracy(matrix)
