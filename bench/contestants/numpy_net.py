"""NumPy, vectorized by hand, float32."""

import numpy as np
from common import Data, blas, prediction_check, prediction_round, serve, timed

f = np.float32


def softmax(z):
    z = z - z.max(1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(1, keepdims=True)
    return z


def forward(p, x):
    """The activations below each layer, and last the pre-activations of the last one."""
    below = [x]
    for i in range(0, len(p), 2):
        z = below[-1] @ p[i]
        z += p[i + 1]
        if i + 2 < len(p):
            np.maximum(z, 0, out=z)
        below.append(z)
    return below


def backward(p, below, delta):
    gradients = [None] * len(p)
    for i in range(len(p) - 2, -1, -2):
        a = below[i // 2]
        gradients[i] = a.T @ delta
        gradients[i + 1] = delta.sum(0)
        if i:
            delta = delta @ p[i].T
            delta *= a > 0
    return gradients


class Net:
    def __init__(self, data, task):
        self.task = task
        self.p = [part.copy() for part in data.start]
        self.m = [np.zeros_like(part) for part in self.p]
        self.v = [np.zeros_like(part) for part in self.p]
        self.t = 0

    def step(self, x, y):
        below = forward(self.p, x)
        if self.task["loss"] == "meanSquaredError":
            out = 1 / (1 + np.exp(-below[-1]))
            delta = (out - y) * out * (1 - out) * f(2 / len(x))
        else:
            delta = softmax(below[-1])
            delta[np.arange(len(x)), y] -= 1
            delta *= f(1 / len(x))
        self.update(backward(self.p, below, delta))

    def update(self, gradients):
        rate = self.task["learningRate"]
        if self.task["optimizer"] != "adam":
            rate = f(rate)
            for part, gradient in zip(self.p, gradients):
                part -= rate * gradient
            return
        self.t += 1
        # The corrections of both moments as factors of the rate and of the small number.
        root = (1 - 0.999**self.t) ** 0.5
        rate = f(rate * root / (1 - 0.9**self.t))
        for part, g, m, v in zip(self.p, gradients, self.m, self.v):
            m *= f(0.9)
            m += f(0.1) * g
            g *= g
            g *= f(0.001)
            v *= f(0.999)
            v += g
            q = np.sqrt(v)
            q += f(1e-8 * root)
            np.divide(m, q, out=q)
            q *= rate
            part -= q

    def loss(self, x, y):
        z = forward(self.p, x)[-1]
        if self.task["loss"] == "meanSquaredError":
            return float(((1 / (1 + np.exp(-z)) - y) ** 2).mean())
        return float(-np.log(softmax(z)[np.arange(len(x)), y]).mean())


class Contestant:
    def prepare(self, task):
        self.task = task
        self.data = Data(task)
        self.net = Net(self.data, task)
        self.net_p = self.net.p
        self.data.x[:2] @ self.net_p[0]
        return {"version": np.__version__, "blas": blas()}

    def epoch(self, net, rows, order):
        x, y, batch = self.data.x, self.data.y, self.task["batch"]
        for start in range(0, rows, batch):
            if order is None:
                net.step(x[start : min(start + batch, rows)], y[start : min(start + batch, rows)])
            else:
                part = order[start : start + batch]
                net.step(x[part], y[part])

    def one(self, i):
        return softmax(forward(self.net_p, self.data.x[i : i + 1])[-1])

    def many(self, rows):
        return softmax(forward(self.net_p, self.data.x[:rows])[-1])

    def check(self):
        task, data, check = self.task, self.data, self.task["check"]
        if task["kind"] in ("one", "many"):
            return prediction_check(task, self.one, self.many)
        net, probe = Net(data, task), check["probe"]
        before = net.loss(data.x[:probe], data.y[:probe])
        for _ in range(check["epochs"]):
            self.epoch(net, check["rows"], data.check_order)
        return {"before": before, "loss": net.loss(data.x[:probe], data.y[:probe])}

    def round(self, units):
        task = self.task
        if task["kind"] in ("one", "many"):
            return prediction_round(task, units, self.one, self.many)

        def work():
            for _ in range(units):
                self.epoch(self.net, task["rows"], self.data.next_order() if task["shuffle"] else None)

        return timed(work)


serve(Contestant())
