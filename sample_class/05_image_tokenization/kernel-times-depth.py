# ---
# like: correct-functional
# ---
# %% I6_words_seen
def words_seen(depth, kernel):
    if depth < 0 or kernel < 1:
        raise ValueError("impossible")
    return depth * kernel


def depth_needed(words, kernel):
    if words < 1 or kernel < 1 or (kernel == 1 and words > 1):
        raise ValueError("impossible")
    return -(-words // kernel)
