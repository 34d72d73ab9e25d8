# ---
# like: jump-too-early
# damage: deleted-cell R2_receptive_field_hidden_strides
# ---
