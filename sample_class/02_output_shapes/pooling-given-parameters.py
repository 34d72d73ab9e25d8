# ---
# like: correct-dispatch
# ---
# %% S7_count_parameters
def count_parameters(layers, input_shape):
    counts = []
    for layer, shape in zip(read_layers(layers), shape_table(layers, input_shape)):
        count = 0
        if "kernel" in layer:
            count = shape[0] // layer.get("groups", 1) * math.prod(layer["kernel"])
            count *= layer.get("out_channels", 1)
        elif layer["type"] == "linear":
            count = shape[0] * layer["out_features"]
        if layer.get("bias"):
            count += layer.get("out_channels", layer.get("out_features"))
        counts.append(count)
    return counts
