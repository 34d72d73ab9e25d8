# ---
# like: correct-vectorised
# ---
# %% I4_rnn_train_and_predict
def rnn_train_and_predict(train_images, train_labels, test_images,
                          tokens="rows", epochs=EPOCHS, seed=0):
    train = tokenize(scale_pixels(train_images), tokens)
    test = tokenize(scale_pixels(test_images), tokens)
    torch.manual_seed(seed)
    lstm = torch.nn.LSTM(train.shape[2], HIDDEN, batch_first=True)
    head = torch.nn.Linear(HIDDEN, 10)

    def scores(inputs):
        states, _ = lstm(inputs)
        return head(states[:, 0])

    fit(scores, [*lstm.parameters(), *head.parameters()], train, train_labels, epochs)
    return predict(scores, test)
