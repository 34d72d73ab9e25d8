# ---
# like: correct-counting
# damage: truncated
# ---
