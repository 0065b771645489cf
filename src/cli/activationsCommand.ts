/** `talweg activations`: the activation functions and their derivatives, as a table and as curves. */
import { type Activation, activationNames } from "../kernels/index.ts";
import { type ChartOptions, chartFigure, type Mark, panelsFigure } from "../plot/index.ts";
import { type ActivationFacts, factsOf, pointOf, type ScalarActivation } from "./activationFacts.ts";
import type { CommandSpec } from "./command.ts";
import { short } from "./numbers.ts";
import { number, numbers, oneOf } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

const HELP = `
Examples:
  talweg activations
  talweg activations relu gelu --at -1,0,0.5 --plot activations.svg`;

/** Beyond this z the products inside of some derivatives overflow. */
const FARTHEST = 1e100;

export const activationsCommand: CommandSpec = {
  name: "activations",
  configure(command) {
    command
      .description("Show the activation functions: formula, range, values and derivatives.")
      .argument("[names...]", `by default all of ${activationNames.join(", ")}`)
      .option("--at <numbers>", "where values are shown; -2,-1,0,1,2 by default", numbers("--at", "-1,0,0.5"))
      .option("--plot <file>", "each function with its derivative: .svg or .png")
      .option("--from <number>", "left end of the plot; -4 by default", number("--from", -4))
      .option("--to <number>", "right end of the plot; 4 by default", number("--to", 4));
    command.addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const names = namesOf((operands[0] ?? []) as unknown as string[]);
    const at = (flags.at as number[] | undefined) ?? [-2, -1, 0, 1, 2];
    const from = (flags.from as number | undefined) ?? -4;
    const to = (flags.to as number | undefined) ?? 4;
    const plot = flags.plot as string | undefined;
    checkNumbers(at, from, to);
    await checkPlotPath(plot);
    const facts = names.map((name) => factsOf(name, at));
    if (plot !== undefined) await writePlot(plot, await figure(facts, from, to));
    for (const line of report(facts, at, session)) session.say(line);
    return { seed: null, fields: { activations: facts, ...(plot === undefined ? {} : { plot, from, to }) } };
  },
};

function namesOf(given: readonly string[]): Activation[] {
  const parse = oneOf("an activation", activationNames);
  return given.length === 0 ? [...activationNames] : [...new Set(given.map(parse))];
}

function checkNumbers(at: readonly number[], from: number, to: number): void {
  if (!(from < to && from >= -FARTHEST && to <= FARTHEST)) {
    throw new UsageError(
      `--from is ${from} and --to is ${to}, expected two numbers between -1e100 and 1e100, the smaller first; ` +
        "write for example --from -4 --to 4.",
    );
  }
  const far = at.find((z) => Math.abs(z) > FARTHEST);
  if (far === undefined) return;
  throw new UsageError(
    `--at has ${far}, expected numbers between -1e100 and 1e100; write for example --at -1,0,0.5.`,
  );
}

/** Formulas first, then the numbers, with what the letters mean below. */
function report(facts: readonly ActivationFacts[], at: readonly number[], { out }: Session): string[] {
  const head = ["activation", "a = s(z)", "s'(z)", "range"];
  const formulas = table(
    facts.map(({ name, formula, derivative, range }) => [name, formula, derivative, range]),
    head,
    "left",
  );
  const curves = facts.filter(({ points }) => points.length > 0);
  const lines = [
    out.bold(formulas[0] as string),
    ...formulas.slice(1),
    ...notes(facts).map((note) => out.dim(note)),
  ];
  for (const which of curves.length === 0 ? [] : (["value", "derivative"] as const)) {
    const rows = curves.map(({ name, points }) => [name, ...points.map((point) => short(point[which]))]);
    const title = which === "value" ? "s(z) at z =" : "s'(z) at z =";
    const numbersTable = table(rows, [title, ...at.map(short)], "right");
    lines.push("", out.bold(numbersTable[0] as string), ...numbersTable.slice(1));
  }
  return lines;
}

function table(rows: readonly string[][], head: readonly string[], side: "left" | "right"): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...all.map((row) => (row[c] as string).length)));
  return all.map((row) => {
    const cells = row.map((cell, c) => {
      const width = widths[c] as number;
      return c === 0 || side === "left" ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells.join("  ").trimEnd();
  });
}

/** Only of letters that stand in the table. */
function notes(facts: readonly ActivationFacts[]): string[] {
  const text = facts.map(({ formula, derivative }) => formula + derivative).join(" ");
  const kinks = facts.filter(({ kink }) => kink !== null).map(({ name }) => name);
  return [
    ...(text.includes("σ") ? ["σ is the sigmoid."] : []),
    ...(text.includes("λ") ? ["λ = 1.0507…, α = 1.6733…: then signals keep mean 0 and variance 1."] : []),
    ...(text.includes("Φ")
      ? ["Φ is the distribution function of the standard normal law, φ its density."]
      : []),
    ...(text.includes("[j = k]")
      ? ["softmax mixes a row: its derivative is that of a_j for z_k; [j = k] is 1 or 0."]
      : []),
    ...(kinks.length === 0
      ? []
      : [`Kink at 0, where the derivative from the left is taken: ${kinks.join(", ")}.`]),
  ];
}

function figure(facts: readonly ActivationFacts[], from: number, to: number): Promise<string> {
  const charts = facts.filter(({ name }) => name !== "softmax").map((each) => chart(each, from, to));
  if (charts.length === 0) {
    throw new UsageError(
      "--plot draws functions of one number, but softmax needs a whole row; leave --plot out, or name another activation.",
    );
  }
  const [only] = charts;
  if (charts.length === 1) return chartFigure(only as ChartOptions);
  return panelsFigure({ title: "Activation functions and their derivatives", panels: charts });
}

function chart({ name, formula, kink }: ActivationFacts, from: number, to: number): ChartOptions {
  const inside = kink !== null && kink.z >= from && kink.z <= to ? kink : undefined;
  const steps = 400;
  const zs = Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);
  const points = zs.map((z) => pointOf(name as ScalarActivation, z));
  const left = points.filter(({ z }) => inside === undefined || z <= inside.z);
  const right = points.slice(left.length);
  const value = {
    kind: "line",
    name: "s(z)",
    style: 0,
    x: zs,
    y: points.map((point) => point.value),
  } as const;
  if (inside === undefined) {
    const slope = {
      kind: "line",
      name: "s′(z)",
      style: 1,
      x: zs,
      y: points.map((p) => p.derivative),
    } as const;
    return {
      title: name,
      subtitle: `s(z) = ${formula}`,
      x: { label: "z" },
      y: { label: "" },
      marks: [value, slope],
    };
  }
  // The jump of the derivative is no part of its curve: it ends at the kink and begins anew.
  const slope: Mark = {
    kind: "line",
    name: "s′(z)",
    style: 1,
    x: [...left.map(({ z }) => z), inside.z, Number.NaN, inside.z, ...right.map(({ z }) => z)],
    y: [
      ...left.map((p) => p.derivative),
      inside.left,
      Number.NaN,
      inside.right,
      ...right.map((p) => p.derivative),
    ],
  };
  const dot = { kind: "dots", style: 1, shape: "circle", size: 6 } as const;
  const at = pointOf(name as ScalarActivation, inside.z).value;
  return {
    title: name,
    subtitle: `s(z) = ${formula}`,
    x: { label: "z", range: [from, to] },
    y: { label: "" },
    marks: [
      value,
      slope,
      { ...dot, x: [inside.z], y: [inside.left] },
      { ...dot, x: [inside.z], y: [inside.right], hollow: true },
      { kind: "text", x: inside.z, y: at, text: "kink" },
    ],
  };
}
