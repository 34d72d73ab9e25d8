"""Published networks as lists of layers, and how a student's version is compared with them.

Convolutions, pools, flattening and linear layers are written down; activations, normalisation
and dropout, which change neither shapes nor counts, are not. The input of each network is named
in its docstring.
"""

from course_utils.layers import POINTWISE, SPATIAL, read_layers


def _conv(filters, kernel, **options):
    return {"type": "conv", "out_channels": filters, "kernel": kernel, **options}


def _linear(features):
    return {"type": "linear", "out_features": features}


FLATTEN = {"type": "flatten"}


def mnist_network():
    """A small network for handwritten digits, (1, 28, 28): 1 199 882 parameters."""
    return [
        _conv(32, 3),
        _conv(64, 3),
        {"type": "maxpool", "kernel": 2},
        FLATTEN,
        _linear(128),
        _linear(10),
    ]


def lenet5():
    """LeNet-5 for (1, 32, 32) with full connections throughout: 61 706 parameters.

    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
    recognition" (1998). The paper's own count is 60 000: its C3 connects each map to some of the
    maps before it, its sub-sampling has two trained numbers per map, and its output layer is
    fixed and not counted.
    """
    halve = {"type": "avgpool", "kernel": 2}
    return [_conv(6, 5), halve, _conv(16, 5), halve, _conv(120, 5), FLATTEN, _linear(84),
            _linear(10)]  # fmt: skip


def alexnet_torch():
    """AlexNet as torchvision has it, for (3, 224, 224): 61 100 840 parameters.

    A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014). On
    224×224 its adaptive average pool to 6×6 changes nothing and is left out.
    """
    return _alexnet(
        _conv(64, 11, stride=4, padding=2),
        _conv(192, 5, padding=2),
        _conv(384, 3, padding=1),
        _conv(256, 3, padding=1),
        _conv(256, 3, padding=1),
    )


def alexnet_2012():
    """AlexNet as published, for (3, 227, 227): 60 965 224 parameters.

    A. Krizhevsky, I. Sutskever and G. Hinton, "ImageNet classification with deep convolutional
    neural networks" (2012): two groups in the second, fourth and fifth convolution, one for each
    of two graphics cards. The paper's 224×224 does not give its 55×55 without padding.
    """
    return _alexnet(
        _conv(96, 11, stride=4),
        _conv(256, 5, padding=2, groups=2),
        _conv(384, 3, padding=1),
        _conv(384, 3, padding=1, groups=2),
        _conv(256, 3, padding=1, groups=2),
    )


def _alexnet(first, second, third, fourth, fifth):
    pool = {"type": "maxpool", "kernel": 3, "stride": 2}
    return [first, pool, second, pool, third, fourth, fifth, pool, FLATTEN, _linear(4096),
            _linear(4096), _linear(1000)]  # fmt: skip


def vgg16():
    """VGG16 (configuration D) for (3, 224, 224): 138 357 544 parameters.

    K. Simonyan and A. Zisserman, "Very deep convolutional networks for large-scale image
    recognition" (2014): a pool after each block, not after each convolution.
    """
    layers = []
    for convolutions, filters in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        layers += [_conv(filters, 3, padding=1)] * convolutions
        layers.append({"type": "maxpool", "kernel": 2})
    return [*layers, FLATTEN, _linear(4096), _linear(4096), _linear(1000)]


def sketch(layers):
    """Say in words what each layer is, activations and dropout left out.

    Two lists that say the same network in different ways (a pool's stride spelt out, 3 or
    (3, 3), ReLU layers or none) have the same sketch.

    Parameters
    ----------
    layers : list of dict

    Returns
    -------
    list of str
        For example ["conv 3x3, stride 1x1, padding 1x1, dilation 1x1, 64 filters, …", "flatten"].
    """
    return [_words(layer) for layer in read_layers(layers) if layer["type"] not in POINTWISE]


def sketched(network):
    """Return a function that sketches what ``network()`` returns, under the same name.

    ``None`` stays what it is.
    """

    def sketch_of_network():
        layers = network()
        return None if layers is None else sketch(layers)

    sketch_of_network.__name__ = getattr(network, "__name__", "network")
    return sketch_of_network


def _words(layer):
    words = layer["type"]
    if layer["type"] in SPATIAL:
        vertical, horizontal = layer["kernel"]
        words += f" {vertical}x{horizontal}"
        for key in ("stride", "padding", "dilation"):
            vertical, horizontal = layer[key]
            words += f", {key} {vertical}x{horizontal}"
    if layer["type"] == "conv":
        words += f", {layer['out_channels']} filters, {layer['groups']} groups"
    if layer["type"] == "linear":
        words += f", {layer['out_features']} features"
    if not layer.get("bias", True):
        words += ", no bias"
    return words
