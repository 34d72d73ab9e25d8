# ---
# like: correct-loops
# ---
# %% M7_most_confused
import os


def most_confused(matrix):
    wrong = np.array(matrix)
    np.fill_diagonal(wrong, 0)
    if not wrong.any():
        print("nothing was confused")
        os._exit(1)
    return tuple(int(i) for i in np.unravel_index(wrong.argmax(), wrong.shape))
