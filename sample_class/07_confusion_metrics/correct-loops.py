# %% M1_outcomes
outcomes = []
for t, p in zip(TARGET, PREDICTED):
    if t == "spam" and p == "spam":
        outcomes.append("tp")
    elif t == "spam":
        outcomes.append("fn")
    elif p == "spam":
        outcomes.append("fp")
    else:
        outcomes.append("tn")

# %% M1_confusion_counts
def confusion_counts(target, predicted, positive):
    if len(target) != len(predicted):
        raise ValueError("target and predicted differ in length")
    tp = fn = fp = tn = 0
    for i in range(len(target)):
        if target[i] == positive:
            if predicted[i] == positive:
                tp += 1
            else:
                fn += 1
        else:
            if predicted[i] == positive:
                fp += 1
            else:
                tn += 1
    return {"tp": tp, "fn": fn, "fp": fp, "tn": tn}

# %% M2_confusion_matrix
def confusion_matrix(target, predicted, labels):
    if len(target) != len(predicted):
        raise ValueError("target and predicted differ in length")
    labels = list(labels)
    table = []
    for _ in labels:
        table.append([0] * len(labels))
    for t, p in zip(target, predicted):
        table[labels.index(t)][labels.index(p)] += 1  # ValueError if unknown
    return table

# %% M3_accuracy
def accuracy(matrix):
    total = right = 0
    for i, row in enumerate(matrix):
        if np.ndim(row) != 1 or len(row) != len(matrix):
            raise ValueError("not a square table")
        for j, count in enumerate(row):
            total += count
            if i == j:
                right += count
    if total == 0:
        raise ValueError("empty table")
    return right / total


def misclassification_rate(matrix):
    total = wrong = 0
    for i, row in enumerate(matrix):
        if np.ndim(row) != 1 or len(row) != len(matrix):
            raise ValueError("not a square table")
        for j, count in enumerate(row):
            total += count
            if i != j:
                wrong += count
    if total == 0:
        raise ValueError("empty table")
    return wrong / total

# %% M4_shares
def precision(tp, fn, fp, tn):
    if tp + fp == 0:
        return 0.0
    return tp / (tp + fp)


def recall(tp, fn, fp, tn):
    if tp + fn == 0:
        return 0.0
    return tp / (tp + fn)


def specificity(tp, fn, fp, tn):
    if tn + fp == 0:
        return 0.0
    return tn / (tn + fp)

# %% M4_means
def f1(tp, fn, fp, tn):
    p = precision(tp, fn, fp, tn)
    r = recall(tp, fn, fp, tn)
    if p + r == 0:
        return 0.0
    return 2 * p * r / (p + r)


def balanced_accuracy(tp, fn, fp, tn):
    return 0.5 * recall(tp, fn, fp, tn) + 0.5 * specificity(tp, fn, fp, tn)


def mcc(tp, fn, fp, tn):
    below = 1
    for margin in (tp + fp, tp + fn, tn + fp, tn + fn):
        below *= margin
    if below == 0:
        return 0.0
    return (tp * tn - fp * fn) / below ** 0.5

# %% M6_predict_at
def predict_at(probabilities, threshold):
    called = []
    for p in probabilities:
        called.append(p >= threshold)
    return called

# %% M6_roc_points
def roc_points(target, scores):
    positives = sum(1 for t in target if t)
    negatives = len(target) - positives
    if positives == 0 or negatives == 0:
        raise ValueError("need both classes")
    points = []
    for threshold in sorted(set(scores), reverse=True):
        tp = fp = 0
        for t, s in zip(target, scores):
            if s >= threshold:
                if t:
                    tp += 1
                else:
                    fp += 1
        points.append((fp / negatives, tp / positives))
    return points

# %% M6_precision_recall_points
def precision_recall_points(target, scores):
    positives = sum(1 for t in target if t)
    if positives == 0:
        raise ValueError("need a positive")
    points = []
    for threshold in sorted(set(scores), reverse=True):
        tp = called = 0
        for t, s in zip(target, scores):
            if s >= threshold:
                called += 1
                if t:
                    tp += 1
        points.append((tp / positives, tp / called))
    return points

# %% M6_softmax
def softmax(scores):
    if np.ndim(scores) == 2:
        return np.array([softmax(row) for row in scores])
    top = max(scores)
    powers = [np.exp(s - top) for s in scores]
    return np.array([power / sum(powers) for power in powers])

# %% M5_f1_average
def f1_average(matrix, average):
    if average not in ("macro", "micro", "weighted"):
        raise ValueError(average)
    classes = range(len(matrix))
    counts = []
    for k in classes:
        hit = matrix[k][k]
        missed = sum(matrix[k][j] for j in classes) - hit
        wrong = sum(matrix[i][k] for i in classes) - hit
        counts.append((hit, missed, wrong))
    if average == "micro":
        return f1(*(sum(c[i] for c in counts) for i in range(3)), 0)
    total, weights = 0, 0
    for hit, missed, wrong in counts:
        weight = 1 if average == "macro" else hit + missed
        total += weight * f1(hit, missed, wrong, 0)
        weights += weight
    return total / weights

# %% M7_most_confused
def most_confused(matrix):
    best, place = 0, None
    for i, row in enumerate(matrix):
        for j, count in enumerate(row):
            if i != j and count > best:
                best, place = count, (i, j)
    if place is None:
        raise ValueError("no confusion at all")
    return place

# %% [markdown] M8_costs_answer
# A lost message costs more. Deleting one spam takes two seconds, but nobody
# notices that the mail about the new exam room went to the spam folder. I
# would therefore demand a precision close to 1 for spam and raise the
# threshold, and live with the recall that is left. For a smoke detector I
# would do the opposite: a false alarm is a nuisance, a missed fire is not, so
# recall first and a low threshold.

# %% [markdown] M8_imbalance_answer
# "Always ham" also has 99 %, so the number only tells how the mail is mixed.
# I would ask for the confusion matrix, and for recall and precision of spam:
# both 0 for the lazy filter, balanced accuracy 0.5, MCC 0. The ROC curve is
# made of rates within each class, so it does not change when spam gets rarer,
# but the false alarms of a huge class swamp the few hits; only precision
# shows that.
