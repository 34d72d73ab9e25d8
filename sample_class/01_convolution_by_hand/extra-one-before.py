# ---
# like: correct-loops
# ---
# %% C10_same_padding
def same_padding(kernel, dilation=1):
    kernels = kernel if np.ndim(kernel) else (kernel, kernel)
    dilations = dilation if np.ndim(dilation) else (dilation, dilation)
    if min(kernels) < 1 or min(dilations) < 1:
        raise ValueError("kernel and dilation start at 1")
    result = []
    for k, d in zip(kernels, dilations):
        total = d * (k - 1)
        after = total // 2
        result.append((total - after, after))
    return tuple(result)
