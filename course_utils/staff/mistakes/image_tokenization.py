"""What goes wrong when one reads images as sequences.

Each bank carries the name of the function of the tutorial whose mistakes it holds. The wrong
versions lean on the reference, so that each shows its one mistake and nothing else. Those of the
two networks train nothing: they give the labels that a network with the mistake would give.
"""

import itertools
import math

import numpy as np

from course_utils.arguments import numeric_array, pair, whole_number
from course_utils.staff.mistakes.bank import MistakeBank
from course_utils.staff.reference import image_tokenization as reference

row_tokens = MistakeBank(reference.row_tokens)


@row_tokens.add("These are columns: token i holds row i, from left to right.")
def columns_for_rows(image):
    return reference.column_tokens(image)


@row_tokens.add("The rows come from the bottom up; the first token is the image's top row.")
def bottom_row_first(image):
    return reference.row_tokens(image)[::-1]


@row_tokens.add("Each row runs from right to left; a token starts at the left edge of the image.")
def rows_reversed(image):
    return reference.row_tokens(image)[:, ::-1]


@row_tokens.add("One token per row is asked for; you put the whole image into a single token.")
def one_token_for_all(image):
    return reference.row_tokens(image).reshape(1, -1)


@row_tokens.add("One token per row is asked for; you made every pixel a token of its own.")
def one_token_per_pixel(image):
    return reference.window_tokens(image, 1)


column_tokens = MistakeBank(reference.column_tokens)


@column_tokens.add("These are the rows still: the columns have to become rows (a transpose).")
def not_transposed(image):
    return reference.row_tokens(image)


@column_tokens.add(
    "`reshape` fits but moves no pixel in memory: your tokens are pieces of rows. Columns come "
    "out of a transpose."
)
def reshape_for_transpose(image):
    image = reference.row_tokens(image)
    return image.reshape(image.shape[::-1])


@column_tokens.add("Your image is turned by 90°: a column runs from top to bottom, not back up.")
def turned_clockwise(image):
    return reference.column_tokens(image)[:, ::-1]


@column_tokens.add("The columns come from the right; the first token is the leftmost column.")
def right_column_first(image):
    return reference.column_tokens(image)[::-1]


patch_tokens = MistakeBank(reference.patch_tokens)


def _steps(size, stride):
    return pair(size if stride is None else stride, "stride", 1)


def _transposed(tokens, size):
    return tokens.reshape(-1, size, size).transpose(0, 2, 1).reshape(tokens.shape)


@patch_tokens.add(
    "`reshape` alone cuts the flattened image into pieces of rows. A patch takes `size` pixels of "
    "each of `size` rows."
)
def reshape_for_patches(image, size, stride=None):
    tokens = reference.patch_tokens(image, size, stride)
    return np.resize(reference.row_tokens(image), tokens.shape)


@patch_tokens.add(
    "The patches come column by column. Reading order is left to right first: the inner loop "
    "runs over columns."
)
def patches_column_by_column(image, size, stride=None):
    turned = reference.patch_tokens(
        reference.column_tokens(image), size, _steps(size, stride)[::-1]
    )
    return _transposed(turned, size)


@patch_tokens.add("Within a patch the pixels come column by column: flatten it row by row.")
def pixels_column_by_column(image, size, stride=None):
    return _transposed(reference.patch_tokens(image, size, stride), size)


@patch_tokens.add(
    "The stride has no effect yet: patches start `stride` apart, whatever their size."
)
def stride_is_always_size(image, size, stride=None):
    return reference.patch_tokens(image, size)


@patch_tokens.add(
    "There are as many patches as there should be, and patch (i, j) starts at pixel (i, j): it "
    "starts at row `i * stride`, column `j * stride` (of its own axis)."
)
def stride_missing_in_the_slice(image, size, stride=None):
    rows, columns = (
        (n - size) // s + 1 for n, s in zip(np.shape(image), _steps(size, stride), strict=True)
    )
    one_apart = reference.patch_tokens(image, size, 1)
    grid = one_apart.reshape(-1, np.shape(image)[1] - size + 1, size * size)
    return grid[:rows, :columns].reshape(-1, size * size)


@patch_tokens.add("Without a stride, patches touch but do not overlap: the default is `size`.")
def default_stride_one(image, size, stride=None):
    return reference.patch_tokens(image, size, 1 if stride is None else stride)


@patch_tokens.add("A stride is (vertical, horizontal): yours are swapped.")
def stride_axes_swapped(image, size, stride=None):
    return reference.patch_tokens(image, size, _steps(size, stride)[::-1])


@patch_tokens.add("One number of the stride serves both axes: the second is for the columns.")
def first_stride_for_both(image, size, stride=None):
    return reference.patch_tokens(image, size, _steps(size, stride)[0])


@patch_tokens.add("A patch that does not fit is dropped; you fill it up with zeros and keep it.")
def partial_patches_kept(image, size, stride=None):
    image, steps = numeric_array(image, "image", 2), _steps(size, stride)
    overhang = [(0, -(n - size) % s) for n, s in zip(image.shape, steps, strict=True)]
    return reference.patch_tokens(np.pad(image, overhang), size, steps)


@patch_tokens.add(
    "The last row and the last column of patches are missing: the last start is n − size, so a "
    "range has to end at n − size + 1."
)
def last_patches_missing(image, size, stride=None):
    tokens, steps = reference.patch_tokens(image, size, stride), _steps(size, stride)
    down, right = ((n - size) // s + 1 for n, s in zip(np.shape(image), steps, strict=True))
    grid = tokens.reshape(down, right, -1)
    rows, columns = (-(-(n - size) // s) for n, s in zip(np.shape(image), steps, strict=True))
    return grid[:rows, :columns].reshape(-1, size * size)


@patch_tokens.add("A token has one axis: flatten each patch into size · size numbers.")
def patches_not_flattened(image, size, stride=None):
    return reference.patch_tokens(image, size, stride).reshape(-1, size, size)


window_tokens = MistakeBank(reference.window_tokens)


@window_tokens.add("The remainder is lost: the last, shorter piece is a token too, with zeros.")
def remainder_dropped(image, length=10):
    line = numeric_array(image, "image", 2).flatten()
    return line[: line.size // length * length].reshape(-1, length)


@window_tokens.add("The zeros come last: pixels first, then padding up to `length`.")
def padded_in_front(image, length=10):
    tokens, used = reference.window_tokens(image, length), np.size(image) % length
    if used:
        tokens[-1] = np.roll(tokens[-1], length - used)
    return tokens


@window_tokens.add(
    "Your last window is moved back until it fits, so pixels come twice: fill up with zeros."
)
def last_window_moved_back(image, length=10):
    line, tokens = (
        numeric_array(image, "image", 2).flatten(),
        reference.window_tokens(image, length),
    )
    if line.size >= length:
        tokens[-1] = line[-length:]
    return tokens


@window_tokens.add("Where the pixels fill the tokens exactly, no token of zeros follows.")
def empty_window_added(image, length=10):
    tokens = reference.window_tokens(image, length)
    return np.vstack([tokens, np.zeros(length)]) if np.size(image) % length == 0 else tokens


@window_tokens.add("The image is flattened column by column; windows run along the rows.")
def flattened_by_columns(image, length=10):
    return reference.window_tokens(reference.column_tokens(image), length)


@window_tokens.add("`length` has no effect yet: your windows always hold ten pixels.")
def always_ten(image, length=10):
    return reference.window_tokens(image, 10)


@window_tokens.add("Windows run on over the edge of the image; you start a new one in every row.")
def windows_per_row(image, length=10):
    rows = numeric_array(image, "image", 2)
    return np.vstack([reference.window_tokens(row[None], length) for row in rows])


untokenize = MistakeBank(reference.untokenize)


@untokenize.add(
    "`reshape` alone lays the tokens end to end. Each has to go back to its own square of the "
    "image."
)
def reshape_for_assembly(tokens, shape, size):
    return numeric_array(tokens, "tokens", 2).reshape(shape)


@untokenize.add("The patches are laid down column by column; they came in reading order.")
def laid_column_by_column(tokens, shape, size):
    down, right = shape[0] // size, shape[1] // size
    order = np.arange(down * right).reshape(right, down).T.reshape(-1)
    return reference.untokenize(numeric_array(tokens, "tokens", 2)[order], shape, size)


@untokenize.add("Each patch is transposed: its pixels were taken row by row.")
def patches_transposed(tokens, shape, size):
    turned = _transposed(numeric_array(tokens, "tokens", 2), size)
    return reference.untokenize(turned, shape, size)


@untokenize.add("Only the first patch has its place yet; the others lie on top of it.")
def all_in_one_corner(tokens, shape, size):
    image = np.zeros(shape)
    image[:size, :size] = np.asarray(tokens)[-1].reshape(size, size)
    return image


@untokenize.add("The shape is (rows, columns): yours is swapped.")
def shape_swapped(tokens, shape, size):
    return reference.untokenize(tokens, tuple(shape)[::-1], size)


patch_embedding = MistakeBank(reference.patch_embedding)


@patch_embedding.add("The bias is missing: every token's features are W·token + b.")
def bias_forgotten(image, weight, bias, size):
    return reference.patch_embedding(image, weight, np.zeros(len(bias)), size)


@patch_embedding.add(
    "The weights are turned round: feature k is the dot product of row k as it is."
)
def weights_flipped(image, weight, bias, size):
    return reference.patch_embedding(image, np.asarray(weight)[:, ::-1], bias, size)


@patch_embedding.add(
    "Your windows overlap: a patch embedding moves on by a whole patch (stride = size)."
)
def stride_one(image, weight, bias, size):
    return reference.patch_tokens(image, size, 1) @ np.transpose(weight) + bias


@patch_embedding.add("One token per row is asked for, (tokens, features): yours is transposed.")
def features_first(image, weight, bias, size):
    return reference.patch_embedding(image, weight, bias, size).T


@patch_embedding.add("The patches were cut by `reshape` alone: call your `patch_tokens`.")
def embedding_of_reshaped_image(image, weight, bias, size):
    return reshape_for_patches(image, size) @ np.transpose(weight) + bias


@patch_embedding.add("An embedding is linear: no activation follows, negative features stay.")
def activated(image, weight, bias, size):
    return np.maximum(reference.patch_embedding(image, weight, bias, size), 0)


token_spread = MistakeBank(reference.token_spread)


def _mean_over_pairs(index_tokens, width, distance, pairs="different"):
    """The mean over pairs of pixels of a token; ``pairs`` "all" counts a pixel with itself."""
    found = []
    for token in numeric_array(index_tokens, "index_tokens", 2).astype(int):
        places = [divmod(int(i), width) for i in token if i >= 0]
        for n, one in enumerate(places):
            others = {"different": places[:n], "all": places, "next": places[n + 1 : n + 2]}[pairs]
            found += [distance(*one, *other) for other in others]
    return sum(found) / len(found) if found else 0.0


def _euclid(row, column, other_row, other_column):
    return math.hypot(row - other_row, column - other_column)


@token_spread.add("That is the distance along rows and columns added up; take the straight line.")
def city_blocks(index_tokens, width):
    return _mean_over_pairs(
        index_tokens, width, lambda r, c, other_r, other_c: abs(r - other_r) + abs(c - other_c)
    )


@token_spread.add("The square root is missing: a distance is √(rows² + columns²).")
def squared(index_tokens, width):
    return _mean_over_pairs(index_tokens, width, lambda *places: _euclid(*places) ** 2)


@token_spread.add("A pixel is no pair with itself: those zeros pull your mean down.")
def pixel_with_itself(index_tokens, width):
    return _mean_over_pairs(index_tokens, width, _euclid, "all")


@token_spread.add("You go from each pixel to the next one; every pair of a token counts.")
def neighbours_in_the_token_only(index_tokens, width):
    return _mean_over_pairs(index_tokens, width, _euclid, "next")


@token_spread.add(
    "Place i lies in row i // width, column i % width; the width of the image is not the length "
    "of a token."
)
def token_length_for_width(index_tokens, width):
    return reference.token_spread(index_tokens, np.shape(index_tokens)[1])


@token_spread.add("The difference of two places is no distance: find row and column of each first.")
def difference_of_places(index_tokens, width):
    return _mean_over_pairs(
        index_tokens, width, lambda r, c, *other: abs((r - other[0]) * width + c - other[1])
    )


@token_spread.add("Entries below 0 are padding, not pixels: leave them out.")
def padding_counted(index_tokens, width):
    places = numeric_array(index_tokens, "index_tokens", 2).astype(int)
    lift = -(places.min() // width) * width  # a whole number of rows: distances stay the same
    return reference.token_spread(places + lift, width)


scale_pixels = MistakeBank(reference.scale_pixels)


@scale_pixels.add("These pixels go up to 16, not to 255: yours end up almost black.")
def divided_by_255(images):
    return numeric_array(images, "images", 3) / 255


@scale_pixels.add(
    "Each image is divided by its own brightest pixel: faint digits become as bold as the rest, "
    "and a test image depends on itself. Divide all by 16."
)
def divided_by_own_maximum(images):
    images = numeric_array(images, "images", 3)
    return images / images.max(axis=(1, 2), keepdims=True)


@scale_pixels.add(
    "You divide by the brightest pixel that happens to be there, so training and test images are "
    "scaled differently. Divide by 16."
)
def divided_by_the_maximum_present(images):
    images = numeric_array(images, "images", 3)
    return images / images.max()


@scale_pixels.add("From 0 to 16 there are 17 values, and the largest is 16: divide by 16.")
def divided_by_17(images):
    return numeric_array(images, "images", 3) / 17


@scale_pixels.add("`//` drops the fractions, and with them every grey: divide with `/`.")
def whole_number_division(images):
    return numeric_array(images, "images", 3) // 16


@scale_pixels.add("The pixels still go from 0 to 16: nothing is divided yet.")
def not_scaled(images):
    return numeric_array(images, "images", 3)


cnn_train_and_predict = MistakeBank(reference.scale_pixels)
rnn_train_and_predict = MistakeBank(reference.scale_pixels)


def _nearest(train_images, train_labels, test_images, known=400):
    """A label for every image, from the nearest of ``known`` training images: no training."""
    known, asked = (
        np.reshape(images, (len(images), -1)).astype(float)
        for images in (train_images[:known], test_images)
    )
    return train_labels[(((known**2).sum(axis=1) / 2) - asked @ known.T).argmin(axis=1)]


def _in_both(hint):
    def record(function):
        cnn_train_and_predict.add(hint)(function)
        return rnn_train_and_predict.add(hint)(function)

    return record


@_in_both(
    "These are scores, ten for every image: its label is the place of the largest (`argmax`)."
)
def scores_for_labels(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return np.eye(10)[_nearest(train_images, train_labels, test_images)]


@_in_both("You label the training images: return one label for each of `test_images`.")
def training_images_labelled(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return train_labels


@_in_both("The largest score is looked for over the images (axis 0), not over the ten classes.")
def argmax_over_images(train_images, train_labels, test_images, tokens="rows", epochs=1):
    labels = _nearest(train_images, train_labels, test_images)
    return np.array([np.argmax(labels == digit) for digit in range(10)])


@_in_both("Classes are counted from 0: yours start at 1.")
def counted_from_one(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return 1 + np.sort(np.resize(np.arange(9, -1, -1), len(test_images)))[::-1]


@_in_both(
    "Every image gets the same label. Does the optimiser hold the parameters of the network that "
    "predicts, and does a label depend on the whole image?"
)
def one_label_for_all(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return np.full(len(test_images), train_labels[0])


@_in_both(
    "The labels are no better than guesses. Do you train on `train_images` with *their* labels, in "
    "the same order, predict with the trained network, and let a label depend on the whole image?"
)
def untrained(train_images, train_labels, test_images, tokens="rows", epochs=1):
    # some fixed function of the image that has nothing to do with what it shows
    return (np.reshape(test_images, (len(test_images), -1)) @ np.arange(1, 65)).astype(int) % 10


@_in_both(
    "Your network tells the classes apart, and calls them by other names than `train_labels` does. "
    "Does it learn from the notebook's own TRAIN images, or count or sort the labels anew? A "
    "function uses what it is given, as it is: `train_images` and `train_labels`."
)
def arguments_ignored(train_images, train_labels, test_images, tokens="rows", epochs=1):
    from course_utils.datasets.image_tokenization import digits_split

    train, labels, _, _ = digits_split()
    return _nearest(train, labels, test_images)


@_in_both(
    "The same image, twice in a batch, gets two labels. Did you forget `batch_first=True`, shuffle "
    "the test images, or leave dropout on (`eval()`)?"
)
def neighbours_in_the_batch_matter(
    train_images, train_labels, test_images, tokens="rows", epochs=1
):
    labels = _nearest(train_images, train_labels, test_images)
    return (labels + np.arange(len(labels))) % 10


@_in_both(
    "The test images are scaled by numbers of the whole test set, its mean or deviation. An "
    "image's label must not depend on which others there are: `scale_pixels` is all it takes."
)
def scaled_by_the_test_set(train_images, train_labels, test_images, tokens="rows", epochs=1):
    labels = _nearest(train_images, train_labels, test_images, known=len(train_images))
    # a network misreads some images that are scaled unlike those it learned from
    misread = np.sum(test_images, axis=(1, 2)) % 3 == 0
    alike = abs(test_images.mean() - train_images.mean()) < 1
    return labels if alike else (labels + misread) % 10


@cnn_train_and_predict.add("The labels are good, but no convolution made them: use `Conv2d`.")
def not_a_cnn(train_images, train_labels, test_images, epochs=1):
    return _nearest(train_images, train_labels, test_images, known=len(train_images))


@rnn_train_and_predict.add("The labels are good, but nothing read the tokens: use `torch.nn.LSTM`.")
def not_an_rnn(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return not_a_cnn(train_images, train_labels, test_images)


def _nearest_token(train_images, train_labels, test_images, tokens, end):
    from course_utils.staff.reference.image_tokenization.judge import TOKENIZERS

    places = TOKENIZERS[tokens](np.arange(64).reshape(8, 8))[end].astype(int)
    train, test = (
        np.reshape(images, (-1, 64))[:, places] for images in (train_images, test_images)
    )
    return _nearest(train, train_labels, test)


@rnn_train_and_predict.add(
    "Your labels depend on the first token alone: read the state after the *last* step, "
    "`states[:, -1]`."
)
def first_state_read(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return _nearest_token(train_images, train_labels, test_images, tokens, 0)


@rnn_train_and_predict.add(
    "Your labels depend on the last token alone: the state has to be handed on from step to step, "
    "not start afresh."
)
def state_reset_at_each_step(train_images, train_labels, test_images, tokens="rows", epochs=1):
    return _nearest_token(train_images, train_labels, test_images, tokens, -1)


words_seen = MistakeBank(reference.words_seen)


@words_seen.add("Windows overlap: each layer adds kernel − 1 words, not kernel.")
def kernel_times_depth(depth, kernel):
    return depth * kernel


@words_seen.add(
    "With stride 1 the view grows by the same amount in each layer; it does not multiply."
)
def kernel_to_the_depth(depth, kernel):
    return kernel**depth


@words_seen.add("The unit's own word is missing: 1 + depth · (kernel − 1).")
def own_word_forgotten(depth, kernel):
    return depth * (kernel - 1)


@words_seen.add("Your network has one layer too many: the first layer sees `kernel` words.")
def one_layer_more(depth, kernel):
    return reference.words_seen(depth + 1, kernel)


@words_seen.add("Each layer adds kernel − 1 words; you add one word per layer.")
def one_word_per_layer(depth, kernel):
    return kernel + depth - 1


depth_needed = MistakeBank(reference.depth_needed)


@depth_needed.add("Windows overlap: a layer adds kernel − 1 words, so divide by that.")
def words_by_kernel(words, kernel):
    return -(-whole_number(words, "words", 1) // kernel)


@depth_needed.add("Round up: with a layer less, some words stay out of sight.")
def floor_for_ceil(words, kernel):
    return (words - 1) // (kernel - 1) if kernel > 1 else 0


@depth_needed.add(
    "One layer too many where the words fit exactly: the unit's own word needs no layer, so it is "
    "(words − 1) / (kernel − 1), rounded up."
)
def own_word_counted(words, kernel):
    return -(-words // (kernel - 1)) if kernel > 1 else words


@depth_needed.add("One layer short: after your last layer some words are still out of sight.")
def one_layer_short(words, kernel):
    return max(reference.depth_needed(words, kernel) - 1, 0)


@depth_needed.add("With stride 1 the view grows by a fixed step a layer: no logarithm.")
def logarithm(words, kernel):
    depth = 0
    while kernel > 1 and kernel**depth < words:
        depth += 1
    return depth


sentiment_states = MistakeBank(reference.sentiment_states)


def _states(sentence, start, step):
    states = [start]
    for word in sentence.lower().split():
        states.append(step(states[-1], word))
    return states[1:]


@sentiment_states.add("The state starts afresh at every word: hand it on from word to word.")
def state_reset_each_word(sentence):
    return _states(sentence, 1, lambda state, word: -1 if word == "not" else 1)


@sentiment_states.add('A second "not" turns the state back: −1 times −1.')
def negative_for_good(sentence):
    return _states(sentence, 1, lambda state, word: -1 if word == "not" else state)


@sentiment_states.add('You count the words "not"; the state only knows 1 and −1.')
def nots_counted(sentence):
    return _states(sentence, 0, lambda state, word: state + (word == "not"))


@sentiment_states.add("All states are asked for, one per word; you return the last one.")
def last_state_only(sentence):
    return reference.sentiment_states(sentence)[-1]


@sentiment_states.add("The start belongs to no word: return one state *after* each word.")
def start_included(sentence):
    return [1, *reference.sentiment_states(sentence)]


@sentiment_states.add('Capital letters make no difference: "NOT" and "Not" count as well.')
def capitals_matter(sentence):
    return reference.sentiment_states(
        " ".join(
            word if word == "not" or word.lower() != "not" else "_" for word in sentence.split()
        )
    )


@sentiment_states.add('A "not" inside a longer word (as in "another") is no "not": compare words.')
def not_inside_words(sentence):
    return _states(sentence, 1, lambda state, word: -state if "not" in word else state)


@sentiment_states.add("The turn comes one word late: word t acts on the state after word t.")
def one_word_late(sentence):
    return [1, *reference.sentiment_states(sentence)[:-1]]


own_tokens = MistakeBank(reference.own_tokens)


@own_tokens.add(
    "Some pixels are in no token. Number the pixels of an image from 1 and look which number never "
    "comes out; sizes other than 8×8 are tried as well."
)
def pixels_lost(image):
    return reference.own_tokens(image)[:, 1:]


@own_tokens.add(
    "Where a pixel goes depends on how bright it is, so every image is read in another order and "
    "nothing can be learned from places."
)
def sorted_by_brightness(image):
    return np.sort(reference.row_tokens(image), axis=1)[:, ::-1]


_calls = itertools.count()


@own_tokens.add(
    "Two calls with the same image give different tokens, so training and test images are read in "
    "different orders. Draw the order from a generator with a seed, made inside the function: "
    "`np.random.default_rng(0)`."
)
def another_order_each_time(image):
    # the number of the call in place of chance, which may give the same order twice
    pixels = np.roll(np.reshape(image, -1), next(_calls) % 7)
    return pixels.reshape(np.shape(image))


@own_tokens.add("This is one of the four ways from above (rows, columns, patches, windows).")
def rows_again(image):
    return reference.row_tokens(image)


@own_tokens.add("Tokens rearrange pixels and leave them as they are; yours are changed numbers.")
def pixels_changed(image):
    return reference.own_tokens(image) / 16
