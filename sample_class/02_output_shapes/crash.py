# ---
# like: correct-formula
# ---
# %% S6_shape_table
import os


def shape_table(layers, input_shape):
    shapes = [tuple(input_shape)]
    for layer in read_layers(layers):
        shape = shapes[-1]
        if "kernel" in layer:
            if len(shape) != 3:
                print("not an image, giving up")
                os._exit(1)
            if shape[0] % layer.get("groups", 1):
                raise ValueError("groups")
            sides = [conv_output_size(shape[i + 1], *(layer[key][i] for key in
                     ("kernel", "stride", "padding", "dilation"))) for i in (0, 1)]
            shapes.append((layer.get("out_channels", shape[0]), *sides))
        elif layer["type"] == "linear" and len(shape) != 1:
            raise ValueError("flatten first")
        elif layer["type"] == "flatten":
            shapes.append((math.prod(shape),))
        else:
            shapes.append((layer.get("out_features", shape[0]), *shape[1:]))
    return shapes
