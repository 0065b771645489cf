// How many evaluations our methods and SciPy's spend on the classical functions, from the customary starts to the same
// closeness: f(x) - f* <= 1e-10 (f(x0) - f*), the convergence test of Moré and Wild, "Benchmarking derivative-free optimization
// algorithms" (2009), equation 2.2, with f* the published minimum that the run ends at. SciPy works on our functions over a
// pipe (tools/reference-classical.py), so that both see the same numbers and the same clerk counts. Writes docs/classical.md.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { auto, gradientDescent, lbfgs, levenbergMarquardt, minimize, testFunctions } from "talweg";

const CLOSENESS = 1e-10;
const MOST_STEPS = 100_000;

const ours = {
  "L-BFGS": () => lbfgs(),
  "Levenberg–Marquardt": () => levenbergMarquardt(),
  Armijo: () => gradientDescent({ search: "armijo", growth: 2 }),
  Goldstein: () => gradientDescent({ search: "goldstein" }),
  Wolfe: () => gradientDescent({ search: "wolfe" }),
  auto: () => auto(),
};
const theirs = ["L-BFGS-B", "BFGS", "CG"];
const squares = "least_squares lm";

/** What was asked so far, and what had been asked when each published minimum was first reached. */
class Clerk {
  constructor({ minimum, localMinima }, atStart) {
    this.asked = { values: 0, gradients: 0 };
    this.targets = [minimum, ...localMinima].map((value) => ({
      value,
      band: CLOSENESS * (atStart - value),
      reached: undefined,
    }));
  }

  /** Counts one evaluation; whether the lowest minimum is reached. */
  note(what, value) {
    this.asked[what]++;
    this.last = value;
    for (const target of this.targets) {
      if (target.reached === undefined && value <= target.value + target.band)
        target.reached = { ...this.asked };
    }
    return this.targets[0].reached !== undefined;
  }

  /** Where the run ended: at the lowest minimum, at another published one, or nowhere. */
  outcome(value) {
    const found = this.targets.find(
      (target, i) =>
        target.reached !== undefined && (i === 0 || Math.abs(value - target.value) <= target.band),
    );
    if (found !== undefined) return { minimum: found.value, ...found.reached };
    return { minimum: null, value, ...this.asked };
  }
}

class Enough extends Error {}

/** The function, every question noted by the clerk; it ends the run once the lowest minimum is reached. */
function watched(f, clerk) {
  const note = (what, value) => {
    if (clerk.note(what, value)) throw new Enough();
    return value;
  };
  const watchedSquares = f.leastSquares && {
    ...f.leastSquares,
    evaluate(w, r, jacobian) {
      f.leastSquares.evaluate(w, r, jacobian);
      note(jacobian === undefined ? "values" : "gradients", sumOfSquares(r));
    },
  };
  return {
    dimension: f.dimension,
    value: (w) => note("values", f.value(w)),
    gradient: (w, g) => note("gradients", f.gradient(w, g)),
    ...(watchedSquares === undefined ? {} : { leastSquares: watchedSquares }),
  };
}

function sumOfSquares(r) {
  let sum = 0;
  for (const ri of r) sum += ri * ri;
  return sum;
}

function runOurs(problem, make) {
  const f = problem.objective();
  const clerk = new Clerk(problem, f.value(problem.start()));
  try {
    const { value, reason, steps } = minimize(watched(f, clerk), problem.start(), {
      method: make(),
      stop: { gradientNorm: 1e-12, steps: MOST_STEPS },
    });
    return { ...clerk.outcome(value), reason, steps };
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return clerk.outcome(clerk.last);
  }
}

function pythonWithSciPy() {
  return ["/usr/bin/python3", "python3"].find(
    (program) => spawnSync(program, ["-c", "import scipy.optimize"]).status === 0,
  );
}

/** Answers SciPy's questions until it has gone through all problems. */
async function runTheirs(program, problems) {
  const child = spawn(program, ["tools/reference-classical.py"], { stdio: ["pipe", "pipe", "inherit"] });
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const plans = problems.map((problem) => {
    const squareCount = problem.objective().leastSquares?.residuals;
    // MINPACK's Levenberg–Marquardt wants at least as many residuals as variables.
    const fits = squareCount !== undefined && squareCount >= problem.dimension;
    return { problem, methods: fits ? [...theirs, squares] : theirs, squareCount };
  });
  send(
    plans.map(({ problem, methods, squareCount }) => ({
      start: Array.from(problem.start(), String),
      methods,
      residuals: squareCount ?? 0,
    })),
  );
  const results = Object.fromEntries(problems.map(({ name }) => [name, {}]));
  const left = plans.flatMap(({ problem, methods }) => methods.map((method) => ({ problem, method })));
  let versions;
  let at;
  const begin = () => {
    const run = left.shift();
    if (run === undefined) return undefined;
    const f = run.problem.objective();
    return { ...run, f, clerk: new Clerk(run.problem, f.value(run.problem.start())) };
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.scipy !== undefined) {
      versions = message;
      at = begin();
    } else if (message.end !== undefined) {
      results[at.problem.name][at.method] = { ...at.clerk.outcome(at.best), ...at.note };
      at = begin();
    } else if (message.error !== undefined) at.note = { error: message.error };
    else send(answer(at, message));
  }
  return { versions, results };
}

/** One question of SciPy's. */
function answer(at, { want, x }) {
  const w = Float64Array.from(x, Number);
  const { f, clerk } = at;
  let numbers;
  let value;
  if (want === "gradient") {
    const g = new Float64Array(w.length);
    value = f.gradient(w, g);
    numbers = [[value], g];
  } else {
    const r = new Float64Array(f.leastSquares.residuals);
    const jacobian = want === "jacobian" ? new Float64Array(r.length * w.length) : undefined;
    f.leastSquares.evaluate(w, r, jacobian);
    value = sumOfSquares(r);
    numbers = [jacobian ?? r];
  }
  at.best = Math.min(at.best ?? Infinity, value);
  if (clerk.note(want === "residuals" ? "values" : "gradients", value)) return { enough: true };
  return { numbers: numbers.map((list) => Array.from(list, String)) };
}

/** "38", "12 + 9" (gradients + values alone), with a mark where another minimum than the lowest was reached. */
function cell(problem, run) {
  if (run === undefined) return "";
  if (run.minimum === null) return "–";
  const mark = run.minimum === problem.minimum ? "" : " (local)";
  return `${run.gradients}${run.values > 0 ? ` + ${run.values}` : ""}${mark}`;
}

function table(problems, results, columns) {
  const head = ["function", "n", ...columns];
  const rows = problems.map((problem) => [
    problem.name,
    String(problem.dimension),
    ...columns.map((name) => cell(problem, results[problem.name][name])),
  ]);
  return [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

function page(problems, results, versions) {
  const scipy = versions === undefined ? "" : ` ${versions.scipy}`;
  const missing =
    versions === undefined
      ? "\nSciPy was not there when this was written, so only our own methods stand here.\n"
      : "";
  return `# The classical test functions: what each method spends

Written by \`npm run prove classical\`; all figures are in [proofs/classical.json](proofs/classical.json).

From the customary start of each function (Moré, Garbow and Hillstrom 1981; Jamil and Yang 2013) until
f(x) - f\\* is at most 1e-10 of what it was at the start (the convergence test of Moré and Wild 2009), with f\\* the published
minimum that the run ended at. A number is how many gradients were taken, each of them with the value; "+ n" is how many values
alone, as trials of a line search or of damping. "local" is a published minimum that is not the lowest; "–" is none within
${MOST_STEPS.toLocaleString("en-US")} steps. Armijo (first trial twice the last step), Goldstein and Wolfe are the step sizes of plain gradient descent along
-grad f. Levenberg–Marquardt is charged a gradient and a Jacobian for each step; where f is no sum of squares, the gradients that
its second derivatives are taken from.

## Ours

${table(problems, results, Object.keys(ours))}
${missing}
${versions === undefined ? "" : `## SciPy${scipy}, on the same functions\n\nWith its own constants (L-BFGS-B remembers 10 pairs, ours 30), and tolerances so small that it goes on until it is that close.\n\n${table(problems, results, [...theirs, squares])}\n`}`;
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

export default async function prove(report) {
  const problems = Object.values(testFunctions);
  const results = {};
  for (const problem of problems) {
    results[problem.name] = Object.fromEntries(
      Object.entries(ours).map(([name, make]) => [name, runOurs(problem, make)]),
    );
  }
  const program = pythonWithSciPy();
  let versions;
  if (program !== undefined) {
    const beside = await runTheirs(program, problems);
    versions = beside.versions;
    for (const { name } of problems) Object.assign(results[name], beside.results[name]);
  }
  const reached = (method) =>
    problems.filter(({ name }) => results[name][method]?.minimum != null).map(({ name }) => name);
  const counts = Object.fromEntries(
    [...Object.keys(ours), ...(versions === undefined ? [] : [...theirs, squares])].map((method) => [
      method,
      {
        reached: reached(method).length,
        functions: problems.filter(({ name }) => results[name][method]).length,
      },
    ]),
  );
  for (const [method, { reached: count, functions }] of Object.entries(counts))
    report(`${method}: a published minimum of ${count} of ${functions} functions`);
  const both = reached("L-BFGS").filter((name) => results[name]["L-BFGS-B"]?.minimum != null);
  const spent = (method) => sum(both.map((name) => results[name][method].gradients));
  const gradients = versions === undefined ? undefined : { ours: spent("L-BFGS"), scipy: spent("L-BFGS-B") };
  if (gradients !== undefined)
    report(
      `gradients of L-BFGS on the ${both.length} that both do: ${gradients.ours}, SciPy's L-BFGS-B ${gradients.scipy}`,
    );
  else report("SciPy is not there (Debian: apt-get install python3-scipy); ours alone");
  writeFileSync("docs/classical.md", page(problems, results, versions));
  return {
    claim:
      "From the customary starts L-BFGS reaches a published minimum of every classical function, and gradient descent with the " +
      "steps of Armijo and of Wolfe of at least a dozen within 100,000 steps.",
    holds:
      counts["L-BFGS"].reached === problems.length &&
      counts.Armijo.reached >= 12 &&
      counts.Wolfe.reached >= 12,
    closeness: CLOSENESS,
    scipy: versions ?? "not installed",
    counts,
    ...(gradients === undefined
      ? {}
      : { gradientsOnCommonFunctions: { functions: both.length, ...gradients } }),
    results,
  };
}
