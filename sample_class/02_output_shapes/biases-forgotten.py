# ---
# like: correct-formula
# ---
# %% S7_count_parameters
def count_parameters(layers, input_shape):
    counts = []
    for layer, shape in zip(read_layers(layers), shape_table(layers, input_shape)):
        if layer["type"] == "conv":
            height, width = layer["kernel"]
            counts.append(layer["out_channels"] * shape[0] // layer["groups"] * height * width)
        elif layer["type"] == "linear":
            counts.append(layer["out_features"] * shape[0])
        else:
            counts.append(0)
    return counts
