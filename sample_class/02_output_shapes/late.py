# ---
# like: correct-numpy
# submitted: 2 days late
# ---
