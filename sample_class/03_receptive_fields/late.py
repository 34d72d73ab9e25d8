# ---
# like: correct-start-and-jump
# submitted: 2 days late
# ---
