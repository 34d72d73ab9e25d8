"""What is graded where many answers are right: trained networks and tokenizations of one's own.

A *judge* takes a function and returns one with the arguments of ``cases``, which calls the
function and sums up the properties of what it returned in one sentence, ``GOOD`` where all hold,
and ``None`` where it returned nothing. So ``check.agrees`` can compare it with ``good`` of it, and
with what known mistakes earn.
"""

import functools

import numpy as np
from scipy.optimize import linear_sum_assignment

from course_utils.check import case, forbidden
from course_utils.check.plain import to_numeric_array, to_plain
from course_utils.check.wording import describe_kind
from course_utils.staff.reference.image_tokenization import by_hand

GOOD = "all as it should be"
COPIES = MIXTURES = 150
INKED, INK = 1500, 16  # images that are ink all over, and their pixels
SAME = 0.98  # share of equal labels that counts as "the same"; float noise flips next to none
GUESSING = 0.25  # an accuracy up to here is no better than luck with ten classes

APART = 0.7  # an accuracy from here on, under other names, is no luck either
FEWEST = 15  # mixtures of images with different labels, for a verdict on tokens
REPEATS = 3  # of a tokenization: luck gives few random orders twice
FEW = 20  # images that are enough to see which layers a network has
CONVOLUTIONS = ("torch.nn.modules.conv", "torch.nn.functional.conv2d")
RECURRENT_LAYERS = ("torch.nn.modules.rnn",)

TOKENIZERS = {
    "rows": by_hand.row_tokens,
    "columns": by_hand.column_tokens,
    "patches4": lambda image: by_hand.patch_tokens(image, 4),
    "patches2": lambda image: by_hand.patch_tokens(image, 2),
}


def good(judged):
    """The reference for a judged function: the same name and arguments, and all is good."""

    @functools.wraps(judged)
    def passes(*arguments, **options):
        return GOOD

    return passes


def mistaken(bank, judge):
    """The mistakes of a bank, each judged as the student's function is."""
    return [mistake._replace(function=judge(mistake.function)) for mistake in bank]


def network(pass_line, tokens=None):
    """Return the judge of ``train_and_predict`` functions.

    Besides the test images the function gets copies of some of them, in another order, for
    readers of tokens mixtures: the first (then the last) token of one image in another, and
    images of ink alone. So its labels also tell whether the batch around an image matters,
    whether only one token does, and whether test images are scaled by the mean of all of them.
    (Whoever scales the training images by that mean, too, is not seen: the labels hardly change.)
    A function whose labels are good has to use a layer of the kind that the task is about.

    Parameters
    ----------
    pass_line : float
        The accuracy that is asked for.
    tokens : str or None
        A key of ``TOKENIZERS``; None for a CNN, which has no tokens.
    """

    layers = RECURRENT_LAYERS if tokens else CONVOLUTIONS
    other_layers = f"there is no {'recurrent' if tokens else 'convolutional'} layer of torch's"

    def judge(train_and_predict):
        def verdict(train_images, train_labels, test_images, test_labels, **options):
            shown = [test_images, test_images[COPIES - 1 :: -1]]
            if tokens:
                shown += [_mixtures(test_images, tokens, end) for end in (0, -1)]
            shown.append(np.full((INKED, *test_images.shape[1:]), INK, test_images.dtype))
            answers = to_plain(
                train_and_predict(train_images, train_labels, np.concatenate(shown), **options)
            )
            if answers is None:
                return None
            labels = to_numeric_array(answers)
            asked = sum(map(len, shown))
            if labels is None or labels.shape != (asked,):
                kind = describe_kind(answers) if labels is None else f"shape {labels.shape}"
                return f"{kind} where one label for each of {asked} test images is asked for"
            unknown = labels[~np.isin(labels, train_labels)]
            if unknown.size:
                return f"there is a label {unknown[0]:g}, which train_labels do not hold"
            ends = np.cumsum([len(part) for part in shown])[:-1]
            own, copies, *mixed, _ = np.split(labels, ends)
            if (own == own[0]).all():
                return "every image gets the same label"
            if _share(own[COPIES - 1 :: -1], copies) < SAME:
                return "the same image gets different labels at different places of the batch"
            keep, fill = own[:MIXTURES], own[MIXTURES : 2 * MIXTURES]
            for end, part in zip(("first", "last"), mixed, strict=False):
                tells = keep != fill  # not where both images have the same label anyway
                if tells.sum() >= FEWEST and _share(keep[tells], part[tells]) >= SAME:
                    return f"the labels depend on the {end} token alone"
            accuracy = _share(own, test_labels)
            if accuracy <= GUESSING and _share(_renamed(own, test_labels), test_labels) >= APART:
                return "the classes are told apart, and called by other names than in train_labels"
            if accuracy <= GUESSING:
                return f"on {len(own)} test images the labels are no better than guesses"

            def with_these_layers():
                few = case(train_images[:FEW], train_labels[:FEW], test_images[:FEW], **options)
                return GOOD if forbidden.find(train_and_predict, layers, [few]) else other_layers

            def accuracy_with(others, order):
                """The accuracy after training once more, the images in this order."""
                answers = train_and_predict(
                    train_images[::order].copy(),
                    train_labels[::order].copy(),
                    np.concatenate([test_images, *others]),
                    **options,
                )
                labels = to_numeric_array(to_plain(answers))
                if labels is None or labels.ndim != 1 or len(labels) < len(test_labels):
                    return 0.0
                return _share(labels[: len(test_labels)], test_labels)

            if accuracy >= pass_line:
                return with_these_layers()
            if accuracy_with(shown[1:], order=-1) >= pass_line:  # the first start was unlucky
                return with_these_layers()
            if accuracy_with([], order=1) >= pass_line:
                return "test images are named less well when there are others of ink alone"
            return f"accuracy {accuracy:.3f}, below the pass line {pass_line:.3f}"

        verdict.__name__ = getattr(train_and_predict, "__name__", "train_and_predict")
        return verdict

    return judge


def _renamed(labels, truth):
    """The labels, each put into the name of the class that most of its images belong to.

    No two labels get the same name, and a label that is given to nearly all images cannot stand
    for more than one class.
    """
    names, found = np.unique(truth), np.unique(labels)
    counts = np.array([[((labels == one) & (truth == name)).sum() for name in names]
                       for one in found])  # fmt: skip
    rows, columns = linear_sum_assignment(counts, maximize=True)
    new = np.full(labels.shape, np.nan)
    for row, column in zip(rows, columns, strict=True):
        new[labels == found[row]] = names[column]
    return new


def _mixtures(images, tokens, end):
    """Images that keep the token at ``end`` (0 or -1); the rest comes from another image."""
    shape = images.shape[1:]
    places = TOKENIZERS[tokens](np.arange(shape[0] * shape[1]).reshape(shape))[end].astype(int)
    mixed = images[MIXTURES : 2 * MIXTURES].reshape(MIXTURES, -1).copy()
    mixed[:, places] = images[:MIXTURES].reshape(MIXTURES, -1)[:, places]
    return mixed.reshape(MIXTURES, *shape)


def _share(labels, others):
    return float((labels == others).mean())


def own_tokens(tokenizer):
    """Judge a tokenization of one's own.

    Every pixel is in some token, tokens hold pixels and zeros (padding) only, which pixel stands
    where depends neither on chance nor on brightness, and the result is none of the four ways of
    the notebook.
    """

    def verdict(image):
        image = np.asarray(image, dtype=float)
        numbered = np.arange(1.0, image.size + 1).reshape(image.shape)
        answers = to_plain(tokenizer(numbered.copy()))
        if answers is None:
            return None
        places = to_numeric_array(answers)
        if places is None or places.ndim != 2 or places.size == 0:
            return f"{describe_kind(answers)}, where an array (tokens, features) is asked for"
        if not np.isin(places, [0, *numbered.flat]).all():
            return "the tokens hold numbers that are no pixels of the image"
        lost = image.size - len(set(places[places > 0].tolist()))
        if lost:
            return f"{'one pixel is' if lost == 1 else 'some pixels are'} in no token"
        for _ in range(REPEATS):
            if not _is_same(tokenizer(numbered.copy()), places):
                return "the same image gives other tokens each time"
        expected = np.concatenate([[0.0], image.flat])[places.astype(int)]
        if not _is_same(tokenizer(image.copy()), expected):
            return "which pixel stands where depends on how bright the pixels are"
        if any(np.array_equal(places, known) for known in _known(numbered)):
            return "this is one of the four ways from above"
        return GOOD

    verdict.__name__ = getattr(tokenizer, "__name__", "own_tokens")
    return verdict


def _is_same(answers, tokens):
    again = to_numeric_array(to_plain(answers))
    return again is not None and again.shape == tokens.shape and bool((again == tokens).all())


def _known(image):
    """Every tokenization of the notebook: rows, columns, touching patches, windows."""
    yield by_hand.row_tokens(image)
    yield by_hand.column_tokens(image)
    for size in range(1, min(image.shape) + 1):
        yield by_hand.patch_tokens(image, size)
    for length in range(1, image.size + 1):
        yield by_hand.window_tokens(image, length)
