# The other side of the proof `tables`: scikit-learn's MLP with its defaults on the folds that it is handed.
# In: one JSON object a line, {name, kind, x, y, runs: [{seed, folds: [{train, test}]}]}. Out: one a line, {name, raw, standardized}
# (and bothStandardized for numbers), each with the mean score over the folds of every run. Run by /usr/bin/python3.
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

# It stops after 200 epochs by default and says so.
warnings.filterwarnings("ignore", category=ConvergenceWarning)


def scaled(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def score(kind, x, y, fold, seed, inputs, targets):
    train, test = np.array(fold["train"]), np.array(fold["test"])
    a, b = (x[train], x[test]) if not inputs else scaled(x[train], x[test])
    if kind == "classes":
        return MLPClassifier(random_state=seed).fit(a, y[train]).score(b, y[test])
    learned, known = (y[train], y[test]) if not targets else scaled(y[train], y[test])
    return MLPRegressor(random_state=seed).fit(a, learned).score(b, known)


for line in sys.stdin:
    task = json.loads(line)
    kind = task["kind"]
    x = np.array(task["x"], dtype=np.float64)
    y = np.array(task["y"])
    forms = {"raw": (False, False), "standardized": (True, False)}
    if kind == "numbers":
        forms["bothStandardized"] = (True, True)
    found = {"name": task["name"], "version": sklearn.__version__}
    for form, (inputs, targets) in forms.items():
        found[form] = [
            float(np.mean([score(kind, x, y, fold, run["seed"], inputs, targets) for fold in run["folds"]]))
            for run in task["runs"]
        ]
    print(json.dumps(found), flush=True)
