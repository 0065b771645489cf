/** What was chosen for a table and what was left out, in words: a line each. */
import type { Preprocessing, RefusedRow } from "../data/index.ts";
import type { TableDefaults } from "./tableDefaults.ts";
import type { TableOutput } from "./tableNetwork.ts";
import type { TableChoice, TableOptions } from "./tableOptions.ts";
import type { TableRows } from "./tableSettle.ts";
import type { TrainOptions } from "./types.ts";

/** Refused rows that are told one by one. */
const TOLD = 3;

interface Settled {
  options: TableOptions;
  training: TrainOptions;
  defaults: TableDefaults;
  output: TableOutput;
  found: TableRows;
}

/** The choices with those that the targets make, and the lines for people. */
export function tableNotes(
  p: Preprocessing,
  { options, training, defaults, output, found }: Settled,
): { choices: TableChoice[]; notes: string[] } {
  const { layers } = defaults;
  const isAuto = training.optimizer?.name === "auto";
  const choices: TableChoice[] = [
    ...defaults.choices,
    {
      option: "loss",
      value: output.loss,
      chosen: options.loss === undefined,
      why: options.loss === undefined ? `the outputs are ${output.meaning}` : "",
    },
    {
      option: "optimizer",
      value: training.optimizer!.name,
      chosen: options.optimizer === undefined,
      why: isAuto && options.optimizer === undefined ? "it finds its step sizes by itself" : "",
    },
    {
      option: "seed",
      value: String(training.seed),
      chosen: options.seed === undefined,
      why: options.seed === undefined ? "the same seed gives the same bits" : "",
    },
  ];
  const widths = [p.inputs, ...layers, output.outputs].join("-");
  return {
    choices,
    notes: [
      `network ${widths}: ${p.columns.length} ${p.columns.length === 1 ? "column" : "columns"} as ${p.inputs} inputs, ${output.meaning} as output`,
      ...choices.map(
        ({ option, value, chosen, why }) =>
          `${option} ${value}${why === "" ? "" : `, since ${why}`}${chosen ? "" : " (given)"}`,
      ),
      ...p.dropped.map(({ name, reason }) => `column ${JSON.stringify(name)} is left out, since ${reason}`),
      ...refusedNotes(found.refused, found.refusedRows ?? found.refused.length),
    ],
  };
}

function refusedNotes(refused: readonly RefusedRow[], count: number): string[] {
  const told = refused
    .slice(0, TOLD)
    .map(
      ({ row, line, column, reason }) =>
        `${line === undefined ? `row ${row} (from 0)` : `line ${line}`}, column ${JSON.stringify(column)}, is left out: ${reason}`,
    );
  return count > told.length
    ? [...told, `${count - told.length} more rows are left out, ${count} in all`]
    : told;
}
