# ---
# like: correct-loops
# ---
# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    return each(lambda value: a * value if value > 0 else value, x)


def leaky_relu_grad(x, a=0.01):
    return each(lambda value: a if value > 0 else 1, x)

# %% [markdown] L5_help_answer
# It has a slope a, so it does not explode.
