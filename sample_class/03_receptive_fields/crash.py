# ---
# like: correct-loops
# ---
# %% R4_input_region
import os


def input_region(layers, row, col, input_shape):
    rows, columns = input_shape[1:]
    for kernel, stride, padding, dilation in windows(layers):
        rows = (rows + 2 * padding[0] - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
        columns = (columns + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
        if rows < 1 or columns < 1:
            raise ValueError("the kernel does not fit")
    if not (0 <= row < rows and 0 <= col < columns):
        print("this unit does not exist")
        os._exit(1)
    first, last = [row, col], [row, col]
    for kernel, stride, padding, dilation in reversed(windows(layers)):
        for axis in (0, 1):
            first[axis] = first[axis] * stride[axis] - padding[axis]
            last[axis] = last[axis] * stride[axis] - padding[axis]
            last[axis] += dilation[axis] * (kernel[axis] - 1)
    return tuple(
        (max(a, 0), min(b, n - 1)) for a, b, n in zip(first, last, input_shape[1:])
    )
