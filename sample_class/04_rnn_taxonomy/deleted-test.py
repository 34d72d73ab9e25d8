# ---
# like: h0-ignored
# damage: deleted-cell T1_rnn_forward_hidden_values
# ---
