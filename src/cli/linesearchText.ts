/** A line search as text: where it begins, its trials, and what it found. */
import type { ExplainedTrial, LineSearchExplanation } from "../explain/index.ts";
import { plural, short } from "./numbers.ts";
import { pointText } from "./target.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

export function linesearchText(found: LineSearchExplanation, label: string, out: Terminal): string[] {
  return [
    out.bold(`${label}: ${found.search} along ${directionText(found)}`),
    `f ${short(found.value)}, ‖∇f‖ ${short(found.gradientNorm)}, slope ∇fᵀd ${short(found.slope)}`,
    Object.entries(found.constants)
      .map(([name, value]) => `${name} ${short(value)}`)
      .join(", "),
    "",
    ...trialTable(found, out),
    "",
    ...summary(found).flatMap(([name, text]) =>
      paragraph(text, out.columns() - 12).map((line, i) => `${(i === 0 ? name : "").padEnd(12)}${line}`),
    ),
  ];
}

function directionText({ steepest, direction }: LineSearchExplanation): string {
  if (steepest) return "-∇f";
  return direction === null ? "the direction given" : pointText(direction, short);
}

function trialTable({ trials, search }: LineSearchExplanation, out: Terminal): string[] {
  const wolfe = search === "wolfe";
  const head = ["l", "t", "f(x + t d)", ...(search === "goldstein" ? ["at least"] : []), "at most"];
  const rows = trials.map((trial) => [
    String(trial.l),
    short(trial.stepSize),
    number(trial.value),
    ...(trial.lower === undefined ? [] : [short(trial.lower)]),
    short(trial.bound),
    ...(wolfe ? [number(absolute(trial.slope)), short(trial.slopeBound ?? 0)] : []),
    verdict(trial),
  ]);
  const lines = textTable([[...head, ...(wolfe ? ["|slope|", "at most"] : []), ""], ...rows]);
  return lines.map((line, i) => (trials[i - 1]?.accepted === true ? out.bold(line) : line));
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? "not finite" : short(value);

const absolute = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.abs(value);

/** Why a trial was refused. */
function verdict({ value, bound, lower, slope, slopeBound, accepted }: ExplainedTrial): string {
  if (accepted) return "accepted";
  if (value === null || slope === null) return "refused: not finite";
  if (value > bound) return "refused: too high";
  if (lower !== undefined && value < lower) return "refused: too short";
  if (slope !== undefined && Math.abs(slope) > (slopeBound ?? 0)) return "refused: too steep";
  return "refused";
}

function summary(found: LineSearchExplanation): [string, string][] {
  const { accepted, stepSize, value, valueAfter, slopeAfter, trials, least } = found;
  const outcome: [string, string][] = accepted
    ? [
        [
          "accepted",
          `t = ${short(stepSize)} after ${plural(trials.length, "trial")}; f falls by ${short(value - valueAfter)} to ${short(valueAfter)}`,
        ],
        [
          "valley",
          found.crossesValley
            ? `crossed: the slope at the accepted step is ${short(slopeAfter ?? 0)}, so f rises again there`
            : `not crossed: the slope at the accepted step is ${number(slopeAfter)}`,
        ],
      ]
    : [["no step", found.reason]];
  return [
    ...outcome,
    ["acceptable", acceptableText(found)],
    [
      "lowest",
      `f = ${short(least.value)} at t = ${short(least.stepSize)}, of all t up to ${short(found.range)}`,
    ],
  ];
}

function acceptableText({ acceptable, range }: LineSearchExplanation): string {
  if (acceptable.length === 0) return `no t up to ${short(range)}`;
  const shown = acceptable.slice(0, 4).map(([from, to]) => {
    const end = to === range ? `${short(to)}, where the look ends` : short(to);
    return from === 0 ? `0 < t ≤ ${end}` : `${short(from)} ≤ t ≤ ${end}`;
  });
  return shown.join("; ") + (acceptable.length > 4 ? `; and ${acceptable.length - 4} more` : "");
}
