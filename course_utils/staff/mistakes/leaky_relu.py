"""What goes wrong around leaky ReLU: the bend, its slope, dead units and the steps of training.

Each bank carries the name of the function of the tutorial whose mistakes it holds.
"""

import numpy as np

from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import leaky_relu as reference

relu = MistakeBank(reference.relu)


@relu.add("That is the absolute value: a negative input gives 0, not its size.")
def absolute_value(x):
    return np.abs(x)


@relu.add("You keep the negative side. ReLU keeps x where x > 0, and gives 0 elsewhere.")
def negative_side_kept(x):
    return np.minimum(x, 0)


@relu.add("You return 1 for positive inputs; that is ReLU's gradient. ReLU returns x itself there.")
def gradient_for_function(x):
    return reference.relu_grad(x)


@relu.add("That is leaky ReLU: plain ReLU is exactly 0 for negative inputs.")
def leaky_for_plain(x):
    return reference.leaky_relu(x)


relu_grad = MistakeBank(reference.relu_grad)


@relu_grad.add(
    "At 0 both answers could be defended, and torch takes 0, the slope of the negative side: "
    "compare with `x > 0`, not `x >= 0`."
)
def one_at_zero(x):
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


@relu_grad.add("At 0 torch takes 0, not the middle: compare with `x > 0`.")
def half_at_zero(x):
    return np.heaviside(np.asarray(x, dtype=float), 0.5)


@relu_grad.add("You return ReLU itself. Its *slope* is 1 for every positive x, however large.")
def function_for_gradient(x):
    return reference.relu(x)


@relu_grad.add("ReLU is flat for negative inputs: the slope there is 0, not -1.")
def minus_one_for_negative(x):
    return np.sign(np.asarray(x, dtype=float))


leaky_relu = MistakeBank(reference.leaky_relu)


@leaky_relu.add(
    "You take the larger of x and a·x. That is leaky ReLU only while a is below 1: for a = 2 it "
    "picks the wrong branch on both sides. Choose by the sign of x."
)
def maximum_of_both(x, a=0.01):
    x = np.asarray(x, dtype=float)
    return np.maximum(x, a * x)


@leaky_relu.add("The negative side is 0: that is plain ReLU. Give a·x there.")
def zero_on_the_negative_side(x, a=0.01):
    return reference.relu(x)


@leaky_relu.add("The slope `a` sits on the wrong side: x stays x where it is positive.")
def slope_on_the_positive_side(x, a=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, a * x, x)


@leaky_relu.add("The argument `a` has no effect: you always use 0.01.")
def slope_ignored(x, a=0.01):
    return reference.leaky_relu(x, 0.01)


@leaky_relu.add("Negative inputs give a itself; multiply by x: the leak is a *slope*.")
def constant_leak(x, a=0.01):
    return np.where(np.asarray(x) > 0, x, a)


@leaky_relu.add(
    "Negative inputs come out positive; a·x has the sign of x as long as a is positive."
)
def sign_lost(x, a=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, x, -a * x)


@leaky_relu.add(
    "With integers for x the result loses its decimals: an array made by `zeros_like`, `copy` or "
    "`empty_like` of integers holds integers. Turn x into floats first."
)
def integers_stay_integers(x, a=0.01):
    result = np.array(x)
    leak = np.asarray(a * result)
    return np.where(result > 0, result, leak.astype(result.dtype))


leaky_relu_grad = MistakeBank(reference.leaky_relu_grad)


@leaky_relu_grad.add(
    "The gradient on the negative side is 0: that is plain ReLU's. A leak of slope a has gradient "
    "a, and that is what wakes a unit."
)
def no_gradient_on_the_negative_side(x, a=0.01):
    return reference.relu_grad(x)


@leaky_relu_grad.add("At 0 torch takes the slope of the negative side, a: compare with `x > 0`.")
def one_at_zero_too(x, a=0.01):
    return np.where(np.asarray(x) >= 0, 1.0, a)


@leaky_relu_grad.add("The two slopes have changed places: 1 belongs to positive x, a to the rest.")
def slopes_swapped(x, a=0.01):
    return np.where(np.asarray(x) > 0, a, 1.0)


@leaky_relu_grad.add("You return a·x. The slope of that line is a, whatever x.")
def value_for_slope(x, a=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, 1.0, a * x)


@leaky_relu_grad.add("The argument `a` has no effect: you always use 0.01.")
def slope_not_used(x, a=0.01):
    return reference.leaky_relu_grad(x, 0.01)


@leaky_relu_grad.add(
    "At 0 you return 0. torch counts 0 to the negative side, where the slope is a: there are two "
    "cases, not three."
)
def zero_at_zero(x, a=0.01):
    return np.where(np.asarray(x) == 0, 0.0, reference.leaky_relu_grad(x, a))


dead_units = MistakeBank(reference.dead_units)


@dead_units.add(
    "You call a unit dead that is silent on *some* sample. That is a ReLU's daily life; dead means "
    "silent on all of them: `(z <= 0).all(axis=0)`, the opposite of `(z > 0).any(axis=0)`."
)
def silent_once(pre_activations):
    return (np.asarray(pre_activations) <= 0).any(axis=0)


@dead_units.add(
    "You look at the first samples only. One silent batch makes no dead unit: the next batch may "
    "wake it, so look at every row."
)
def one_batch_for_the_data_set(pre_activations):
    z = np.asarray(pre_activations)
    return (z[: max(1, len(z) // 2)] <= 0).all(axis=0)


@dead_units.add(
    "A pre-activation of exactly 0 is silent too: output 0, gradient 0. Ask for `<= 0`, or for the "
    "absence of `> 0`."
)
def zero_taken_for_alive(pre_activations):
    return (np.asarray(pre_activations) < 0).all(axis=0)


@dead_units.add("True and False have changed places: True means dead.")
def alive_for_dead(pre_activations):
    return (np.asarray(pre_activations) > 0).any(axis=0)


@dead_units.add(
    "True marks the units that fire on *every* sample; dead are those that fire on none: the "
    "opposite of `(z > 0).any(axis=0)`."
)
def firing_always(pre_activations):
    return (np.asarray(pre_activations) > 0).all(axis=0)


@dead_units.add(
    "Your answer has one entry per sample. Units are columns: look down each column, `axis=0`."
)
def samples_for_units(pre_activations):
    return (np.asarray(pre_activations) <= 0).all(axis=1)


@dead_units.add(
    "You judge by the average. A unit that is far below 0 nearly always and above it once is alive."
)
def dead_on_average(pre_activations):
    return np.mean(pre_activations, axis=0) <= 0


train = MistakeBank(reference.train)


def _train(
    x, y, W1, b1, W2, b2, a, learning_rate, steps, *,
    activation=None, slope=None, scale=None, biases=True, hidden=True, output_first=False,
    late_loss=False,
):  # fmt: skip
    """``reference.train`` with one thing changed.

    ``activation(z, a)`` and ``slope(z, a)`` stand in for leaky ReLU and its gradient,
    ``scale(error)`` for the factor 2 / size; ``biases`` and ``hidden`` say whether these weights
    move; with ``output_first`` the first layer's gradient uses W2 after its step; with
    ``late_loss`` the loss is measured after each step.
    """
    x, y, W1, b1, W2, b2 = (np.array(v, dtype=float) for v in (x, y, W1, b1, W2, b2))
    activation = activation or reference.leaky_relu
    slope = slope or reference.leaky_relu_grad
    losses = []
    for _ in range(steps):
        z = x @ W1.T + b1
        h = activation(z, a)
        error = h @ W2.T + b2 - y
        losses.append((error**2).mean())
        d_prediction = error * (scale(error) if scale else 2 / error.size)
        new_W2 = W2 - learning_rate * d_prediction.T @ h
        d_z = d_prediction @ (new_W2 if output_first else W2) * slope(z, a)
        W2 = new_W2
        if hidden:
            W1 = W1 - learning_rate * d_z.T @ x
        if biases:
            b2 = b2 - learning_rate * d_prediction.sum(axis=0)
            b1 = b1 - learning_rate * d_z.sum(axis=0) * hidden
        if late_loss:
            z = x @ W1.T + b1
            losses[-1] = ((activation(z, a) @ W2.T + b2 - y) ** 2).mean()
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses


@train.add(
    "Forwards you use the leak, backwards the gradient of plain ReLU. On the negative side the "
    "gradient is a; with 0 there a sleeping unit never wakes."
)
def no_leak_in_the_gradient(*args, **kwargs):
    return _train(*args, **kwargs, slope=lambda z, a: reference.relu_grad(z))


@train.add(
    "On its way back to the first layer the error has to pass the activation: multiply by "
    "`leaky_relu_grad(z, a)`."
)
def activation_forgotten_in_the_gradient(*args, **kwargs):
    return _train(*args, **kwargs, slope=lambda z, a: np.ones_like(z))


@train.add(
    "You take the activation's slope at h, after the activation; it belongs at z, before it, and "
    "with a below 0 the two differ. (Or does your `leaky_relu` write its result into z?)"
)
def slope_at_the_output(*args, **kwargs):
    return _train(
        *args, **kwargs, slope=lambda z, a: reference.leaky_relu_grad(reference.leaky_relu(z, a), a)
    )


@train.add("The factor 2 is missing: the derivative of error² is 2·error.")
def factor_two_forgotten(*args, **kwargs):
    return _train(*args, **kwargs, scale=lambda error: 1 / error.size)


@train.add(
    "The loss is a *mean*, over all numbers in y, so its gradient is divided by their number; "
    "yours is that of the sum."
)
def sum_for_mean(*args, **kwargs):
    return _train(*args, **kwargs, scale=lambda error: 2.0)


@train.add(
    "You divide by the number of samples only. The mean runs over all numbers in y, samples times "
    "outputs."
)
def mean_over_samples_only(*args, **kwargs):
    return _train(*args, **kwargs, scale=lambda error: 2 / len(error))


@train.add(
    "You change W2 before you use it for the first layer's gradient. Compute all gradients at the "
    "same place first, then take all the steps."
)
def output_layer_first(*args, **kwargs):
    return _train(*args, **kwargs, output_first=True)


@train.add("The biases do not move. They have gradients too: the sums over the samples.")
def biases_frozen(*args, **kwargs):
    return _train(*args, **kwargs, biases=False)


@train.add("The first layer does not move: W1 and b1 have gradients as well.")
def first_layer_frozen(*args, **kwargs):
    return _train(*args, **kwargs, hidden=False)


@train.add("You climb: subtract the gradient to make the loss smaller.")
def uphill(x, y, W1, b1, W2, b2, a, learning_rate, steps):
    return _train(x, y, W1, b1, W2, b2, a, -learning_rate, steps)


@train.add(
    "Your weights are right and your losses come one step late: note the loss *before* each step."
)
def loss_after_the_step(*args, **kwargs):
    return _train(*args, **kwargs, late_loss=True)


@train.add(
    "Your activation has its slopes on the wrong sides. If you call your own `leaky_relu` and "
    "`leaky_relu_grad`, mend them first; `train` itself may be right."
)
def built_on_slopes_swapped(*args, **kwargs):
    return _train(
        *args,
        **kwargs,
        activation=lambda z, a: np.where(z > 0, a * z, z),
        slope=lambda z, a: np.where(z > 0, a, 1.0),
    )


@train.add(
    "Above a = 1 your activation takes the larger of x and a·x. If you call your own `leaky_relu`, "
    "mend it first; `train` itself may be right."
)
def built_on_the_larger_of_both(*args, **kwargs):
    return _train(*args, **kwargs, activation=lambda z, a: np.maximum(z, a * z))


collapse = MistakeBank(reference.collapse)


@collapse.add(
    "The product is the wrong way round. The first layer acts first, so it stands on the right: "
    "W2 W1."
)
def product_the_wrong_way_round(W1, b1, W2, b2):
    _, b = reference.collapse(W1, b1, W2, b2)
    return np.matmul(W1, W2), b


@collapse.add("Your W is transposed: one row per output, one column per input.")
def product_transposed(W1, b1, W2, b2):
    W, b = reference.collapse(W1, b1, W2, b2)
    return W.T, b


@collapse.add(
    "b1 goes through the second layer as well: it arrives as W2 b1, and b2 is added to that."
)
def first_bias_not_carried_through(W1, b1, W2, b2):
    W, _ = reference.collapse(W1, b1, W2, b2)
    return W, np.add(b1, b2)


@collapse.add("The first layer's bias is lost: it arrives at the output as W2 b1.")
def first_bias_forgotten(W1, b1, W2, b2):
    return reference.collapse(W1, np.zeros(len(b1)), W2, b2)


@collapse.add("The second layer's bias is missing: b = W2 b1 + b2.")
def second_bias_forgotten(W1, b1, W2, b2):
    return reference.collapse(W1, b1, W2, np.zeros(len(b2)))
