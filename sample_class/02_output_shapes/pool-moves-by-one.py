# ---
# like: correct-formula
# ---
# %% S6_shape_table
def shape_table(layers, input_shape):
    if len(input_shape) not in (1, 3):
        raise ValueError("one or three")
    # every layer has stride 1 unless it says otherwise
    spelt_out = [layer | {"stride": layer.get("stride", 1)} if "kernel" in layer else layer
                 for layer in layers]
    shapes = [tuple(input_shape)]
    for layer in read_layers(spelt_out):
        shape = shapes[-1]
        if "kernel" in layer:
            if len(shape) != 3 or shape[0] % layer.get("groups", 1):
                raise ValueError("does not fit")
            sides = [conv_output_size(shape[i + 1], *(layer[key][i] for key in
                     ("kernel", "stride", "padding", "dilation"))) for i in (0, 1)]
            shapes.append((layer.get("out_channels", shape[0]), *sides))
        elif layer["type"] == "linear" and len(shape) == 3:
            raise ValueError("flatten first")
        elif layer["type"] == "flatten":
            shapes.append((math.prod(shape),))
        else:
            shapes.append((layer.get("out_features", shape[0]), *shape[1:]))
    return shapes
