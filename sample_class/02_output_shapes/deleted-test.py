# ---
# like: ceil-for-floor
# damage: deleted-cell S1_conv_output_size_hidden_values
# ---
