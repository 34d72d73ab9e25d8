# ---
# like: correct-formula
# ---
# %% S1_conv_output_size
import torch


def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    try:
        layer = torch.nn.Conv1d(1, 1, kernel, stride, padding, dilation)
        return layer(torch.zeros(1, 1, n)).shape[-1]
    except (RuntimeError, ZeroDivisionError) as error:
        raise ValueError(str(error))
