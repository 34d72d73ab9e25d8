# ---
# like: correct-vectorised
# submitted: 2 days late
# ---
