"""Recurrent networks three ways: by hand, with torch, and as cases for the hidden tests.

The names exported here are the by-hand versions, written to be read; ``with_torch`` holds the
same functions under the same names, computed by torch's own layers and automatic
differentiation. ``cases`` makes the random inputs on which the hidden tests compare a student's
function with these.

``with_torch`` is not imported here: it is the only one that needs torch.
"""

from course_utils.staff.reference.rnn_taxonomy.by_hand import (
    bptt,
    clip_gradients,
    encoder_decoder,
    gradient_norms,
    lstm_cell,
    lstm_parameters,
    many_to_many,
    many_to_one,
    one_to_many,
    rnn_cell,
    rnn_forward,
    rnn_parameters,
    softmax,
)

__all__ = [
    "bptt",
    "clip_gradients",
    "encoder_decoder",
    "gradient_norms",
    "lstm_cell",
    "lstm_parameters",
    "many_to_many",
    "many_to_one",
    "one_to_many",
    "rnn_cell",
    "rnn_forward",
    "rnn_parameters",
    "softmax",
]
