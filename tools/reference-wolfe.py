"""Steps that SciPy's search by the strong Wolfe conditions accepts on the hard curves of Moré and Thuente (1994).

Writes test/reference/wolfe.json, which test/linesearch/wolfe.test.ts reads: a step that SciPy accepts must be accepted by ours,
from the value and the slope that SciPy saw. Run with a Python that has SciPy: python3 tools/reference-wolfe.py
"""

import json
import math
from pathlib import Path

import numpy
import scipy
from scipy.optimize._linesearch import scalar_search_wolfe2


def hyperbolas(beta1, beta2):
    def gamma(beta):
        return math.sqrt(1 + beta * beta) - beta

    left, right = gamma(beta1), gamma(beta2)

    def value(t):
        return left * math.sqrt((1 - t) ** 2 + beta2**2) + right * math.sqrt(t**2 + beta1**2)

    def slope(t):
        return -left * (1 - t) / math.sqrt((1 - t) ** 2 + beta2**2) + right * t / math.sqrt(t**2 + beta1**2)

    return value, slope


CURVES = {
    "5.1": (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2, 0.001, 0.1),
    "5.2": (
        lambda t: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4,
        lambda t: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3,
        0.099,
        0.1,
    ),
    "table IV": (*hyperbolas(0.001, 0.001), 0.0009, 0.001),
    "table V": (*hyperbolas(0.01, 0.001), 0.0009, 0.001),
    "table VI": (*hyperbolas(0.001, 0.01), 0.0009, 0.001),
}

cases = []
for name, (value, slope, c1, c2) in CURVES.items():
    for c1_, c2_ in ((c1, c2), (1e-4, 0.9)):
        step, value_there, _, slope_there = scalar_search_wolfe2(
            value, slope, c1=c1_, c2=c2_, amax=1e6, maxiter=60
        )
        if step is None or slope_there is None:
            continue
        cases.append(
            {
                "name": name,
                "c1": c1_,
                "c2": c2_,
                "phi0": value(0.0),
                "slope0": slope(0.0),
                "step": float(step),
            }
        )

target = Path(__file__).parent.parent / "test" / "reference" / "wolfe.json"
versions = {"scipy": scipy.__version__, "numpy": numpy.__version__}
target.write_text(json.dumps({"versions": versions, "cases": cases}, indent=2) + "\n")
print(f"{len(cases)} cases")
