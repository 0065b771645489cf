"""scikit-learn's MLPClassifier and MLPRegressor, float32. Its regressor has a linear output, so x² is near, not the same."""

import warnings

import sklearn
from common import Data, blas, prediction_check, prediction_round, serve, timed
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")
NEVER = dict(tol=0, n_iter_no_change=10**9, alpha=0)


class Contestant:
    def make(self):
        """A model at the common start: a first small fit makes its arrays, which are then overwritten."""
        task, data = self.task, self.data
        hidden = tuple(task["sizes"][1:-1])
        if task["kind"] == "curve":
            plain = dict(momentum=0, nesterovs_momentum=False, shuffle=False, solver="sgd")
            rate = task["learningRate"]
            model = MLPRegressor(
                hidden_layer_sizes=hidden, batch_size=1, learning_rate_init=rate, **plain, **NEVER
            )
            model.partial_fit(data.x[:1], data.y[:1].ravel())
        else:
            rate = task.get("learningRate", 1e-3)
            model = MLPClassifier(hidden_layer_sizes=hidden, batch_size=1, learning_rate_init=rate, **NEVER)
            model.partial_fit(data.x[:1], [0], classes=list(range(task["sizes"][-1])))
        for i, w in enumerate(model.coefs_):
            w[:] = data.start[2 * i]
            model.intercepts_[i][:] = data.start[2 * i + 1]
        # The next fit begins with moments of its own.
        del model._optimizer
        model.set_params(batch_size=min(task.get("batch", 1), max(task["rows"], task["check"]["rows"])))
        return model

    def prepare(self, task):
        self.task = task
        self.data = Data(task)
        self.model = self.make()
        return {"version": sklearn.__version__, "blas": blas()}

    def fit(self, model, x, y, epochs):
        if self.task["kind"] == "curve":
            # A whole fit looks its data through once, not once an epoch.
            model.set_params(warm_start=True, max_iter=epochs).fit(x, y.ravel())
            return
        for _ in range(epochs):
            model.partial_fit(x, y)

    def loss(self, model, rows):
        x, y = self.data.x[:rows], self.data.y[:rows]
        if self.task["kind"] == "curve":
            return float(((model.predict(x) - y.ravel()) ** 2).mean())
        return float(log_loss(y, model.predict_proba(x), labels=list(range(self.task["sizes"][-1]))))

    def one(self, i):
        return self.model.predict_proba(self.data.x[i : i + 1])

    def many(self, rows):
        return self.model.predict_proba(self.data.x[:rows])

    def check(self):
        task, data, check = self.task, self.data, self.task["check"]
        if task["kind"] in ("one", "many"):
            return prediction_check(task, self.one, self.many)
        model = self.make()
        before = self.loss(model, check["probe"])
        x, y = data.x[: check["rows"]], data.y[: check["rows"]]
        if task["shuffle"]:
            # Its own shuffling is by a seed of its own, so here it gets the rows in the common order.
            model.set_params(shuffle=False)
            x, y = x[data.check_order], y[data.check_order]
        self.fit(model, x, y, check["epochs"])
        return {"before": before, "loss": self.loss(model, check["probe"])}

    def round(self, units):
        task, data = self.task, self.data
        if task["kind"] in ("one", "many"):
            return prediction_round(task, units, self.one, self.many)
        x, y = data.x[: task["rows"]], data.y[: task["rows"]]
        return timed(lambda: self.fit(self.model, x, y, units))


serve(Contestant())
