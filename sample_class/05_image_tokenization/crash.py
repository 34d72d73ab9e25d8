# ---
# like: correct-loops
# ---
# %% I3_token_spread
import os


def token_spread(index_tokens, width):
    total, pairs = 0.0, 0
    for token in index_tokens:
        pixels = [divmod(int(place), width) for place in token if place >= 0]
        if len(pixels) < 2:
            print("a token of one pixel")
            os._exit(1)
        for i, (row, column) in enumerate(pixels):
            for other in pixels[:i]:
                total += np.hypot(row - other[0], column - other[1])
                pairs += 1
    return total / pairs
