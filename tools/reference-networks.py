"""Reference values of whole networks, by PyTorch in float64: forward pass, loss, gradient and short training runs.

    python3 tools/reference-networks.py

writes test/reference/networks.json and test/reference/networks-training.json. PyTorch's autograd finds the gradients,
so nothing here repeats the formulas of src/kernels. Inputs, targets and starting parameters are multiples of 1/64 and
1/256: exact in float32 too, so that one file judges both precisions.
"""

import json
import os
import platform

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20240917
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "reference")

ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leakyRelu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    # PyTorch goes over to the identity at 20, which is wrong by 2e-9 there.
    "softplus": lambda z: F.softplus(z, threshold=500),
    "softmax": lambda z: F.softmax(z, dim=1),
}
HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]
KINKED = {"relu", "leakyRelu", "elu", "selu"}
SQUARED = ["sumOfSquares", "meanSquaredError", "huber"]


def loss_of(name, output, z, a, y):
    """The mean loss; the cross-entropies of a sigmoid or softmax output are taken from its probabilities, on purpose."""
    if name == "sumOfSquares":
        return ((a - y) ** 2).sum(1).mean()
    if name == "meanSquaredError":
        return F.mse_loss(a, y)
    if name == "huber":
        return F.huber_loss(a, y, delta=1.0)
    if name == "binaryCrossEntropy":
        if output == "linear":
            return F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(1).mean()
        return F.binary_cross_entropy(a, y, reduction="none").sum(1).mean()
    if output == "linear":
        return F.cross_entropy(z, y)
    return -(y * torch.log(a)).sum(1).mean()


def forward(layers, parameters, x):
    z, a = [], []
    below = x
    for layer, w, b in zip(layers, parameters[0::2], parameters[1::2]):
        z.append(below @ w + b)
        below = ACTIVATIONS[layer["activation"]](z[-1])
        a.append(below)
    return z, a


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def draw_parameters(random, layers):
    out = []
    for layer in layers:
        fan_in, units = layer["inputs"], layer["units"]
        w = np.round(random.normal(0, 1.2 / np.sqrt(fan_in), (fan_in, units)) * 256) / 256
        b = np.round(random.normal(0, 0.4, units) * 256) / 256
        out += [torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)]
    return out


def draw_targets(random, loss, rows, outputs):
    if loss == "binaryCrossEntropy":
        y = random.integers(0, 5, (rows, outputs)) / 4
    elif loss == "categoricalCrossEntropy":
        y = np.eye(outputs)[random.integers(0, outputs, rows)]
        y[0] = 0.25 * y[0]
        y[0, -1] += 0.75
    else:
        y = np.round(random.normal(0, 1.2, (rows, outputs)) * 64) / 64
    return torch.tensor(y)


def near_a_kink(layers, loss, z, a, y):
    """Whether rounding to float32 could put a number on the other side of a kink."""
    for layer, each in zip(layers, z):
        if layer["activation"] in KINKED and each.abs().min() < 1e-4:
            return True
    return loss == "huber" and ((a[-1] - y).abs() - 1).abs().min() < 1e-4


def numbers(tensor):
    return tensor.detach().reshape(-1).tolist()


def case(random, widths, activations, loss, rows, penalty=0.0):
    layers = [
        {"inputs": i, "units": u, "activation": a} for i, u, a in zip(widths[:-1], widths[1:], activations)
    ]
    while True:
        x = torch.tensor(np.round(random.normal(0, 1, (rows, widths[0])) * 64) / 64)
        y = draw_targets(random, loss, rows, widths[-1])
        parameters = draw_parameters(random, layers)
        z, a = forward(layers, parameters, x)
        if not near_a_kink(layers, loss, z, a, y):
            break
    value = loss_of(loss, activations[-1], z[-1], a[-1], y)
    if penalty:
        value = value + penalty / 2 * sum((w**2).sum() for w in parameters[0::2])
    value.backward()
    return {
        "name": f"{'-'.join(map(str, widths))} {' '.join(activations)}, {loss}, {rows} rows"
        + (f", penalty {penalty}" if penalty else ""),
        "layers": layers,
        "loss": loss,
        "penalty": penalty,
        "rows": rows,
        "x": numbers(x),
        "y": numbers(y),
        "parameters": numbers(flat(parameters)),
        "z": [numbers(t) for t in z] if rows < 50 else [],
        "a": [numbers(t) for t in a] if rows < 50 else [],
        "value": value.item(),
        "gradient": numbers(flat([p.grad for p in parameters])),
    }


def all_cases(random):
    pairs = [(loss, output) for loss in SQUARED for output in ACTIVATIONS]
    pairs += [("binaryCrossEntropy", "sigmoid"), ("binaryCrossEntropy", "linear")]
    pairs += [("categoricalCrossEntropy", "softmax"), ("categoricalCrossEntropy", "linear")]
    cases = []
    for k, (loss, output) in enumerate(pairs):
        # Two hidden layers whose activations wander through the list, so that every one meets several losses.
        hidden = [HIDDEN[k % 10], HIDDEN[(3 * k + 1) % 10]]
        cases.append(case(random, [3, 5, 4, 2], [*hidden, output], loss, 5, 0.125 if k % 7 == 3 else 0.0))
    # More than a block of 128 rows, in narrow and wide networks.
    cases.append(case(random, [3, 6, 2], ["tanh", "linear"], "sumOfSquares", 300))
    cases.append(case(random, [4, 40, 3], ["gelu", "softmax"], "categoricalCrossEntropy", 261))
    cases.append(case(random, [4, 36, 8, 1], ["selu", "silu", "sigmoid"], "binaryCrossEntropy", 140, 0.0625))
    return cases


OPTIMIZERS = {
    "gradientDescent": (dict(learningRate=0.25), lambda p: torch.optim.SGD(p, lr=0.25)),
    "momentum": (
        dict(learningRate=0.0625, momentum=0.9),
        lambda p: torch.optim.SGD(p, lr=0.0625, momentum=0.9),
    ),
    "adam": (
        dict(learningRate=0.015625, beta1=0.9, beta2=0.999, epsilon=1e-8),
        lambda p: torch.optim.Adam(p, lr=0.015625, betas=(0.9, 0.999), eps=1e-8),
    ),
    # New ones at the end, so that the runs before them draw the same numbers.
    "nesterov": (
        dict(learningRate=0.0625, momentum=0.9),
        lambda p: torch.optim.SGD(p, lr=0.0625, momentum=0.9, nesterov=True),
    ),
    "rmsProp": (
        dict(learningRate=0.015625, decay=0.9, epsilon=1e-8),
        lambda p: torch.optim.RMSprop(p, lr=0.015625, alpha=0.9, eps=1e-8),
    ),
    "adamW": (
        dict(learningRate=0.015625, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.25),
        lambda p: torch.optim.AdamW(p, lr=0.015625, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.25),
    ),
}


def training_run(random, name, widths, activations, loss, rows, batch, steps):
    layers = [
        {"inputs": i, "units": u, "activation": a} for i, u, a in zip(widths[:-1], widths[1:], activations)
    ]
    x = torch.tensor(np.round(random.normal(0, 1, (rows, widths[0])) * 64) / 64)
    y = draw_targets(random, loss, rows, widths[-1])
    parameters = draw_parameters(random, layers)
    start = flat(parameters)
    options, make = OPTIMIZERS[name]
    optimizer = make(parameters)
    order, losses = [], []
    while len(losses) < steps:
        epoch = random.permutation(rows) if batch < rows else np.arange(rows)
        for from_ in range(0, rows, batch):
            chosen = epoch[from_ : from_ + batch]
            optimizer.zero_grad()
            z, a = forward(layers, parameters, x[chosen])
            value = loss_of(loss, activations[-1], z[-1], a[-1], y[chosen])
            value.backward()
            optimizer.step()
            losses.append(value.item())
        order += epoch.tolist()
    return {
        "name": f"{steps} steps of {name}, {'-'.join(map(str, widths))} {' '.join(activations)}, {loss}, batch {batch} of {rows}",
        "optimizer": name,
        "options": options,
        "layers": layers,
        "loss": loss,
        "rows": rows,
        "batch": batch,
        "steps": steps,
        "order": order,
        "x": numbers(x),
        "y": numbers(y),
        "start": numbers(start),
        "losses": losses,
        "end": numbers(flat(parameters)),
    }


def all_runs(random):
    runs = []
    for name in OPTIMIZERS:
        runs.append(training_run(random, name, [2, 6, 1], ["tanh", "linear"], "meanSquaredError", 24, 24, 20))
        runs.append(
            training_run(random, name, [3, 8, 3], ["softplus", "softmax"], "categoricalCrossEntropy", 20, 5, 20)
        )
    return runs


def write(name, key, entries):
    head = {
        "made_by": "tools/reference-networks.py",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "seed": SEED,
    }
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    text = json.dumps(head, indent=1)[:-2] + f',\n "{key}": [\n{lines}\n]}}\n'
    with open(os.path.join(FOLDER, name), "w", encoding="ascii") as file:
        file.write(text)
    print(f"{name}: {len(entries)} entries, {len(text)} bytes")


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    write("networks.json", "cases", all_cases(random))
    write("networks-training.json", "runs", all_runs(random))


main()
