# ---
# like: correct-vectorised
# ---
# %% M5_f1_average
def f1_average(matrix, average):
    m = np.asarray(matrix)
    tp, row, column = np.diag(m), m.sum(axis=1), m.sum(axis=0)
    seen = row + column > 0
    each = 2 * tp[seen] / (row + column)[seen]
    if average == "macro":
        return each.mean()
    if average == "micro":
        return tp.sum() / m.sum()
    if average == "weighted":
        return (each * row[seen]).sum() / row.sum()
    raise ValueError(average)
