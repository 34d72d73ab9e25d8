"""The tokenizers against torch and scikit-learn, the readers of digits against a pass line."""

from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist
from sklearn import svm
from sklearn.datasets import load_digits
from sklearn.feature_extraction.image import extract_patches_2d
from torch.nn import functional

from course_utils.check import CheckFailed, agrees, rng
from course_utils.datasets import image_tokenization as data
from course_utils.staff.mistakes import image_tokenization as mistakes
from course_utils.staff.reference.image_tokenization import (
    by_hand,
    cases,
    judge,
    vectorised,
    with_torch,
)

IMPLEMENTATIONS = [by_hand, vectorised, with_torch]

sides = st.tuples(st.integers(1, 9), st.integers(1, 9))
steps = st.tuples(st.integers(1, 4), st.integers(1, 4))
seeds = st.integers(0, 2**32 - 1)


def having(name):
    return [module for module in IMPLEMENTATIONS if name in vars(module)]


def image_of(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("module", having("column_tokens"))
@given(shape=sides, seed=seeds)
def test_columns_are_the_rows_of_the_transpose(module, shape, seed):
    image = image_of(shape, seed)
    np.testing.assert_array_equal(module.column_tokens(image), by_hand.row_tokens(image.T))


@pytest.mark.parametrize("module", having("patch_tokens"))
@given(shape=sides, size=st.integers(1, 5), stride=steps | st.none(), seed=seeds)
def test_patch_tokens_are_torchs_unfold(module, shape, size, stride, seed):
    if size > min(shape):
        return
    image = image_of(shape, seed)
    step = (size, size) if stride is None else stride
    expected = functional.unfold(torch.from_numpy(image)[None, None], size, stride=step)[0].T
    np.testing.assert_array_equal(module.patch_tokens(image, size, stride), expected.numpy())


def test_overlapping_patches_are_scikit_learns():
    image = image_of((5, 7))
    expected = extract_patches_2d(image, (3, 3)).reshape(-1, 9)
    np.testing.assert_array_equal(by_hand.patch_tokens(image, 3, stride=1), expected)


@pytest.mark.parametrize("module", having("window_tokens"))
@given(shape=sides, length=st.integers(1, 100), seed=seeds)
def test_windows_end_to_end_are_the_image_and_then_zeros(module, shape, length, seed):
    image = image_of(shape, seed)
    tokens = module.window_tokens(image, length)
    assert tokens.shape == (-(-image.size // length), length)
    line = tokens.reshape(-1)
    np.testing.assert_array_equal(line[: image.size], image.reshape(-1))
    assert not line[image.size :].any()


@pytest.mark.parametrize("module", having("untokenize"))
@given(blocks=sides, size=st.integers(1, 4), seed=seeds)
def test_untokenize_inverts_non_overlapping_patches(module, blocks, size, seed):
    image = image_of([n * size for n in blocks], seed)
    tokens = by_hand.patch_tokens(image, size)
    np.testing.assert_array_equal(module.untokenize(tokens, image.shape, size), image)


@pytest.mark.parametrize("module", having("patch_embedding"))
@given(shape=sides, size=st.integers(1, 4), features=st.integers(1, 5), seed=seeds)
def test_patch_embedding_is_torchs_strided_convolution(module, shape, size, features, seed):
    if size > min(shape):
        return
    generator = np.random.default_rng(seed)
    image, weight = generator.normal(size=shape), generator.normal(size=(features, size * size))
    bias = generator.normal(size=features)
    layer = torch.nn.Conv2d(1, features, size, stride=size).double()
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight.reshape(features, 1, size, size)))
        layer.bias.copy_(torch.from_numpy(bias))
        maps = layer(torch.from_numpy(image)[None, None])[0]
    expected = maps.reshape(features, -1).T.numpy()
    np.testing.assert_allclose(module.patch_embedding(image, weight, bias, size), expected)


@given(width=st.integers(1, 9), tokens=st.integers(1, 4), length=st.integers(2, 6), seed=seeds)
def test_token_spread_is_scipys_mean_pairwise_distance(width, tokens, length, seed):
    places = np.random.default_rng(seed).permutation(60)[: tokens * length].reshape(tokens, length)
    distances = [pdist(np.stack(np.divmod(token, width), axis=1)) for token in places]
    assert by_hand.token_spread(places, width) == pytest.approx(np.concatenate(distances).mean())
    with_padding = np.pad(places, ((0, 0), (0, 3)), constant_values=-1)
    assert by_hand.token_spread(with_padding, width) == by_hand.token_spread(places, width)


@given(depth=st.integers(0, 6), kernel=st.integers(1, 6))
def test_words_seen_is_the_reach_of_a_gradient_through_torchs_layers(depth, kernel):
    seen = by_hand.words_seen(depth, kernel)
    sentence = torch.zeros(1, 1, seen + 4, requires_grad=True)
    unit = sentence
    for _ in range(depth):
        unit = functional.conv1d(unit, torch.ones(1, 1, kernel))
    unit[0, 0, 0].backward()
    assert int((sentence.grad != 0).sum()) == seen


@pytest.mark.parametrize("module", having("depth_needed"))
@given(words=st.integers(1, 80), kernel=st.integers(2, 9))
def test_depth_needed_is_enough_and_one_layer_less_is_not(module, words, kernel):
    depth = module.depth_needed(words, kernel)
    assert by_hand.words_seen(depth, kernel) >= words
    assert depth == 0 or by_hand.words_seen(depth - 1, kernel) < words


@pytest.mark.parametrize("module", having("sentiment_states"))
@given(words=st.lists(st.sampled_from(["not", "NOT", "knot", "I", "like"]), min_size=1))
def test_sentiment_states_have_the_sign_of_the_number_of_nots(module, words):
    expected = [
        (-1) ** sum(word.lower() == "not" for word in words[: n + 1]) for n in range(len(words))
    ]
    assert module.sentiment_states(" ".join(words)) == expected


class TestFactsOfTheCurriculum:
    def test_i3_patches_keep_neighbours_together(self):
        places = np.arange(64).reshape(8, 8)
        patch = by_hand.token_spread(by_hand.patch_tokens(places, 4), 8)
        window = by_hand.token_spread(by_hand.window_tokens(places, 16), 8)
        assert (round(patch, 2), round(window, 2)) == (2.14, 2.97)

    def test_i4_pixels_are_counts_of_ink_up_to_16(self):
        images, labels = data.digits()
        theirs = load_digits()
        np.testing.assert_array_equal(images, theirs.images)
        np.testing.assert_array_equal(labels, theirs.target)
        assert by_hand.scale_pixels(images).max() == images.max() / 16 == 1

    def test_i6_depth_for_the_three_sentences(self):
        sentences = ("I like durian", "I do not like durian", "I do not do not like durian")
        assert [by_hand.depth_needed(len(s.split()), 3) for s in sentences] == [1, 2, 3]
        assert [by_hand.sentiment_states(s)[-1] for s in sentences] == [1, -1, 1]


@pytest.mark.parametrize("tokens", [None, "rows", "columns", "patches4"])
def test_trained_references_are_good(tokens):
    options = {"tokens": tokens} if tokens else {}
    train = with_torch.rnn_train_and_predict if tokens else with_torch.cnn_train_and_predict
    judged = judge.network(data.PASS_LINES[tokens or "cnn"], tokens)(train)
    (case,) = cases.digits(rng("test"), epochs=data.GRADING_EPOCHS, **options)
    assert judged(*case.args, **case.kwargs) == judge.GOOD


def nearest(train_images, train_labels, test_images):
    known, asked = (images.reshape(-1, 64) for images in (train_images, test_images))
    return train_labels[cdist(asked, known).argmin(axis=1)]


def support_vectors(train_images, train_labels, test_images, **options):
    machine = svm.SVC().fit(train_images.reshape(-1, 64), train_labels)
    return machine.predict(test_images.reshape(-1, 64))


def cnn_for_an_rnn(train_images, train_labels, test_images, tokens, epochs):
    return with_torch.cnn_train_and_predict(train_images, train_labels, test_images, epochs)


def cnn_with_each_set_standardised(*arguments, **options):
    with mock.patch.object(with_torch, "scale_pixels", lambda x: (x - x.mean()) / x.std()):
        return with_torch.cnn_train_and_predict(*arguments, **options)


@pytest.mark.parametrize(
    ("train", "tokens", "mistake"),
    [
        (support_vectors, None, "not-a-cnn"),
        (support_vectors, "rows", "not-an-rnn"),
        (cnn_for_an_rnn, "rows", "not-an-rnn"),
        (cnn_with_each_set_standardised, None, "scaled-by-the-test-set"),
    ],
)
def test_who_names_the_digits_in_another_way_is_told_so(train, tokens, mistake):
    options = {"tokens": tokens} if tokens else {}
    judged = judge.network(data.PASS_LINES[tokens or "cnn"], tokens)
    bank = mistakes.rnn_train_and_predict if tokens else mistakes.cnn_train_and_predict
    digits = cases.digits(rng("test"), epochs=data.GRADING_EPOCHS, **options)
    with pytest.raises(CheckFailed) as failure:
        agrees(judged(train), judge.good(judged(train)), digits, judge.mistaken(bank, judged))
    assert failure.value.mistake == mistake


def test_the_judge_gives_an_unlucky_start_a_second_one_and_no_third():
    (case,) = cases.digits(rng("test"))
    calls = []

    def unlucky_once(train_images, train_labels, test_images):
        calls.append(len(test_images))
        labels = nearest(train_images, train_labels, test_images)
        torch.nn.Conv2d(1, 1, 1)
        return labels if len(calls) > 1 else np.where(test_images[:, 2, 3] > 12, 0, labels)

    assert judge.network(0.95)(unlucky_once)(*case.args) == judge.GOOD
    assert len(calls) == 2
    assert judge.network(1.01)(unlucky_once)(*case.args).startswith("accuracy 0.9")
    assert len(calls) == 5, "the last with the test images alone, to find out what is wrong"


def test_renamed_classes_defeat_a_function_that_knows_the_digits_by_heart():
    (case,) = cases.digits(rng("test"))
    images, labels = data.digits()
    by_heart = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    verdict = judge.network(0.5)(
        lambda train_images, train_labels, test_images: [
            by_heart.get(image.tobytes(), 0) for image in test_images
        ]
    )
    assert "called by other names" in verdict(*case.args)


def test_the_example_of_own_tokens_is_good_and_pixels_may_come_twice():
    for case in cases.own_tokens(rng("test")):
        assert judge.own_tokens(by_hand.own_tokens)(*case.args) == judge.GOOD
        overlapping = judge.own_tokens(lambda image: by_hand.patch_tokens(image, 3, stride=1))
        assert overlapping(*case.args) == judge.GOOD
        both = judge.own_tokens(lambda image: np.vstack([image, image]))
        assert both(*case.args) == judge.GOOD


IMAGE = np.ones((4, 5))


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("row_tokens", (np.ones(4),), "image has shape (4,); it takes two axes"),
        ("row_tokens", ([[1, 2], [3]],), "image is a ragged list"),
        ("column_tokens", (np.ones((3, 4, 5)),), "image has shape (3, 4, 5); it takes two axes"),
        ("patch_tokens", (IMAGE, 5), "size is 5; a patch must fit into the image, 4×5"),
        ("patch_tokens", (IMAGE, 0), "size is 0; it takes a whole number from 1 up"),
        ("patch_tokens", (IMAGE, 2, 0), "stride is 0; it takes a whole number from 1 up"),
        ("patch_tokens", (IMAGE, 2.0), "size is 2.0; it takes a whole number"),
        ("window_tokens", (IMAGE, 0), "length is 0; it takes a whole number from 1 up"),
        ("window_tokens", (np.ones((0, 4)),), "image is empty"),
        ("untokenize", (np.ones((4, 4)), (4, 5), 2), "shape is (4, 5); patches of 2×2 fill"),
        ("untokenize", (np.ones((3, 4)), (4, 4), 2), "tokens has shape (3, 4); an image of shape"),
        ("patch_embedding", (IMAGE, np.ones((3, 5)), np.ones(3), 2), "need 4 columns"),
        ("patch_embedding", (IMAGE, np.ones((3, 4)), np.ones(2), 2), "bias has 2 numbers"),
        ("token_spread", (IMAGE + 0.5, 5), "index_tokens holds"),
        ("token_spread", (IMAGE, 0), "width is 0; it takes a whole number from 1 up"),
        (
            "scale_pixels",
            (np.full((1, 2, 2), 17),),
            "numbers from 17 to 17; it takes pixels from 0",
        ),
        ("scale_pixels", (np.full((1, 2, 2), -1),), "numbers from -1 to -1; it takes pixels"),
        ("words_seen", (-1, 3), "depth is -1; it takes a whole number from 0 up"),
        ("words_seen", (1, 0), "kernel is 0; it takes a whole number from 1 up"),
        ("depth_needed", (0, 3), "words is 0; it takes a whole number from 1 up"),
        ("depth_needed", (3, 1), "kernel is 1; to see 3 words it takes a kernel of 2 or more"),
        ("sentiment_states", ("  ",), "sentence is '  '; it takes at least one word"),
        ("sentiment_states", (None,), "sentence is None; it takes at least one word"),
    ],
)
def test_impossible_arguments_are_named(function, arguments, message):
    with pytest.raises(ValueError) as error:
        getattr(by_hand, function)(*arguments)
    assert message in str(error.value)


def test_results_are_new_arrays():
    for function in (by_hand.row_tokens, by_hand.column_tokens, vectorised.column_tokens):
        image = np.ones((2, 3))
        function(image)[:] = 5
        assert (image == 1).all()
