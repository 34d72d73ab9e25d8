# ---
# like: reshape-for-patches
# damage: deleted-cell I1_patch_tokens_hidden_values
# ---
