/** The gallery of broken hypotheses as text. */
import { type GalleryExample, type GalleryRefusal, proofLines } from "../explain/index.ts";
import { endText, lineText, observationText, stepTable } from "./convergeText.ts";
import { plural, short } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

/** The list: what each example lacks, and what breaks in its numbers. */
export function galleryText(examples: readonly GalleryExample[], out: Terminal): string[] {
  return [
    out.bold("Runs that break one hypothesis of the convergence proof each"),
    ...examples.flatMap((example) => [
      "",
      `${out.bold(example.name)}  ${example.formula} from (${example.start.join(", ")})`,
      ...indented(`Missing: ${example.missing}.`, out),
      ...indented(`Breaks: ${brokenText(example)}.`, out),
    ]),
    "",
    `talweg converge --example ${examples[0]?.name ?? "NAME"} shows one of them.`,
  ];
}

function indented(text: string, out: Terminal): string[] {
  return paragraph(text, out.columns() - 4).map((line) => `    ${line}`);
}

/** What fails in the numbers, in words. */
function brokenText({ broken, run, refusal }: GalleryExample): string {
  if (broken.length === 0) return "nothing";
  // Where the points have no accumulation point, the conclusion about it says nothing.
  const telling = broken.filter((id) => id !== "stationary" || !broken.includes("settles"));
  const words = telling.map((id) => {
    const line = proofLines.find((candidate) => candidate.id === id);
    if (line !== undefined) {
      const found = run?.lines.find((candidate) => candidate.id === id);
      const count =
        refusal === null
          ? `in ${found?.failed ?? 0} of ${plural(found?.checked ?? 0, "step")}`
          : `in all ${plural(refusal.trials.length, "trial")}`;
      return `line ${line.number}, ${line.statement}, ${count}`;
    }
    const observation = run?.observations.find((candidate) => candidate.id === id);
    return observation === undefined
      ? `the end is a ${run?.curvature?.kind ?? "point"}, not a minimum`
      : `no sign that ${observation.statement}`;
  });
  return words.join("; ");
}

export function exampleText(example: GalleryExample, out: Terminal): string[] {
  const { title, formula, start, missing, lesson, infimum, run, refusal } = example;
  return [
    out.bold(title),
    `f = ${formula} from (${start.join(", ")}), ${infimum === null ? "without a lower bound" : `infimum ${infimum}`}`,
    ...paragraph(`Missing: ${missing}.`, out.columns()),
    "",
    ...(run === null ? [] : runLines(run, out)),
    ...(refusal === null ? [] : refusalLines(refusal, out)),
    "",
    ...paragraph(`Breaks: ${brokenText(example)}.`, out.columns()).map((line) => out.bold(line)),
    ...paragraph(lesson, out.columns()),
  ];
}

/** Of the proof only what fails: the rest is as everywhere. */
function runLines(run: NonNullable<GalleryExample["run"]>, out: Terminal): string[] {
  const failing = run.lines.filter(({ holds }) => !holds);
  const holding = run.lines.filter(({ holds, checked }) => holds && checked > 0).map(({ number }) => number);
  return [
    ...(run.steps.length === 0 ? [] : [...stepTable(run), ""]),
    ...(holding.length === 0 ? [] : [`✓    lines ${holding.join(", ")} hold in every step`]),
    ...failing.flatMap((line) => lineText(line, out)),
    ...run.observations.flatMap((observation) => observationText(observation, out)),
    "",
    ...paragraph(endText(run), out.columns()),
  ];
}

function refusalLines({ c1, slope, trials, message }: GalleryRefusal, out: Terminal): string[] {
  const head = ["t", "f(x + t d)", "at most", "quotient", "c1 times slope", ""];
  const shown = trials.filter((_, i) => i < 4 || i >= trials.length - 2);
  const rows = shown.map(({ stepSize, value, bound, quotient, accepted }) => [
    ...[stepSize, value, bound].map(short),
    // The difference lies beyond four digits.
    String(Number(quotient.toPrecision(10))),
    short(c1 * slope),
    accepted ? "accepted" : "refused",
  ]);
  return [
    ...textTable([head, ...rows.slice(0, 4), head.map(() => "…"), ...rows.slice(4)]),
    "",
    ...paragraph(`The library refuses such a constant: ${message}`, out.columns()),
  ];
}
