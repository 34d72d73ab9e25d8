# %% L1_relu
def relu(x):
    x = np.asarray(x, dtype=float)
    return (x + abs(x)) / 2


def relu_grad(x):
    return (np.asarray(x) > 0) * 1.0

# %% L1_leaky_relu
def leaky_relu(x, a=0.01):
    x = np.array(x, dtype=float)
    return x.clip(min=0) + a * x.clip(max=0)


def leaky_relu_grad(x, a=0.01):
    positive = np.array(x) > 0
    return positive + a * (1 - positive)

# %% L2_dead_units
def dead_units(pre_activations):
    samples, units = np.shape(pre_activations)  # or ValueError
    return np.max(pre_activations, axis=0) <= 0

# %% L3_train
def step(x, y, w, a, rate):
    W1, b1, W2, b2 = w
    z = np.einsum("nd,hd->nh", x, W1) + b1
    h = leaky_relu(z, a)
    error = np.einsum("nh,oh->no", h, W2) + b2 - y
    d = error * (2 / error.size)
    dz = np.einsum("no,oh->nh", d, W2) * leaky_relu_grad(z, a)
    gradients = (np.einsum("nh,nd->hd", dz, x), np.einsum("nh->h", dz),
                 np.einsum("no,nh->oh", d, h), np.einsum("no->o", d))
    new = tuple(v - rate * g for v, g in zip(w, gradients))
    return new, np.square(error).mean()


def train(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    w = tuple(np.asarray(v, dtype=float) for v in (W1, b1, W2, b2))
    if y.shape != (x.shape[0], w[3].shape[0]):
        raise ValueError(f"targets of shape {y.shape}")
    losses = []
    while len(losses) < steps:
        w, loss = step(x, y, w, a, learning_rate)
        losses.append(loss)
    return dict(zip(("W1", "b1", "W2", "b2"), w)), losses

# %% L4_collapse
def collapse(W1, b1, W2, b2):
    # append the bias as one more column: [W1 b1] then [W2 b2]
    first = np.column_stack([W1, b1])
    both = np.dot(W2, first)
    both[:, -1] += b2
    return both[:, :-1], both[:, -1]

# %% [markdown] L5_help_answer
# ReLU passes no gradient where the pre-activation is negative. If that is so
# for every sample, the unit is cut off from the error. With a leak a share a
# of the gradient passes, so the weights go on moving. First limit: the push is
# a times smaller, so waking took 1610 steps for a = 0.01. Second: nothing says
# that waking lowers the loss; at a = 0.3 lying down was good enough.

# %% [markdown] L5_one_answer
# f(x) = x then, so no non-linearity is left and the network can only draw
# lines, whatever its depth. Remedies: ELU or GELU, which have no flat side;
# layer norm, so that about half of the pre-activations are positive; gradient
# clipping, so that a single bad batch cannot kill a unit.
