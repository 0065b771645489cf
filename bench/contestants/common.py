"""The contestant's end of the line to the coordinator, and the data, for the peers in Python."""

import json
import os
import re
import sys
import time

import numpy as np

TYPES = {"u8": np.uint8, "f32": np.float32}
CALLS_SECONDS = 5
FEWEST_CALLS = 20


def serve(contestant):
    """Answers JSON lines until "quit"; contestant has prepare(task), check() and round(units)."""
    answers = os.fdopen(os.dup(1), "w")
    # Whatever a library prints must not come between the answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        message = json.loads(line)
        command = message["command"]
        if command == "quit":
            break
        try:
            if command == "prepare":
                answer = contestant.prepare(message["task"])
            elif command == "check":
                answer = contestant.check()
            else:
                answer = contestant.round(message["units"])
        except Exception as error:  # becomes a row of the table
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


class Data:
    """What the files of a task hold."""

    def __init__(self, task):
        self.task = task
        sizes, files = task["sizes"], task["files"]
        rows = max(task["rows"], task["check"]["rows"])
        x = np.fromfile(files["x"], TYPES[task["types"]["x"]], rows * sizes[0]).reshape(rows, sizes[0])
        self.x = x if x.dtype == np.float32 else x.astype(np.float32) / np.float32(255)
        if "y" in files:
            width = 1 if task["types"]["y"] == "u8" else sizes[-1]
            y = np.fromfile(files["y"], TYPES[task["types"]["y"]], rows * width)
            self.y = y.reshape(rows, width) if y.dtype == np.float32 else y.astype(np.int64)
        self.start = self._start(np.fromfile(files["start"], np.float32))
        self.check_order = None
        self._orders = None
        if task.get("shuffle"):
            self.check_order = np.fromfile(files["checkOrder"], np.uint32).astype(np.int64)
            orders = np.fromfile(files["orders"], np.uint32).astype(np.int64)
            orders = orders.reshape(task["orders"]["count"], task["orders"]["rows"])
            self._orders = [order[order < task["rows"]] for order in orders]
            self._next = 0

    def _start(self, flat):
        """The common start as W1, b1, W2, b2, … with weights [inputs, units]."""
        sizes, parts, at = self.task["sizes"], [], 0
        for inputs, units in zip(sizes, sizes[1:]):
            parts.append(flat[at : at + inputs * units].reshape(inputs, units).copy())
            at += inputs * units
            parts.append(flat[at : at + units].copy())
            at += units
        return parts

    def next_order(self):
        order = self._orders[self._next % len(self._orders)]
        self._next += 1
        return order


def timed(work):
    begun = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - begun}


def median_call(calls, one, rows):
    """Median seconds of one call of one(row) out of so many; fewer where they are slow."""
    times = []
    started = time.perf_counter()
    for i in range(calls):
        row = i % rows
        begun = time.perf_counter()
        one(row)
        now = time.perf_counter()
        times.append(now - begun)
        if i >= FEWEST_CALLS and now - started > CALLS_SECONDS:
            break
    return {"seconds": sorted(times)[len(times) // 2]}


def prediction_check(task, one, many):
    rows = task["check"]["rows"]
    if task["kind"] == "many":
        return {"outputs": np.ravel(many(rows)).astype(float).tolist()}
    return {"outputs": np.concatenate([np.ravel(one(i)) for i in range(rows)]).astype(float).tolist()}


def prediction_round(task, units, one, many):
    if task["kind"] == "one":
        return median_call(units, one, task["rows"])

    def work():
        for _ in range(units):
            many(task["rows"])

    return timed(work)


def blas():
    """The linear algebra library that is loaded into this process, with the kernel it chose where it tells."""
    names = []
    try:
        with open("/proc/self/maps", encoding="utf8") as maps:
            paths = {line.split()[-1] for line in maps if ".so" in line}
    except OSError:
        return "unknown"
    for path in sorted(paths):
        file = os.path.basename(path)
        if re.search(r"openblas", file):
            names.append(_openblas(path))
        elif re.search(r"mkl_rt", file):
            names.append("MKL")
        elif re.match(r"libblas\.so", file) and "openblas" not in path:
            names.append("reference BLAS")
    return " and ".join(sorted(set(names))) or "unknown"


def _openblas(path):
    import ctypes

    library = ctypes.CDLL(path)
    for prefix in ("", "scipy_"):
        for suffix in ("", "64_"):
            config = getattr(library, f"{prefix}openblas_get_config{suffix}", None)
            if config is None:
                continue
            config.restype = ctypes.c_char_p
            words = config().decode().split()
            plain = [word for word in words if not re.match(r"NO_|DYNAMIC|USE|MAX|NO|Sandy", word)]
            core = getattr(library, f"{prefix}openblas_get_corename{suffix}")
            core.restype = ctypes.c_char_p
            return " ".join(plain[:2]) + " " + core().decode()
    return "OpenBLAS"
