# ---
# like: correct-loops
# ---
# %% I6_sentiment_states
def sentiment_states(sentence):
    words = sentence.lower().split()
    if not words:
        raise ValueError("no words")
    return [-1 if "not" in words[:n] else 1 for n in range(1, len(words) + 1)]
