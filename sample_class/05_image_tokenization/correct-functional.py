# %% I1_row_column_tokens
def row_tokens(image):
    if np.ndim(image) != 2:
        raise ValueError("not an image")
    return np.array(list(map(list, image)), dtype=float)


def column_tokens(image):
    return np.array(list(zip(*row_tokens(image))))

# %% I1_patch_tokens
def patch_tokens(image, size, stride=None):
    image = row_tokens(image)
    if not 1 <= size <= min(image.shape):
        raise ValueError("no such patch")
    steps = pair(size if stride is None else stride, "stride", 1)
    tops, lefts = (range(0, n - size + 1, s) for n, s in zip(image.shape, steps))
    return np.array([image[t:t + size, l:l + size].ravel() for t in tops for l in lefts])

# %% I1_untokenize
def untokenize(tokens, shape, size):
    if any(n % size for n in shape):
        raise ValueError("no multiple")
    # the places say where every pixel belongs
    order = patch_tokens(places(*shape), size).astype(int)
    if order.shape != np.shape(tokens):
        raise ValueError("the tokens do not fit")
    image = np.empty(shape)
    image.flat[order.ravel()] = np.ravel(tokens)
    return image

# %% I1_window_tokens
def window_tokens(image, length=10):
    if length < 1:
        raise ValueError("no such window")
    line = [*row_tokens(image).ravel()]
    line += [0] * (-len(line) % length)
    return np.array([line[i:i + length] for i in range(0, len(line), length)])

# %% I2_patch_embedding
def patch_embedding(image, weight, bias, size):
    if np.shape(weight) != (len(bias), size * size):
        raise ValueError("weight does not fit")
    return np.array([[np.dot(w, token) + b for w, b in zip(weight, bias)]
                     for token in patch_tokens(image, size)])

# %% I3_token_spread
def token_spread(index_tokens, width):
    from itertools import combinations
    from math import dist
    found = [dist(divmod(a, width), divmod(b, width))
             for token in np.array(index_tokens, dtype=int).tolist()
             for a, b in combinations([p for p in token if p >= 0], 2)]
    return sum(found) / max(len(found), 1)

# %% I4_scale_pixels
def scale_pixels(images):
    if not all(0 <= pixel <= 16 for pixel in np.ravel(images)):
        raise ValueError("0 to 16")
    return np.multiply(images, 1 / 16)

# %% I4_cnn_train_and_predict
def cnn_train_and_predict(train_images, train_labels, test_images,
                          epochs=EPOCHS, seed=0):
    torch.manual_seed(seed)
    F = torch.nn.functional
    first = torch.nn.Conv2d(1, 16, 3, padding=1)
    second = torch.nn.Conv2d(16, 32, 3, padding=1)
    last = torch.nn.Linear(128, 10)

    def scores(x):
        x = F.max_pool2d(F.relu(first(x[:, None])), 2)
        x = F.max_pool2d(F.relu(second(x)), 2)
        return last(x.flatten(1))

    parameters = [p for layer in (first, second, last) for p in layer.parameters()]
    fit(scores, parameters, scale_pixels(train_images), train_labels, epochs)
    return predict(scores, scale_pixels(test_images))

# %% I4_rnn_train_and_predict
def rnn_train_and_predict(train_images, train_labels, test_images,
                          tokens="rows", epochs=EPOCHS, seed=0):
    # step by step with a cell, as in tutorial 4
    train, test = (tokenize(scale_pixels(x), tokens) for x in (train_images, test_images))
    torch.manual_seed(seed)
    cell = torch.nn.LSTMCell(train.shape[2], HIDDEN)
    head = torch.nn.Linear(HIDDEN, 10)

    def scores(x):
        state = None
        for t in range(x.shape[1]):
            state = cell(x[:, t], state)
        return head(state[0])

    fit(scores, [*cell.parameters(), *head.parameters()], train, train_labels, epochs)
    return predict(scores, test)

# %% I7_own_tokens
def own_tokens(image):
    # a cross: row i and column i in one token, so every pixel comes twice
    image = np.array(image, dtype=float)
    side = max(image.shape)
    square = np.zeros((side, side))
    square[:image.shape[0], :image.shape[1]] = image
    return np.hstack([square, square.T])

# %% I6_sentiment_states
def sentiment_states(sentence):
    from itertools import accumulate
    if not sentence.strip():
        raise ValueError("no words")
    flips = (-1 if word == "not" else 1 for word in sentence.lower().split())
    return list(accumulate(flips, lambda state, flip: state * flip))

# %% I6_words_seen
def words_seen(depth, kernel):
    if depth < 0 or kernel < 1:
        raise ValueError("impossible")
    return 1 if depth == 0 else words_seen(depth - 1, kernel) + kernel - 1


def depth_needed(words, kernel):
    if words < 1 or kernel < 1 or (words > 1 and kernel == 1):
        raise ValueError("impossible")
    return next(d for d in range(words) if words_seen(d, kernel) >= words)

# %% [markdown] I7_sentiment_answer
It reads a word vector at a time. New state = function of the old state and the
word, with shared weights. So the state after the last word depends on all words
and their order. The answer (positive or negative) is computed from that last
state only.

# %% [markdown] I7_text_cnn_answer
A CNN can classify text: filters over three or so neighbouring words, and more
layers to see more of them. With d layers of kernel k it is 1 + d(k − 1) words. It
cannot connect words that are further apart, for example two "not"s in a long
sentence. An RNN keeps them in its memory.

# %% [markdown] I7_chihuahua_answer
Muffins and dogs have the same colours, what counts is the arrangement in two
dimensions, and reading pixels in a line destroys it. A CNN's filters are learned
and work at every place of the picture, and with pooling it sees larger and
larger parts. An RNN would have to remember over thousands of steps.

# %% [markdown] I7_tokens_answer
Row i and column i form a token, so horizontal and vertical neighbours both stay
together, and every pixel is read twice. Eight tokens of 16 pixels. The result was
about the same as rows and columns alone. Apparently there was nothing left to
gain from neighbours; eight steps are easy to remember anyway.
