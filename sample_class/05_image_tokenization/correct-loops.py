# %% I1_row_column_tokens
def row_tokens(image):
    if np.ndim(image) != 2:
        raise ValueError("an image has rows and columns")
    tokens = []
    for row in image:
        tokens.append([float(pixel) for pixel in row])
    return np.array(tokens)


def column_tokens(image):
    rows = row_tokens(image)
    tokens = np.zeros((rows.shape[1], rows.shape[0]))
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            tokens[j, i] = rows[i, j]
    return tokens

# %% I1_patch_tokens
def patch_tokens(image, size, stride=None):
    image = row_tokens(image)
    height, width = image.shape
    if size < 1 or size > height or size > width:
        raise ValueError("the patch has to fit into the image")
    if stride is None:
        stride = size
    down, right = pair(stride, "stride", 1)
    tokens = []
    top = 0
    while top + size <= height:
        left = 0
        while left + size <= width:
            token = []
            for i in range(size):
                for j in range(size):
                    token.append(image[top + i, left + j])
            tokens.append(token)
            left += right
        top += down
    return np.array(tokens)

# %% I1_untokenize
def untokenize(tokens, shape, size):
    height, width = shape
    if height % size != 0 or width % size != 0:
        raise ValueError("the image is not made of whole patches")
    if np.shape(tokens) != (height * width // size**2, size**2):
        raise ValueError("wrong number of tokens, or wrong length")
    image = np.zeros(shape)
    number = 0
    for top in range(0, height, size):
        for left in range(0, width, size):
            for k in range(size * size):
                image[top + k // size, left + k % size] = tokens[number][k]
            number += 1
    return image

# %% I1_window_tokens
def window_tokens(image, length=10):
    if length < 1:
        raise ValueError("a token needs at least one pixel")
    line = []
    for row in row_tokens(image):
        line.extend(row)
    while len(line) % length != 0:
        line.append(0.0)
    tokens = []
    for start in range(0, len(line), length):
        tokens.append(line[start:start + length])
    return np.array(tokens)

# %% I2_patch_embedding
def patch_embedding(image, weight, bias, size):
    tokens = patch_tokens(image, size)
    if np.shape(weight)[1] != size * size or len(bias) != len(weight):
        raise ValueError("weight, bias and size do not belong together")
    features = np.zeros((len(tokens), len(weight)))
    for t, token in enumerate(tokens):
        for k in range(len(weight)):
            total = bias[k]
            for w, pixel in zip(weight[k], token):
                total += w * pixel
            features[t, k] = total
    return features

# %% I3_token_spread
def token_spread(index_tokens, width):
    total, pairs = 0.0, 0
    for token in index_tokens:
        pixels = []
        for place in token:
            if place >= 0:
                pixels.append((int(place) // width, int(place) % width))
        for i in range(len(pixels)):
            for j in range(i + 1, len(pixels)):
                rows = pixels[i][0] - pixels[j][0]
                columns = pixels[i][1] - pixels[j][1]
                total += np.sqrt(rows**2 + columns**2)
                pairs += 1
    if pairs == 0:
        return 0.0
    return total / pairs

# %% I4_scale_pixels
def scale_pixels(images):
    if np.min(images) < 0 or np.max(images) > 16:
        raise ValueError("these are not the digits' pixels")
    return np.asarray(images) / 16.0

# %% I4_cnn_train_and_predict
def cnn_train_and_predict(train_images, train_labels, test_images,
                          epochs=EPOCHS, seed=0):
    torch.manual_seed(seed)
    model = torch.nn.Sequential()
    for before, after in ((1, 16), (16, 32)):
        model.append(torch.nn.Conv2d(before, after, 3, padding=1))
        model.append(torch.nn.ReLU())
        model.append(torch.nn.MaxPool2d(2))
    model.append(torch.nn.Flatten())
    model.append(torch.nn.Linear(128, 10))
    train = scale_pixels(train_images).reshape(-1, 1, 8, 8)
    test = scale_pixels(test_images).reshape(-1, 1, 8, 8)
    fit(model, model.parameters(), train, train_labels, epochs)
    return predict(model, test)

# %% I4_rnn_train_and_predict
def rnn_train_and_predict(train_images, train_labels, test_images,
                          tokens="rows", epochs=EPOCHS, seed=0):
    train = tokenize(scale_pixels(train_images), tokens)
    test = tokenize(scale_pixels(test_images), tokens)
    torch.manual_seed(seed)
    lstm = torch.nn.LSTM(train.shape[2], HIDDEN, batch_first=True)
    linear = torch.nn.Linear(HIDDEN, 10)

    def scores(batch):
        states, (last_state, last_memory) = lstm(batch)
        return linear(last_state[0])

    parameters = list(lstm.parameters()) + list(linear.parameters())
    fit(scores, parameters, train, train_labels, epochs)
    return predict(scores, test)

# %% I7_own_tokens
def own_tokens(image):
    # like a snake: every second row is read from right to left
    image = np.array(image, dtype=float)
    for i in range(1, len(image), 2):
        image[i] = image[i, ::-1].copy()
    return image

# %% I6_sentiment_states
def sentiment_states(sentence):
    states = []
    state = 1
    for word in sentence.split():
        if word.lower() == "not":
            state = state * -1
        states.append(state)
    if len(states) == 0:
        raise ValueError("please say something")
    return states

# %% I6_words_seen
def words_seen(depth, kernel):
    if depth < 0 or kernel < 1:
        raise ValueError("no such network")
    words = 1
    for layer in range(depth):
        words += kernel - 1
    return words


def depth_needed(words, kernel):
    if words < 1 or kernel < 1:
        raise ValueError("no such sentence or network")
    if kernel == 1 and words != 1:
        raise ValueError("it will never see more than one word")
    depth = 0
    while words_seen(depth, kernel) < words:
        depth = depth + 1
    return depth

# %% [markdown] I7_sentiment_answer
One word after the other goes into the network as a vector. The hidden state is
computed from the word and from the previous hidden state, with the same weights
each time, so it remembers what came before, also a "not". After the last word
the state stands for the whole sentence, and a softmax layer says positive or
negative (many-to-one).

# %% [markdown] I7_text_cnn_answer
Yes, with filters that slide over the word vectors, for example three words at a
time. Every further layer sees two more words, 1 + depth · 2 in all, so it has to
be deep enough for the whole sentence. With longer sentences the first "not" is
outside of what the last unit sees, and it has to guess. The RNN has no limit,
at least in principle.

# %% [markdown] I7_chihuahua_answer
Because the picture is two-dimensional: eyes, nose and fur are next to each other
in both directions and a row of pixels loses the vertical neighbours. The CNN
learns many filters itself that find a nose wherever it is. Pooling makes it
robust when the dog moves a little. And a photo has so many pixels that an RNN
would have forgotten the beginning at the end.

# %% [markdown] I7_tokens_answer
I read the rows like a snake. All pixels of a row stay together, the pixels above
and below are separated, exactly as with rows: eight tokens, spread 3.0. The
accuracy was practically the one of "rows". That makes sense, since inside a token
the order does not matter for the dense weights as long as it is always the same.
