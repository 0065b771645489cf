/** Raw rows in, answers in the columns' own terms out, by a model that carries its preprocessing. */
import { OptionError } from "../core/index.ts";
import {
  type DecodedRow,
  decodeOutputs,
  encodeRows,
  type Preprocessing,
  type RefusedRow,
  type Table,
  type TableChunk,
  type TableDataset,
  tableDataset,
} from "../data/index.ts";
import { preprocessingOf } from "../formats/index.ts";
import type { Network } from "../network/index.ts";
import { networkScores, type ScoresOptions } from "./scores.ts";
import type { Scores } from "./scoreTypes.ts";

/**
 * The answers for the rows of a table, or of a part of one: class names with probabilities, or numbers in the target's own unit.
 *
 * @returns An answer for each row that can be read, their places `kept` (from 0, in the whole table), and the others with reasons.
 * @param options `onBad` "refuse": what a cell that is not of its column's kind does to its row; `onAbsent` "error": what a column
 *   that is not there means.
 * @throws {OptionError} When the model was not trained on a table.
 * @throws {FormatError} When its preprocessing is damaged. @throws {DataError} When columns are absent, which it names.
 */
export function predictTable(
  model: Network,
  table: Table | TableChunk,
  {
    onBad = "refuse",
    onAbsent = "error",
  }: { onBad?: "refuse" | "missing"; onAbsent?: "error" | "missing" } = {},
): { answers: DecodedRow[]; refused: RefusedRow[]; kept: number[] } {
  const p = tablePreprocessing(model, "predictTable");
  requireProbabilities(model, p);
  const { x, refused, kept } = encodeRows(p, table, { onBad, onAbsent });
  const answers = kept.length === 0 ? [] : decodeOutputs(p, model.predict(x), kept.length);
  return { answers, refused, kept };
}

/**
 * The scores of a model on the rows of a table that holds the targets too: numbers in the target's own unit, classes by name.
 *
 * @returns The scores, beside constant answers made from the same rows, and the examples that they are of.
 * @throws {OptionError} When the model was not trained on a table. @throws {DataError} When columns are absent or no row can be read.
 */
export function scoreTable(model: Network, table: Table): { scores: Scores; data: TableDataset } {
  const p = tablePreprocessing(model, "scoreTable");
  const data = tableDataset(p, table);
  return { scores: tableScores(model, p, data), data };
}

/** The scores of examples of a table, in the table's terms. @param options `baseline`: what constant answers are made from; the scored examples. */
export function tableScores(
  model: Network,
  p: Preprocessing,
  data: TableDataset,
  options: Pick<ScoresOptions, "baseline"> = {},
): Scores {
  requireProbabilities(model, p);
  return networkScores(model, data, { ...scoreTerms(p), ...options });
}

/** Names and scales of number targets; nothing for classes, whose names the examples have. */
export function scoreTerms({ targets }: Preprocessing): Pick<ScoresOptions, "names" | "scale"> {
  const scale = targets.flatMap((target) => (target.kind === "number" ? [target] : []));
  return scale.length === 0 ? {} : { names: targets.map(({ name }) => name), scale };
}

function tablePreprocessing(model: Network, owner: string): Preprocessing {
  const p = preprocessingOf(model);
  if (p !== undefined) return p;
  throw new OptionError(
    "model",
    `${owner}: the model knows no columns, since it was not trained on a table; pass numbers to model.predict, or train it by trainTable.`,
  );
}

/** @throws {OptionError} When the outputs for classes are no probabilities, as a network that was put together by hand may have. */
function requireProbabilities(model: Network, { targets: [first] }: Preprocessing): void {
  const { activation } = model.layers.at(-1)!;
  const wanted = first?.kind === "class" ? (model.outputs === 1 ? "sigmoid" : "softmax") : undefined;
  if (wanted === undefined || activation === wanted) return;
  throw new OptionError(
    "model",
    `the last layer is ${activation}, expected ${wanted}, since its outputs are read as the probabilities of the classes of ${JSON.stringify(first!.name)}; ` +
      "train it by trainTable, or end the network so.",
  );
}
