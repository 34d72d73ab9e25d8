# ---
# like: correct-loops
# ---
# %% M6_predict_at
def predict_at(probabilities, threshold):
    called, i = [], 0
    while i < len(probabilities):
        called.append(probabilities[i] >= threshold)
    return called
