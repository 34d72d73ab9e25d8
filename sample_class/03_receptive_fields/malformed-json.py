# ---
# like: correct-start-and-jump
# damage: truncated
# ---
