/** `talweg inspect`: what a model file holds. */
import { type Network, parametersSha256 } from "../network/index.ts";
import type { CommandSpec } from "./command.ts";
import { configureDescribed, loadDescribed, modelHelp } from "./describedModel.ts";
import { grouped, plural, short } from "./numbers.ts";
import { modelColumnLines, modelColumns } from "./tableInspect.ts";
import { columnsOf } from "./tablePredict.ts";

export const inspectCommand: CommandSpec = {
  name: "inspect",
  configure(command) {
    command
      .description("Show the layers of a model, its numbers at a glance, and how it was trained.")
      .argument("<model>", `${modelHelp}; checkpoints too`);
    configureDescribed(command);
  },
  async run(operands, flags, session) {
    const model = loadDescribed(operands[0] as string, flags);
    const { layers, parameterCount, metadata, precision } = model;
    const hash = parametersSha256(model);
    session.say(
      session.out.bold(
        `${plural(layers.length, "layer")}, ${plural(parameterCount, "parameter")}, ${precision}`,
      ),
    );
    for (const line of layerTable(model)) session.say(line);
    session.say(`\nparametersSha256 ${hash}`);
    const preprocessing = columnsOf(model);
    const table = preprocessing === undefined ? undefined : modelColumns(preprocessing, metadata.options);
    for (const [name, value] of Object.entries(metadata)) {
      if (value === undefined || (table !== undefined && ownPlace.includes(name))) continue;
      session.say(`${name} ${text(value)}`);
    }
    if (table !== undefined) {
      for (const line of ["", ...modelColumnLines(table, session.out.columns())]) session.say(line);
    }
    return {
      seed: metadata.seed,
      fields: { layers, parameterCount, precision, parametersSha256: hash, metadata, ...table },
    };
  },
};

/** Metadata that are told in other words where the model knows columns. */
const ownPlace: readonly string[] = ["preprocessing", "classes", "options"];

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

function layerTable(model: Network): string[] {
  const rows = model.layers.map(({ inputs, units, activation, init, dropout }, i) => [
    String(i + 1),
    `${inputs} → ${units}`,
    activation,
    init,
    dropout === 0 ? "none" : String(dropout),
    grouped((inputs + 1) * units),
    spread(model.weights(i + 1)),
    spread(model.biases(i + 1)),
  ]);
  const head = ["layer", "shape", "activation", "init", "dropout", "parameters", "weights", "biases"];
  const table = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...table.map((row) => (row[c] as string).length)));
  return table.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] as number))
      .join("  ")
      .trimEnd(),
  );
}

/** Smallest and largest. */
function spread(numbers: ArrayLike<number>): string {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const number of Array.from(numbers)) {
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  return `${short(least)} to ${short(most)}`;
}
