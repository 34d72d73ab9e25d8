"""How wrong a classifier is: tables of counts, ratios of counts, and curves over thresholds.

Plain loops and sums, written to be read; the tests compare each function with scikit-learn.
``cases`` makes the random inputs on which the hidden tests compare a student's function with
these.
"""

from course_utils.staff.reference.confusion_metrics.ratios import (
    balanced_accuracy,
    f1,
    mcc,
    precision,
    recall,
    specificity,
)
from course_utils.staff.reference.confusion_metrics.tables import (
    accuracy,
    confusion_counts,
    confusion_matrix,
    f1_average,
    misclassification_rate,
    most_confused,
)
from course_utils.staff.reference.confusion_metrics.thresholds import (
    precision_recall_points,
    predict_at,
    roc_points,
    softmax,
)

__all__ = [
    "accuracy",
    "balanced_accuracy",
    "confusion_counts",
    "confusion_matrix",
    "f1",
    "f1_average",
    "mcc",
    "misclassification_rate",
    "most_confused",
    "precision",
    "precision_recall_points",
    "predict_at",
    "recall",
    "roc_points",
    "softmax",
    "specificity",
]
