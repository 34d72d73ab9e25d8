"""Short names for layers, and published networks, as lists of dicts (``course_utils.layers``).

A receptive field depends on kernels, strides, paddings and dilations along the way from the
image to a unit. Activations and dense layers are left out.
"""

from course_utils.arguments import one_of

CHANNELS = 8  # where nobody asks: a receptive field does not depend on it


def conv(kernel, *, out_channels=CHANNELS, **options):
    """Return a convolution as a dict; numbers may be ints or pairs (vertical, horizontal).

    Parameters
    ----------
    kernel : int or pair
    out_channels : int
    **options
        ``stride``, ``padding``, ``dilation``, ``groups`` or ``bias``, where not torch's default.
    """
    return {"type": "conv", "out_channels": out_channels, "kernel": kernel} | options


def pool(kernel, **options):
    """Return a max pool as a dict; options: ``stride``, by default the kernel, ``padding``."""
    return {"type": "maxpool", "kernel": kernel} | options


def lenet5():
    """Return LeNet-5 (LeCun et al., 1998) up to C5, with the sub-sampling layers as pools."""
    return [
        conv(5, out_channels=6),
        pool(2),
        conv(5, out_channels=16),
        pool(2),
        conv(5, out_channels=120),
    ]


def alexnet():
    """Return AlexNet (Krizhevsky, Sutskever and Hinton, 2012) up to its last pool.

    Channels and paddings are torchvision's; kernels and strides are the paper's.
    """
    return [
        conv(11, stride=4, padding=2, out_channels=64),
        pool(3, stride=2),
        conv(5, padding=2, out_channels=192),
        pool(3, stride=2),
        conv(3, padding=1, out_channels=384),
        conv(3, padding=1, out_channels=256),
        conv(3, padding=1, out_channels=256),
        pool(3, stride=2),
    ]


RESNET50_STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))


def resnet50(stride_on):
    """Return the longest path through ResNet-50, from the image to the last stage.

    Skip connections look at no more than the convolutions they skip, so the path through all
    convolutions has the largest field. In the first block of stages 2 to 4 one convolution has
    stride 2; which one depends on the implementation.

    Parameters
    ----------
    stride_on : {"1x1", "3x3"}
        "1x1" as in the paper (He et al., 2016), "3x3" as in torchvision.

    Raises
    ------
    ValueError
        For anything else.
    """
    one_of(stride_on, "stride_on", ("1x1", "3x3"))
    layers = [conv(7, stride=2, padding=3, out_channels=64), pool(3, stride=2, padding=1)]
    for stage, (blocks, width) in enumerate(RESNET50_STAGES):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            first, second = (stride, 1) if stride_on == "1x1" else (1, stride)
            layers += [
                conv(1, stride=first, out_channels=width),
                conv(3, stride=second, padding=1, out_channels=width),
                conv(1, out_channels=4 * width),
            ]
    return layers
