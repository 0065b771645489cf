"""PyTorch, eager, without a DataLoader; prediction by the scripted and frozen net where that works. usage: pytorch.py THREADS"""

import sys
import warnings

import torch
from common import Data, blas, prediction_check, prediction_round, serve, timed
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))


def make(data, task):
    layers = []
    for i in range(0, len(data.start), 2):
        w, b = data.start[i], data.start[i + 1]
        linear = nn.Linear(*w.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(w).T)
            linear.bias.copy_(torch.from_numpy(b))
        layers.append(linear)
        if i + 2 < len(data.start):
            layers.append(nn.ReLU())
    if task.get("loss") == "meanSquaredError":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


def optimizer(net, task):
    """Adam in one fused kernel where this PyTorch has one for the processor."""
    if task["optimizer"] != "adam":
        return torch.optim.SGD(net.parameters(), lr=task["learningRate"])
    try:
        return torch.optim.Adam(net.parameters(), lr=task["learningRate"], fused=True)
    except (TypeError, RuntimeError):
        return torch.optim.Adam(net.parameters(), lr=task["learningRate"])


def predictor(net):
    whole = nn.Sequential(net, nn.Softmax(1)).eval()
    try:
        return torch.jit.freeze(torch.jit.script(whole))
    except Exception:
        return whole


def algebra():
    """PyTorch's own wheels have MKL inside."""
    if not torch.backends.mkl.is_available():
        return blas()
    capability = getattr(getattr(torch.backends, "cpu", None), "get_cpu_capability", lambda: "")()
    return f"MKL and oneDNN {capability}".strip()


class Contestant:
    def prepare(self, task):
        self.task = task
        self.data = Data(task)
        self.net = make(self.data, task)
        if task["kind"] in ("one", "many"):
            self.predict = predictor(self.net)
        else:
            self.x, self.y = torch.from_numpy(self.data.x), torch.from_numpy(self.data.y)
            self.loss = nn.MSELoss() if task["loss"] == "meanSquaredError" else nn.CrossEntropyLoss()
            self.optimizer = optimizer(self.net, task)
        return {"version": torch.__version__, "blas": algebra()}

    def epoch(self, net, adjust, rows, order):
        batch = self.task["batch"]
        for start in range(0, rows, batch):
            if order is None:
                end = min(start + batch, rows)
                x, y = self.x[start:end], self.y[start:end]
            else:
                part = order[start : start + batch]
                x, y = self.x[part], self.y[part]
            adjust.zero_grad(set_to_none=True)
            self.loss(net(x), y).backward()
            adjust.step()

    def one(self, i):
        with torch.inference_mode():
            return self.predict(torch.from_numpy(self.data.x[i : i + 1])).numpy()

    def many(self, rows):
        with torch.inference_mode():
            return self.predict(torch.from_numpy(self.data.x[:rows])).numpy()

    def loss_on(self, net, rows):
        with torch.inference_mode():
            return float(self.loss(net(self.x[:rows]), self.y[:rows]))

    def check(self):
        task, check = self.task, self.task["check"]
        if task["kind"] in ("one", "many"):
            return prediction_check(task, self.one, self.many)
        net = make(self.data, task)
        adjust = optimizer(net, task)
        before = self.loss_on(net, check["probe"])
        order = torch.from_numpy(self.data.check_order) if task["shuffle"] else None
        for _ in range(check["epochs"]):
            self.epoch(net, adjust, check["rows"], order)
        return {"before": before, "loss": self.loss_on(net, check["probe"])}

    def round(self, units):
        task = self.task
        if task["kind"] in ("one", "many"):
            return prediction_round(task, units, self.one, self.many)

        def work():
            for _ in range(units):
                order = torch.from_numpy(self.data.next_order()) if task["shuffle"] else None
                self.epoch(self.net, self.optimizer, task["rows"], order)

        return timed(work)


serve(Contestant())
