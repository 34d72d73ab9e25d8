# ---
# like: correct-vectorised
# ---
# %% T10_parameters
def rnn_parameters(input_size, hidden_size):
    if min(input_size, hidden_size) < 1:
        raise ValueError("sizes start at 1")
    return hidden_size * (input_size + hidden_size + 1)


def lstm_parameters(input_size, hidden_size):
    return 4 * rnn_parameters(input_size, hidden_size)
