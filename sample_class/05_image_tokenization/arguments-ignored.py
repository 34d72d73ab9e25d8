# ---
# like: correct-functional
# ---
# %% I4_cnn_train_and_predict
def cnn_train_and_predict(train_images, train_labels, test_images,
                          epochs=EPOCHS, seed=0):
    torch.manual_seed(seed)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(128, 10))
    inputs = scale_pixels(TRAIN_IMAGES)[:, np.newaxis]
    fit(model, model.parameters(), inputs, TRAIN_LABELS, epochs)
    return predict(model, scale_pixels(test_images)[:, np.newaxis])
