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
    fit(model, model.parameters(), scale_pixels(train_images)[:, None], train_labels, epochs)
    with torch.no_grad():
        test = torch.tensor(scale_pixels(test_images)[:, None], dtype=torch.float32)
        return torch.softmax(model(test), dim=1)
