# ---
# submitted: 1 day early
# ---
