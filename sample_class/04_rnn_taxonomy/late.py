# ---
# like: correct-functional
# submitted: 2 days late
# ---
