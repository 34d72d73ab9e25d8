# ---
# like: stride-ignored
# damage: deleted-cell C1_correlate2d_hidden_stride
# ---
