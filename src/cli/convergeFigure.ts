/** The figure of a run: the function, its gradient, the steps, and line 4 of the proof. */
import type { Convergence } from "../explain/index.ts";
import { type ChartOptions, type Mark, panelsFigure } from "../plot/index.ts";
import { plural, short } from "./numbers.ts";

export function convergeFigure(run: Convergence, label: string): Promise<string> {
  const { c1, shrink } = run.options;
  const failing = run.lines.filter(({ holds }) => !holds).map(({ number }) => number);
  const verdict = failing.length === 0 ? "every line of the proof holds" : `line ${failing.join(", ")} fails`;
  return panelsFigure({
    title: `Gradient descent with Armijo's step size: ${label}`,
    subtitle: `c1 ${short(c1)}, shrink ${short(shrink)}; ${plural(run.steps.length, "step")}, ${verdict}`,
    columns: 2,
    width: 1280,
    height: 960,
    panels: [valuePanel(run), gradientPanel(run), stepPanel(run), sumPanel(run)],
  });
}

/** The tolerance is shown where the gradient has come within this factor of it. */
const NEAR = 1000;

const stepAxis = { label: "step", whole: true };

/** The value where each step begins, and at the end. */
function valuePanel({ steps, value }: Convergence): ChartOptions {
  const y = [...steps.map((step) => step.value), value];
  return {
    title: "The function falls in every step",
    x: stepAxis,
    y: { label: "f(x)", scale: logarithmic(y) },
    marks: [{ kind: "line", x: y.map((_, k) => k), y, style: 0 }],
  };
}

function gradientPanel({ steps, gradientNorm, options }: Convergence): ChartOptions {
  const y = [...steps.map((step) => step.gradientNorm), gradientNorm];
  const near = y.some((norm) => norm <= NEAR * options.gradientNorm);
  const goal: Mark[] =
    options.gradientNorm > 0 && near ? [{ kind: "rule", y: options.gradientNorm, label: "tolerance" }] : [];
  return {
    title: "Its gradient",
    x: stepAxis,
    y: { label: "‖∇f(x)‖", scale: "log" },
    marks: [{ kind: "line", x: y.map((_, k) => k), y, style: 0 }, ...goal],
  };
}

function stepPanel({ steps }: Convergence): ChartOptions {
  const x = steps.map(({ step }) => step);
  const bounds = steps.flatMap(({ step, stepBound }) => (stepBound === null ? [] : [{ step, stepBound }]));
  const bound: Mark[] =
    bounds.length === 0
      ? []
      : [
          {
            kind: "line",
            name: "bound of line 9",
            x: bounds.map(({ step }) => step),
            y: bounds.map(({ stepBound }) => stepBound),
            style: 1,
          },
        ];
  return {
    title: "The accepted steps",
    x: stepAxis,
    y: { label: "step size t", scale: "log" },
    marks: [
      { kind: "dots", name: "t", x, y: steps.map(({ stepSize }) => stepSize), style: 0, size: 3 },
      ...bound,
    ],
  };
}

function sumPanel({ steps }: Convergence): ChartOptions {
  const x = steps.map(({ step }) => step);
  const fallen = steps.map((step) => step.fallen);
  const sum = steps.map((step) => step.sum);
  return {
    title: "Line 4: the sum stays below what f has lost",
    x: stepAxis,
    y: { label: "fall of f", scale: logarithmic([...fallen, ...sum]) },
    marks: [
      { kind: "line", name: "f(x⁰) - f(x⁺)", x, y: fallen, style: 2 },
      { kind: "line", name: "c1 Σ t ‖∇f(x)‖²", x, y: sum, style: 3 },
    ],
  };
}

function logarithmic(values: readonly number[]): "log" | "linear" {
  return values.some((value) => value > 0) && values.every((value) => value >= 0) ? "log" : "linear";
}
