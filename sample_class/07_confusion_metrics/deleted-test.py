# ---
# like: fp-and-fn-swapped
# damage: deleted-cell M1_confusion_counts_hidden_values
# ---
