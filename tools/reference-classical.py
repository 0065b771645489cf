# SciPy's optimizers on functions that somebody else computes: tools/proofs/classical.js starts this program, sends one line
# with the problems, and answers every question for a value, gradient, residuals or Jacobian, so that the function is the very
# same one and each question is counted. Numbers travel as text, so that infinity and NaN do too.
import json
import sys

import numpy
import scipy
from scipy.optimize import least_squares, minimize

LIMIT = 100_000
# As SciPy comes, but for the tolerances, which let it go on until there is nothing left to gain; the other side says when
# that is far enough.
OPTIONS = {
    "L-BFGS-B": {"maxiter": LIMIT, "maxfun": LIMIT, "ftol": 0, "gtol": 1e-12},
    "BFGS": {"maxiter": LIMIT, "gtol": 1e-12},
    "CG": {"maxiter": LIMIT, "gtol": 1e-12},
}


class Enough(Exception):
    pass


def tell(message):
    print(json.dumps(message), flush=True)


def ask(want, x):
    tell({"want": want, "x": [repr(float(xi)) for xi in x]})
    answer = json.loads(sys.stdin.readline())
    if "enough" in answer:
        raise Enough
    return [numpy.array([float(text) for text in numbers]) for numbers in answer["numbers"]]


def gradient(x):
    value, slope = ask("gradient", x)
    return value[0], slope


def run(method, start, residuals):
    if method == "least_squares lm":
        least_squares(
            lambda x: ask("residuals", x)[0],
            start,
            jac=lambda x: ask("jacobian", x)[0].reshape(residuals, len(start)),
            method="lm",
            ftol=1e-15,
            xtol=1e-15,
            gtol=1e-15,
            max_nfev=LIMIT,
        )
    else:
        minimize(gradient, start, jac=True, method=method, options=OPTIONS[method])


numpy.seterr(all="ignore")
problems = json.loads(sys.stdin.readline())
tell({"scipy": scipy.__version__, "numpy": numpy.__version__, "python": sys.version.split()[0]})
for problem in problems:
    start = numpy.array([float(text) for text in problem["start"]])
    for method in problem["methods"]:
        try:
            run(method, start, problem["residuals"])
        except Enough:
            pass
        except ValueError as error:
            tell({"error": str(error)})
        tell({"end": method})
