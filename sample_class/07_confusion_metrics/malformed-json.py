# ---
# like: correct-vectorised
# damage: truncated
# ---
