# ---
# like: no-leak-in-the-gradient
# damage: deleted-cell L3_train_hidden_asleep
# ---
