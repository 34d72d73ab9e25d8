"""Inputs on which hidden tests compare a student's answers with the reference.

Every function takes a NumPy generator and returns a list of ``Case``. Networks are never
palindromes: on those (LeNet-5 is one) the recursion gives the same field from either end.
"""

from course_utils.check import case
from course_utils.datasets.receptive_fields import conv, pool
from course_utils.staff.reference.receptive_fields.by_hand import input_region as region_of
from course_utils.staff.reference.receptive_fields.by_hand import map_sizes, seen_pixels
from course_utils.staff.reference.receptive_fields.designs import vgg_layers
from course_utils.staff.reference.sizes import between, two_between

VARIANTS = 4


def _conv(rng, smallest=2, **options):
    return conv(between(rng, smallest, 6), **options)


def receptive_field_plain(rng):
    """Convolutions with strides, some with padding (which changes nothing)."""
    cases = []
    for _ in range(VARIANTS):
        layers = [
            _conv(rng, 5, stride=2, padding=2),
            _conv(rng, stride=between(rng, 2, 3)),
            conv(3),
            _conv(rng, stride=between(rng, 1, 3), padding=1),
            conv(2, stride=2),
        ]
        cases.append(case(layers))
    return [
        *cases,
        case([conv(4)]),
        case([conv(1, stride=2), conv(3)]),
        case([conv(3, stride=3, padding=1)] * 3),
    ]


def receptive_field_dilation(rng):
    """Dilated convolutions, alone, in a growing row, and together with strides."""
    cases = [case([conv(3, dilation=2**i) for i in range(4)])]
    for _ in range(VARIANTS):
        layers = [
            _conv(rng, dilation=between(rng, 2, 4)),
            _conv(rng, 3, stride=2, dilation=between(rng, 2, 5), padding=2),
            _conv(rng, 3, dilation=3),
            _conv(rng),
        ]
        cases.append(case(layers))
    return cases


def receptive_field_pooling(rng):
    """Pools with and without a stride of their own, ReLU and dropout in between."""
    cases = [case(vgg_layers((2, 2, 3, 3, 3)))]
    for kind in ("maxpool", "avgpool"):
        for _ in range(2):
            layers = [
                _conv(rng, 3, padding=1),
                {"type": "relu"},
                {"type": kind, "kernel": 3, "stride": 2},
                _conv(rng, 3, stride=between(rng, 1, 2)),
                {"type": kind, "kernel": between(rng, 2, 4)},
                {"type": "dropout"},
                _conv(rng, 3),
            ]
            cases.append(case(layers))
    pairs = [{"type": "avgpool", "kernel": (5, 5)}, conv((2, 2), stride=(3, 3)), conv(3)]
    return [*cases, case(pairs)]


def _pool(kind, kernel, **options):
    return {"type": kind, "kernel": kernel} | options


def _regions(rng, make_layers, wanted):
    """Units whose region is the same however gaps and the edges of inner maps are treated."""
    cases = []
    while len(cases) < wanted:
        layers, shape = make_layers(), (3, *two_between(rng, 24, 40))
        rows, columns = map_sizes(layers, shape)[-1]
        kind = len(cases) % 3  # the first unit, the last one, one in between
        row = (0, rows - 1, between(rng, 0, rows - 1))[kind]
        col = (columns - 1, 0, between(rng, 0, columns - 1))[kind]
        exact = tuple(
            (pixels[0], pixels[-1]) if pixels else None
            for pixels in (
                seen_pixels(layers, place, side, axis)
                for axis, (place, side) in enumerate(((row, shape[1]), (col, shape[2])))
            )
        )
        try:
            if region_of(layers, row, col, shape) == exact:
                cases.append(case(layers, row, col, shape))
        except ValueError:  # a unit that sees padding only
            continue
    return cases


def input_region_plain(rng):
    """No padding: strides, pools and dilation, square and rectangular."""

    def layers():
        return [
            conv(two_between(rng, 2, 4), stride=two_between(rng, 1, 2)),
            pool(two_between(rng, 2, 3)),
            conv(two_between(rng, 1, 3), dilation=1),
        ]

    def dilated():
        return [
            conv(3, dilation=two_between(rng, 2, 3)),
            {"type": "relu"},
            conv(two_between(rng, 2, 3), stride=2),
        ]

    whole_image = [conv((4, 2)), conv((2, 4))]  # a last map of one place
    return [
        case(whole_image, 0, 0, (1, 5, 5)),
        *_regions(rng, layers, 6),
        *_regions(rng, dilated, 6),
    ]


def input_region_padding(rng):
    """Padding in several layers; units at the corners see less of the image than others."""

    def layers():
        return [
            conv(5, stride=2, padding=two_between(rng, 1, 2)),
            conv((4, 3), padding=two_between(rng, 1, 2)),
            {"type": "avgpool", "kernel": 3, "stride": two_between(rng, 1, 2), "padding": 1},
        ]

    return _regions(rng, layers, 9)


def vgg_layers_blocks(rng):
    """VGG11, VGG13, VGG16, VGG19 and families that never were."""
    named = [(1, 1, 2, 2, 2), (2, 2, 2, 2, 2), (2, 2, 3, 3, 3), (2, 2, 4, 4, 4)]
    return [case(blocks) for blocks in named] + [
        case([between(rng, 1, 4) for _ in range(depth)]) for depth in (1, 2, 3, 4)
    ]


def _probes(rng):
    dilated = [_conv(rng, 3, dilation=between(rng, 2, 4)), conv(2)]
    strided = [_conv(rng, 2, stride=2), _conv(rng, 3, stride=3), conv(2)]
    padded = [_conv(rng, 3, padding=1, stride=2), conv(3, padding=1)]
    pooled = [_conv(rng, 2), pool(between(rng, 2, 3)), {"type": "relu"}]
    mixed = [
        conv(3, padding=2),
        pool(2),
        conv(3, dilation=2, padding=1),
        {"type": "avgpool", "kernel": 3, "stride": 2},
    ]
    return [dilated, strided, padded, pooled, mixed]


def gradient_map(rng):
    """Small images, odd and even; strides, dilation, padding and both kinds of pool.

    Images of which the unit sees all show what a pool makes of the zeros around them.
    """
    sides = [int(side) for side in rng.permutation(range(36, 45))]
    padded_pools = [
        case([_pool(kind, 3, stride=2, padding=1), conv(3)], between(rng, 5, 7))
        for kind in ("maxpool", "avgpool")
    ]
    return [case(layers, side) for layers, side in zip(_probes(rng), sides, strict=False)] + [
        case([conv(3)], 5),
        case([conv(3, padding=1)] * 2, 6),
        *padded_pools,
        case([conv(2), _pool("avgpool", 4, stride=3, padding=2), conv(2, padding=1)], 8),
    ]


def empirical_receptive_field(rng):
    """The same networks, pools with a stride of their own, deeper ones; no field is above 100."""
    pools = [
        [conv(3), _pool(kind, kernel, stride=stride, padding=padding), conv(between(rng, 3, 5))]
        for kind, kernel, stride, padding in (("maxpool", 3, 2, 1), ("avgpool", 2, 3, 0))
    ]
    deep = [conv(3, padding=1)] * between(rng, 5, 9)
    wide = conv(3, dilation=between(rng, 45, 49))  # up to 99 pixels
    return [case(layers) for layers in (*_probes(rng), *pools, deep, [wide], vgg_layers((2, 2, 3)))]


def design_small(rng):
    """Every small target, with a budget that a plain stack of 3×3 convolutions keeps."""
    targets = range(2, 19)  # a stack that stops too early stops so at some of them only
    return [case(1, 500), *(case(target, 224 + 292 * target) for target in targets)]


_POWERS = ((2, (5, 6, 7, 8)), (3, (3, 4, 5)))


def design_large(rng):
    """Large targets, with a budget that a plain stack of 3×3 convolutions breaks.

    A stack that doubles stride or dilation, biases included, keeps it, also where two layers
    share the first one (dilations 1, 1, 2, 4, …); at the first target both do to the last weight.
    Further targets lie at and beside the powers of 2 and 3, where one layer more is needed.
    """
    cases = [case(between(rng, 2**5, 2**5 + 1), _cost(5))]
    for depth in (6, 7, 8):
        target = between(rng, 2**depth - 9, 2**depth - 1)
        cases.append(case(target, _cost(depth) + between(rng, 0, 300)))
    edges = {base**power + d for base, powers in _POWERS for power in powers for d in (-1, 0, 1)}
    return cases + [case(target, _cost(target.bit_length())) for target in sorted(edges)]


def design_tight(rng):
    """Budgets that most ways to build miss by a little or by a lot.

    To see 2**depth pixels, doubling takes ``depth`` layers, however it begins.
    """
    return [case(2**depth, _cost(depth) - 1) for depth in (2, 3, 4, 5, 6)] + [
        case(between(rng, 20, 200), between(rng, 24, 1500)) for _ in range(VARIANTS)
    ]


def _cost(depth):
    """The weights and biases of ``depth`` layers of 8 filters of 3×3."""
    return 224 + 584 * (depth - 1)
