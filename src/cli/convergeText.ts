/** A run of gradient descent and its proof as text. */
import type { Convergence, ConvergeStep, LineSummary, Observation } from "../explain/index.ts";
import { plural, short, three } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

export function convergeText(run: Convergence, label: string, out: Terminal): string[] {
  return [
    out.bold(`${label}: gradient descent with Armijo's step size`),
    constantsText(run),
    `${plural(run.steps.length, "step")}: ${endings[run.reason]}${run.searchReason === null ? "" : ` (${run.searchReason})`}`,
    ...(run.steps.length === 0 ? [] : ["", ...stepTable(run)]),
    "",
    out.bold("The proof: d = -∇f(x), x⁺ = x + t d, τ the last refused trial"),
    ...run.lines.flatMap((line) => lineText(line, out)),
    ...allowanceText(out),
    "",
    out.bold("Over the whole run"),
    ...run.observations.flatMap((observation) => observationText(observation, out)),
    "",
    ...paragraph(endText(run), out.columns()),
  ];
}

function constantsText({ options }: Convergence): string {
  const { c1, shrink, initial, growth, lipschitz } = options;
  const first = growth === 1 ? `first trial ${short(initial)}` : `first trial ${short(growth)} last steps`;
  const known = lipschitz === null ? "" : `, L ${short(lipschitz)}`;
  return `c1 ${short(c1)}, shrink ${short(shrink)}, ${first}${known}`;
}

const endings: Readonly<Record<Convergence["reason"], string>> = {
  gradientNorm: "the wanted gradient norm is reached",
  steps: "the planned steps are done",
  searchFailed: "the line search found no lower value",
  notFinite: "a number was not finite",
};

const FIRST = 4;
const LAST = 4;

/** The first and the last steps, and those in which a line fails most. */
export function stepTable({ steps, lines }: Convergence): string[] {
  const failing = new Set(lines.flatMap(({ holds, worst }) => (holds || worst === null ? [] : [worst.step])));
  const shown = steps.filter(({ step }) => step <= FIRST || step > steps.length - LAST || failing.has(step));
  const head = ["step", "f(x)", "‖∇f(x)‖", "t", "f-f⁺", "≥ c1t‖∇f‖²", "f⁰-f⁺", "≥ sum"];
  const gap = head.map(() => "…");
  const rows = shown.flatMap((step, i) => {
    const before = shown[i - 1]?.step ?? 0;
    return step.step === before + 1 ? [stepRow(step)] : [gap, stepRow(step)];
  });
  return textTable([head, ...rows]);
}

function stepRow({
  step,
  value,
  gradientNorm,
  stepSize,
  decrease,
  promised,
  sum,
  fallen,
}: ConvergeStep): string[] {
  return [String(step), ...[value, gradientNorm, stepSize, decrease, promised, fallen, sum].map(three)];
}

const signs = { "<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=" } as const;
const broken = { "<": "not <", "<=": "not ≤", ">": "not >", ">=": "not ≥", "=": "≠" } as const;

export function lineText(line: LineSummary, out: Terminal): string[] {
  const { number, statement, why, checked, failed, when } = line;
  const mark = checked === 0 ? "–" : failed === 0 ? "✓" : "✗";
  const verdict =
    checked === 0
      ? when === "refused trial"
        ? "no trial was refused"
        : when === "always"
          ? "no step"
          : "no L is known"
      : failed === 0
        ? `holds in ${checked === 1 ? "the one step" : `all ${plural(checked, "step")}`}`
        : `FAILS in ${failed} of ${plural(checked, "step")}`;
  const head = `${mark} ${number}  ${statement}`;
  const text = `${head.padEnd(Math.max(head.length + 2, 50))}${verdict}`;
  return [
    failed > 0 ? out.alarm(text) : text,
    ...paragraph(why, out.columns() - 5).map((part) => out.dim(`     ${part}`)),
    ...sidesText(line).map((part) => `     ${part}`),
  ];
}

/** The two sides where a line holds most narrowly, or fails. */
function sidesText({ id, worst, relation }: LineSummary): string[] {
  if (worst === null) return [];
  const { step, left, right, allowance, holds } = worst;
  if (left === null || right === null) {
    // Line 5 compares two values of f; the lines behind it need a point between, which cannot be looked for without them.
    return [
      `step ${step}: ${id === "rejected" ? "f is not finite at the refused trial" : "there is no such point"}`,
    ];
  }
  const gap = relation === "<" || relation === "<=" ? right - left : left - right;
  const strict = relation === "<" || relation === ">";
  const exact = relation === "=" ? left === right : strict ? gap > 0 : gap >= 0;
  // An equality of measured numbers is always one up to rounding; the others say so where they need it.
  const sign = exact || (holds && relation === "=") ? signs[relation] : broken[relation];
  const [a, b] = [short(left), short(right)];
  const told = exact
    ? // Four digits may not tell the sides apart.
      relation !== "=" && a === b
      ? gap === 0
        ? ", equal"
        : `, by ${three(gap)}`
      : ""
    : allowance > 0
      ? `, rounding allows ${three(allowance)}`
      : "";
  return [`${holds ? "nearest in" : "worst in"} step ${step}: ${a} ${sign} ${b}${told}`];
}

function allowanceText(out: Terminal): string[] {
  const text =
    "Rounding may make lines 3 to 5 miss by 4 units in the last place of f, lines 6 to 9 by 64; lines 1 and 2 by nothing.";
  return paragraph(text, out.columns()).map((line) => out.dim(line));
}

export function observationText(
  { statement, measured, left, right, relation, observed, role }: Observation,
  out: Terminal,
): string[] {
  const mark = observed === null ? "–" : observed ? "✓" : "✗";
  const verdict =
    observed === null
      ? "too few steps to say"
      : observed
        ? "it looks so"
        : role === "conclusion"
          ? "not yet"
          : "no sign of it yet";
  const head = `${mark}    ${statement}`;
  const text = `${head.padEnd(Math.max(head.length + 2, 50))}${verdict}`;
  const sides =
    left === null || right === null
      ? []
      : paragraph(
          `${measured}: ${short(left)} ${observed === true ? signs[relation] : broken[relation]} ${short(right)}`,
          out.columns() - 5,
        );
  return [observed === false ? out.alarm(text) : text, ...sides.map((line) => out.dim(`     ${line}`))];
}

const kinds = {
  minimum: "all eigenvalues of the second derivatives are above 0, so it is a minimum",
  saddle:
    "some eigenvalues of the second derivatives are above 0 and some below, so it is a saddle and no minimum",
  maximum: "all eigenvalues of the second derivatives are below 0, so it is a maximum",
  flat: "some eigenvalues of the second derivatives are 0, so they do not decide",
};

/** What the last point is. */
export function endText({ observations, curvature, distance, value, gradientNorm }: Convergence): string {
  const here = `The end: f ${short(value)}, ‖∇f‖ ${short(gradientNorm)}.`;
  const stationary = observations.some(({ id, observed }) => id === "stationary" && observed === true);
  if (!stationary || curvature === null) return here;
  const { kind, smallest, largest, tolerance, eigenvalues } = curvature;
  const listed =
    eigenvalues !== null && eigenvalues.length <= 4
      ? eigenvalues.map(short).join(", ")
      : `${short(smallest)} to ${short(largest)}`;
  const below = kind === "flat" && smallest < -tolerance ? ", but it is no minimum" : "";
  // Lanczos' method sees the ends of the spectrum from within: one that was not seen may lie below.
  const seen = eigenvalues === null && kind !== "saddle" ? ", as far as Lanczos' method sees" : "";
  const near =
    distance === null || gradientNorm === 0
      ? ""
      : ` By these a stationary point is about ${three(distance)} away at most.`;
  return `${here} Taken as stationary: ${kinds[kind]}${below}${seen} (${listed}; 0 is what is below ${three(tolerance)}).${near}`;
}
