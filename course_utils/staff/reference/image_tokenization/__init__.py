"""Images as sequences of tokens: by hand, vectorised, and with torch.

The names exported here are the by-hand versions, written to be read. ``with_torch`` also trains
the networks; it is not imported here, because it is the only module that needs torch. ``judge``
says which properties of trained networks and of free designs are graded, ``cases`` makes the
inputs of the hidden tests.
"""

from course_utils.staff.reference.image_tokenization.by_hand import (
    column_tokens,
    depth_needed,
    own_tokens,
    patch_embedding,
    patch_tokens,
    row_tokens,
    scale_pixels,
    sentiment_states,
    token_spread,
    untokenize,
    window_tokens,
    words_seen,
)

__all__ = [
    "column_tokens",
    "depth_needed",
    "own_tokens",
    "patch_embedding",
    "patch_tokens",
    "row_tokens",
    "scale_pixels",
    "sentiment_states",
    "token_spread",
    "untokenize",
    "window_tokens",
    "words_seen",
]
