# %% I1_row_column_tokens
def row_tokens(image):
    image = np.array(image, dtype=np.float32)
    if len(image.shape) != 2:
        raise ValueError("two axes needed")
    return image

def column_tokens(image):
    image = row_tokens(image)
    return np.stack([image[:, j] for j in range(image.shape[1])])

# %% I1_patch_tokens
def patch_tokens(image, size, stride=None):
    image = row_tokens(image)
    if not (0 < size <= image.shape[0] and size <= image.shape[1]):
        raise ValueError("patch does not fit")
    sv, sh = pair(size if stride is None else stride, "stride", 1)
    rows = (image.shape[0] - size) // sv + 1
    columns = (image.shape[1] - size) // sh + 1
    tokens = np.empty((rows * columns, size * size), dtype=np.float32)
    for t in range(rows * columns):
        top, left = t // columns * sv, t % columns * sh
        tokens[t] = image[top:top + size, left:left + size].reshape(-1)
    return tokens

# %% I1_untokenize
def untokenize(tokens, shape, size):
    tokens = np.float32(tokens)
    if shape[0] % size or shape[1] % size:
        raise ValueError("partial patches are lost")
    per_row = shape[1] // size
    if tokens.shape != (shape[0] // size * per_row, size * size):
        raise ValueError("tokens do not fit")
    strips = [np.hstack([token.reshape(size, size) for token in tokens[k:k + per_row]])
              for k in range(0, len(tokens), per_row)]
    return np.vstack(strips)

# %% I1_window_tokens
def window_tokens(image, length=10):
    line = row_tokens(image).flatten()
    if length <= 0:
        raise ValueError("length must be positive")
    tokens = np.zeros((int(np.ceil(line.size / length)), length), np.float32)
    for i, pixel in enumerate(line):
        tokens[i // length, i % length] = pixel
    return tokens

# %% I2_patch_embedding
def patch_embedding(image, weight, bias, size):
    weight, bias = np.float32(weight), np.float32(bias)
    if weight.shape != (len(bias), size * size):
        raise ValueError("wrong weight")
    return np.float32([weight @ token + bias for token in patch_tokens(image, size)])

# %% I3_token_spread
def token_spread(index_tokens, width):
    distances = []
    for token in np.asarray(index_tokens):
        real = token[token >= 0]
        points = np.float32([real // width, real % width])
        for k in range(real.size):
            steps = points[:, k + 1:] - points[:, k:k + 1]
            distances.extend(np.sqrt((steps ** 2).sum(axis=0)))
    return np.mean(distances) if distances else np.float32(0)

# %% I4_scale_pixels
def scale_pixels(images):
    images = np.float32(images)
    if images.min() < 0 or images.max() > 16:
        raise ValueError("out of range")
    return images / np.float32(16)

# %% I4_cnn_train_and_predict
def cnn_train_and_predict(train_images, train_labels, test_images,
                          epochs=EPOCHS, seed=0):
    # my own loop, in place of fit
    torch.manual_seed(seed)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Dropout(0.1), torch.nn.Linear(128, 10))
    x = torch.from_numpy(scale_pixels(train_images)).unsqueeze(1)
    y = torch.from_numpy(np.asarray(train_labels)).long()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    for epoch in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), 64):
            batch = order[start:start + 64]
            loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.eval()
    with torch.no_grad():
        scores = model(torch.from_numpy(scale_pixels(test_images)).unsqueeze(1))
    return scores.argmax(1)  # a tensor

# %% I4_rnn_train_and_predict
def rnn_train_and_predict(train_images, train_labels, test_images,
                          tokens="rows", epochs=EPOCHS, seed=0):
    # a GRU in place of the LSTM
    torch.manual_seed(seed)
    train = tokenize(scale_pixels(train_images), tokens)
    gru = torch.nn.GRU(train.shape[2], HIDDEN, batch_first=True)
    head = torch.nn.Linear(HIDDEN, 10)
    scores = lambda x: head(gru(x)[1][-1])
    fit(scores, [*gru.parameters(), *head.parameters()], train, train_labels, epochs)
    return predict(scores, tokenize(scale_pixels(test_images), tokens)).tolist()

# %% I7_own_tokens
def own_tokens(image):
    # both halves at once: row i next to its mirror row from below
    image = np.float32(image)
    return np.hstack([image, image[::-1]])[:(len(image) + 1) // 2]

# %% I6_sentiment_states
def sentiment_states(sentence):
    words = sentence.lower().split()
    if not words:
        raise ValueError("empty")
    return [(-1) ** words[:n].count("not") for n in range(1, len(words) + 1)]

# %% I6_words_seen
def words_seen(depth, kernel):
    if depth < 0 or kernel < 1:
        raise ValueError("impossible network")
    return kernel + (depth - 1) * (kernel - 1)

def depth_needed(words, kernel):
    if words < 1 or kernel < 1:
        raise ValueError("impossible input")
    if words == 1:
        return 0
    if kernel == 1:
        raise ValueError("a kernel of 1 never sees its neighbours")
    return int(np.ceil((words - 1) / (kernel - 1)))

# %% [markdown] I7_sentiment_answer
The RNN reads the words one by one and keeps a hidden state. The last hidden
state is used to predict positive or negative.

# %% [markdown] I7_text_cnn_answer
Yes, with 1-D convolutions over the words. If it is deeper it sees more words. If
the sentence is longer than what it sees, it fails.

# %% [markdown] I7_chihuahua_answer
A CNN keeps the spatial structure, it has many learned filters, and pooling makes
it robust against shifts.

# %% [markdown] I7_tokens_answer
Each token is a row together with its mirror row from below, so the top and the
bottom of the digit come together and the middle comes last. Four tokens, and it
did as well as the 4×4 patches, although the spread is much larger. So few steps
seem to matter more than neighbours.
