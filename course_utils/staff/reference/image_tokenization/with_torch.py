"""Tokens and embeddings through ``torch.nn.functional``, and two networks that read digits.

The networks are those of the notebook, written another way (a GRU in place of the LSTM, modules
in place of functions, a training loop of their own).
"""

import numpy as np
import torch
from torch.nn import functional

from course_utils.arguments import numeric_array, one_of, pair
from course_utils.staff.reference.image_tokenization import vectorised
from course_utils.staff.reference.image_tokenization.by_hand import (
    own_tokens,
    row_tokens,
    scale_pixels,
)

TOKENIZERS = {
    "rows": row_tokens,
    "columns": vectorised.column_tokens,
    "patches4": lambda image: vectorised.patch_tokens(image, 4),
    "patches2": lambda image: vectorised.patch_tokens(image, 2),
    "windows": vectorised.window_tokens,
    "pixels": lambda image: vectorised.window_tokens(image, 1),
    "own": own_tokens,
}


def patch_tokens(image, size, stride=None):
    """As ``by_hand.patch_tokens``: torch's im2col."""
    image = torch.from_numpy(numeric_array(image, "image", 2))
    stride = pair(size if stride is None else stride, "stride", 1)
    return functional.unfold(image[None, None], size, stride=stride)[0].T.numpy()


def untokenize(tokens, shape, size):
    """As ``by_hand.untokenize``: torch's col2im."""
    columns = torch.from_numpy(numeric_array(tokens, "tokens", 2)).T[None]
    return functional.fold(columns, shape, size, stride=size)[0, 0].numpy()


def patch_embedding(image, weight, bias, size):
    """As ``by_hand.patch_embedding``: a convolution with kernel = stride = ``size``."""
    image = torch.from_numpy(numeric_array(image, "image", 2))
    weight = torch.from_numpy(numeric_array(weight, "weight", 2)).reshape(-1, 1, size, size)
    bias = torch.from_numpy(numeric_array(bias, "bias", 1))
    return functional.conv2d(image[None, None], weight, bias, size)[0].flatten(1).T.numpy()


class _LastState(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.gru = torch.nn.GRU(features, 64, batch_first=True)
        self.head = torch.nn.Linear(64, 10)

    def forward(self, tokens):
        _, last = self.gru(tokens)
        return self.head(last[0])


def cnn_train_and_predict(train_images, train_labels, test_images, epochs=30, seed=0):
    """Train a CNN with one convolution and return a label for every test image.

    Parameters
    ----------
    train_images : (N, 8, 8) array of numbers from 0 to 16
    train_labels : (N,) array of int from 0 to 9
    test_images : (M, 8, 8) array
    epochs, seed : int

    Returns
    -------
    (M,) int array
    """
    torch.manual_seed(seed)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 24, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(24 * 4 * 4, 10),
    )  # fmt: skip
    inputs = (scale_pixels(images)[:, None] for images in (train_images, test_images))
    return _train_and_predict(model, *inputs, train_labels, epochs)


def rnn_train_and_predict(
    train_images, train_labels, test_images, tokens="rows", epochs=30, seed=0
):
    """Train a GRU on the tokens of each image and return a label for every test image.

    Parameters
    ----------
    tokens : str
        A key of ``TOKENIZERS``. All other arguments and the result are those of
        ``cnn_train_and_predict``.
    """
    tokenizer = TOKENIZERS[one_of(tokens, "tokens", TOKENIZERS)]
    train, test = (
        np.stack([tokenizer(image) for image in scale_pixels(images)])
        for images in (train_images, test_images)
    )
    torch.manual_seed(seed)
    return _train_and_predict(_LastState(train.shape[2]), train, test, train_labels, epochs)


def _train_and_predict(model, train, test, labels, epochs):
    train, test = (torch.tensor(inputs, dtype=torch.float32) for inputs in (train, test))
    labels = torch.tensor(labels, dtype=torch.long)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
    for _ in range(epochs):
        for batch in torch.randperm(len(train)).split(32):
            optimiser.zero_grad()
            functional.cross_entropy(model(train[batch]), labels[batch]).backward()
            optimiser.step()
    with torch.no_grad():
        return model(test).argmax(dim=1).numpy()
