"""Reference values of scores, by scikit-learn in float64: classes (two and more) and numbers (one target and more).

    python3 tools/reference-scores.py

writes test/reference/scores.json. The Brier score of more than two classes and its sum over the classes is not in every
release of scikit-learn, so NumPy computes it; everything else is scikit-learn's.
"""

import json
import os
import platform
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.dummy import DummyClassifier, DummyRegressor

SEED = 20261122
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "reference", "scores.json")


def means(labels, answers, average):
    p, r, f, _ = metrics.precision_recall_fscore_support(labels, answers, average=average, zero_division=0)
    return {"precision": p, "recall": r, "f1": f}


def scores_of(labels, p, classes):
    """All scores of probabilities p [rows, classes], which answer with the first of the largest."""
    answers = p.argmax(1)
    every = list(range(classes))
    one_hot = np.eye(classes)[labels]
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, answers, labels=every, average=None, zero_division=0
    )
    two = classes == 2
    return {
        "accuracy": metrics.accuracy_score(labels, answers),
        "logLoss": metrics.log_loss(labels, p, labels=every),
        "rocAuc": metrics.roc_auc_score(labels, p[:, 1])
        if two
        else metrics.roc_auc_score(labels, p, multi_class="ovr", average="macro"),
        "brier": metrics.brier_score_loss(labels, p[:, 1]) if two else ((p - one_hot) ** 2).sum(1).mean(),
        "confusion": metrics.confusion_matrix(labels, answers, labels=every),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "support": support,
        "rocAucs": [metrics.roc_auc_score(labels == c, p[:, c]) for c in every],
        "macro": means(labels, answers, "macro"),
        "weighted": means(labels, answers, "weighted"),
    }


def baseline_of(train, labels, classes):
    """Always the most frequent class of the training labels; for probabilities the shares of the classes."""
    every = list(range(classes))
    most = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(train), 1)), train)
    prior = DummyClassifier(strategy="prior").fit(np.zeros((len(train), 1)), train)
    x = np.zeros((len(labels), 1))
    answers = most.predict(x)
    p = prior.predict_proba(x)
    one_hot = np.eye(classes)[labels]
    return {
        "accuracy": metrics.accuracy_score(labels, answers),
        "logLoss": metrics.log_loss(labels, p, labels=every),
        "brier": ((p - one_hot) ** 2).sum(1).mean() / (2 if classes == 2 else 1),
        "macro": means(labels, answers, "macro"),
        "weighted": means(labels, answers, "weighted"),
    }


def class_case(random, name, rows, classes, grid):
    """`grid`: probabilities are whole parts of that many, so that many of them tie."""
    labels = random.integers(0, classes, rows)
    labels[:classes] = range(classes)
    raw = random.gamma(0.7, size=(rows, classes))
    raw[np.arange(rows), labels] += random.gamma(0.7, size=rows)
    p = raw / raw.sum(1, keepdims=True)
    if grid:
        # The last class takes what is left, so that each row adds up to 1.
        parts = np.floor(p * grid)
        parts[:, -1] = grid - parts[:, :-1].sum(1)
        p = parts / grid
    train = random.choice(classes, rows, p=np.arange(1, classes + 1) / (classes * (classes + 1) / 2))
    train[:classes] = range(classes)
    case = {
        "name": name,
        "classes": classes,
        "labels": labels,
        "p": p,
        "train": train,
        "scores": scores_of(labels, p, classes),
        "baseline": baseline_of(train, labels, classes),
    }
    if classes == 2:
        fpr, tpr, thresholds = metrics.roc_curve(labels, p[:, 1])
        observed, predicted = calibration_curve(labels, p[:, 1], n_bins=10)
        case["roc"] = {"falsePositiveRates": fpr, "truePositiveRates": tpr, "thresholds": thresholds[1:]}
        case["calibration"] = {"observed": observed, "predicted": predicted}
    return case


def measures(y, answers):
    return {
        "rSquared": metrics.r2_score(y, answers, multioutput="raw_values"),
        "meanAbsoluteError": metrics.mean_absolute_error(y, answers, multioutput="raw_values"),
        "rootMeanSquaredError": np.sqrt(metrics.mean_squared_error(y, answers, multioutput="raw_values")),
        "medianAbsoluteError": metrics.median_absolute_error(y, answers, multioutput="raw_values"),
    }


def number_case(random, name, rows, outputs, size, offset):
    y = offset + size * random.standard_normal((rows, outputs))
    answers = y + 0.5 * size * random.standard_normal((rows, outputs))
    train = offset + size * random.standard_normal((2 * rows, outputs))
    mean = DummyRegressor().fit(np.zeros((len(train), 1)), train)
    constant = mean.predict(np.zeros((rows, 1))).reshape(rows, outputs)
    return {
        "name": name,
        "outputs": outputs,
        "y": y,
        "answers": answers,
        "train": train,
        "rSquared": metrics.r2_score(y, answers),
        "measures": measures(y, answers),
        "baseline": measures(y, constant),
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    return value


def main():
    warnings.simplefilter("error")
    random = np.random.default_rng(SEED)
    classes = [
        class_case(random, "two classes", 120, 2, None),
        class_case(random, "two classes with many ties", 150, 2, 8),
        class_case(random, "two classes, a few rows", 7, 2, None),
        class_case(random, "three classes", 120, 3, None),
        class_case(random, "four classes with many ties and zeros", 90, 4, 5),
        class_case(random, "ten classes, some never answered", 40, 10, None),
    ]
    numbers = [
        number_case(random, "one target", 101, 1, 1.0, 0.0),
        number_case(random, "one target far from 0", 60, 1, 3.0, 1e6),
        number_case(random, "three targets", 50, 3, 40.0, -7.0),
        number_case(random, "two rows", 2, 1, 1.0, 2.0),
    ]
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    out = {"made by": "tools/reference-scores.py", "seed": SEED, "versions": versions}
    out["classes"] = plain(classes)
    out["numbers"] = plain(numbers)
    with open(PATH, "w") as file:
        json.dump(out, file)
        file.write("\n")


main()
