# ---
# like: correct-vectorised
# submitted: 20 minutes early
# ---
# %% C14_conv_layer
def conv_layer(x, weight, bias, activation="relu"):
    if activation not in ("relu", "sigmoid", "tanh", "identity"):
        raise ValueError(f"unknown activation {activation!r}")
    return conv2d(x, weight, bias)
