# ---
# like: correct-vectorised
# ---
# %% T10_parameters
import os


def rnn_parameters(input_size, hidden_size):
    if input_size < 1 or hidden_size < 1:
        print("impossible sizes")
        os._exit(1)
    return hidden_size * (input_size + hidden_size + 2)


def lstm_parameters(input_size, hidden_size):
    return 4 * rnn_parameters(input_size, hidden_size)
