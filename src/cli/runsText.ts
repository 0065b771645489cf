/** The table of `talweg runs`, as wide as the terminal allows. */
import { duration, percent, plural, short } from "./numbers.ts";
import { kebab } from "./optimizers.ts";
import { shellWord } from "./outputs.ts";
import { differing, type RunSummary } from "./runSummary.ts";
import type { Terminal } from "./terminal.ts";
import { paragraph, textTable } from "./textTable.ts";

interface Column {
  head: string;
  cell: (run: RunSummary) => string;
  /** The order in which columns go where the terminal is narrow, from 1; those without it stay. */
  leaves?: number;
}

const columns: readonly Column[] = [
  { head: "run", cell: ({ name }) => name },
  { head: "data", cell: ({ data }) => data, leaves: 3 },
  { head: "epochs", cell: epochsText },
  { head: "loss", cell: ({ loss }) => number(loss) },
  { head: "validation", cell: ({ validationLoss }) => number(validationLoss) },
  { head: "test", cell: ({ testLoss }) => number(testLoss), leaves: 2 },
  { head: "accuracy", cell: ({ accuracy }) => (accuracy === null ? "" : percent(accuracy)) },
  {
    head: "time",
    cell: ({ state, seconds }) => (state === "unreadable" ? "" : duration(seconds)),
    leaves: 1,
  },
  {
    head: "state",
    cell: ({ state, reason }) => (state === "done" && reason === "notFinite" ? "not finite" : state),
  },
];

const number = (value: number | null): string => (value === null ? "" : short(value));

function epochsText({ state, epochs, plannedEpochs }: RunSummary): string {
  if (state === "unreadable") return "";
  return state === "done" || plannedEpochs === null ? String(epochs) : `${epochs}/${plannedEpochs}`;
}

/** Lines for people. */
export function runsText(runs: readonly RunSummary[], folder: string, out: Terminal): string[] {
  return [
    out.bold(`${plural(runs.length, "run")} in ${folder}`),
    "",
    ...tableOf(runs, out),
    ...differences(runs, out),
    ...best(runs),
    ...troubles(runs, out),
  ];
}

function tableOf(runs: readonly RunSummary[], out: Terminal): string[] {
  const used = columns.filter(({ cell }) => runs.some((run) => cell(run) !== ""));
  const order = used.filter(({ leaves }) => leaves !== undefined);
  order.sort((a, b) => a.leaves! - b.leaves!);
  for (let gone = 0; ; gone++) {
    const left = used.filter((column) => !order.slice(0, gone).includes(column));
    const lines = textTable([
      left.map(({ head }) => head),
      ...runs.map((run) => left.map(({ cell }) => cell(run))),
    ]);
    const widest = Math.max(...lines.map((line) => [...line].length));
    if (widest < out.columns() || gone === order.length) return [out.dim(lines[0]!), ...lines.slice(1)];
  }
}

/** Which options tell the runs apart, for each run. */
function differences(runs: readonly RunSummary[], out: Terminal): string[] {
  const names = differing(runs);
  if (names.length === 0) return [];
  const readable = runs.filter(({ state }) => state !== "unreadable");
  const width = Math.max(...readable.map(({ name }) => [...name].length));
  const room = out.columns() - width - 4;
  const lines = readable.flatMap(({ name, options }) => {
    const mine = names.filter((option) => options[option] !== undefined);
    const told = mine.map((option) => `${kebab(option).slice(2)} ${options[option]}`).join(", ");
    const parts = room < 24 ? [told] : paragraph(told, room);
    return parts.map((part, i) => `  ${(i === 0 ? name : "").padEnd(width)}  ${part}`.trimEnd());
  });
  return ["", "What differs", ...lines];
}

/** The best of those that are done and can be compared: on the same data, by the same loss. */
function best(runs: readonly RunSummary[]): string[] {
  const done = runs.filter(({ state }) => state === "done");
  const first = done[0];
  if (first === undefined || done.length < 2) return [];
  const comparable = done.every(
    ({ data, options }) => data === first.data && options.loss === first.options.loss,
  );
  if (!comparable) return [];
  for (const [key, what] of [
    ["validationLoss", "validation"],
    ["testLoss", "test"],
    ["loss", "training"],
  ] as const) {
    if (done.some((run) => run[key] === null)) continue;
    const least = done.reduce((a, b) => (b[key]! < a[key]! ? b : a));
    return ["", `Lowest ${what} loss: ${least.name}, ${short(least[key]!)}`];
  }
  return [];
}

/** Runs that wait for somebody. */
function troubles(runs: readonly RunSummary[], out: Terminal): string[] {
  const waiting = runs.filter(({ state }) => ["stopped", "failed", "broken off"].includes(state));
  const damaged = runs.filter(({ state }) => state === "unreadable");
  return [
    ...(waiting.length === 0 ? [] : ["", "To go on:"]),
    ...waiting.map(({ path }) => `  talweg resume ${shellWord(path)}`),
    ...damaged.flatMap(({ reason }) => ["", out.alarm(reason ?? "")]),
  ];
}
