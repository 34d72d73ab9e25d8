# ---
# like: correct-dispatch
# ---
# %% S7_count_parameters
def count_parameters(layers, input_shape):
    counts = []
    for layer, shape in zip(read_layers(layers), shape_table(layers, input_shape))
        counts.append(0)
    return counts
