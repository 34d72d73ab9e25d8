# ---
# like: correct-loops
# ---
# %% T3_one_to_many
def one_to_many(x, h0, steps, W_hx, W_hh, W_yh):
    if steps < 1:
        raise ValueError("steps")
    return rnn_forward([x] * steps, h0, W_hx, W_hh, W_yh)[1]
# %% [markdown] T4_answer
Image captioning takes one image and returns many words, so it is one-to-many.
Shares and text classification are many-to-one.
