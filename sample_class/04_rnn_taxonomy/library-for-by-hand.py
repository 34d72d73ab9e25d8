# ---
# like: correct-vectorised
# ---
# %% T8_lstm_cell
def lstm_cell(x, h, c, W_ih, W_hh, b_ih, b_hh):
    import torch

    cell = torch.nn.LSTMCell(len(x), len(h)).double()
    with torch.no_grad():
        for parameter, values in zip(cell.parameters(), (W_ih, W_hh, b_ih, b_hh)):
            parameter.copy_(torch.tensor(values))
        h, c = cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))
    return h.numpy(), c.numpy()
