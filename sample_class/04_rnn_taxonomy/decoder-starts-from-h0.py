# ---
# like: correct-vectorised
# ---
# %% T3_encoder_decoder
def encoder_decoder(xs, h0, steps, encoder, decoder):
    h = h0
    for x in xs:
        h = rnn_cell(x, h, **encoder)
    zeros = np.zeros(decoder["W_hx"].shape[1])
    return one_to_many(zeros, h0, steps, **decoder)
