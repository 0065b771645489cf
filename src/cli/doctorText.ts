/** A diagnosis as text: the findings with their remedies, then what was measured. */
import type { Diagnosis, Finding, LayerState, Score } from "../explain/index.ts";
import { few, percent, plural, short } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

export function doctorText(diagnosis: Diagnosis, label: string, out: Terminal): string[] {
  const { rows, findings, counts, layers, scores } = diagnosis;
  const kinds = (["error", "warning", "note"] as const).filter((level) => counts[level] > 0);
  const found = kinds.map((level) => plural(counts[level], level)).join(", ");
  return [
    out.bold(`${label}: ${found === "" ? "nothing is wrong" : found}`),
    `${plural(rows, "example")}, ${diagnosis.loss}`,
    ...findings.flatMap((finding) => ["", ...findingLines(finding, out)]),
    ...(layers.length === 0 ? [] : ["", ...layerTable(layers)]),
    ...(scores.train === null ? [] : ["", ...scoreLines(scores.train, scores.test)]),
    ...rateLines(diagnosis),
  ];
}

function findingLines({ level, code, message, remedy }: Finding, out: Terminal): string[] {
  const columns = out.columns();
  const head = `${level}  ${code}`;
  const indented = (text: string, first: string): string[] =>
    paragraph(text, columns - 4).map((line, i) => `${i === 0 ? first : "    "}${line}`);
  return [
    level === "error" ? out.alarm(head) : level === "warning" ? out.bold(head) : head,
    ...indented(`${sentence(message)}.`, "    "),
    ...indented(`${sentence(remedy)}.`, "  → "),
  ];
}

const sentence = (clause: string): string => clause.charAt(0).toUpperCase() + clause.slice(1);

/** What the layers do on the examples. */
function layerTable(layers: readonly LayerState[]): string[] {
  const last = layers.at(-1)!.delta;
  const rows = layers.map(({ layer, activation, units, dead, saturated, low, high, delta }) => [
    `layer ${layer}`,
    activation,
    String(units),
    dead === null ? "" : String(dead),
    saturated === null ? "" : percent(saturated),
    `${few(low, 3)} to ${few(high, 3)}`,
    few(delta, 3),
    last > 0 ? few(delta / last, 2) : "",
  ]);
  const head = ["", "activation", "units", "dead", "saturated", "pre-activations", "‖dL/dz‖", "ratio"];
  return textTable([head, ...rows]);
}

function scoreLines(train: Score, test: Score | null): string[] {
  const line = (name: string, { rows, loss, score, kind }: Score): string[] => [
    name,
    plural(rows, "example"),
    `loss ${short(loss)}`,
    score === null ? "" : kind === "accuracy" ? `accuracy ${percent(score)}` : `R² ${short(score)}`,
  ];
  return textTable([line("given", train), ...(test === null ? [] : [line("test", test)])]);
}

function rateLines({ learningRate }: Diagnosis): string[] {
  if (learningRate === null) return [];
  const { method, learningRate: rate, curvature, largest } = learningRate;
  return [
    "",
    `  ${method} at ${few(rate, 4)}; largest curvature ${few(curvature, 4)}, stable up to ${few(largest, 4)}`,
  ];
}
