/**
 * What is chosen where a table's owner chose nothing: the network, how long it learns, what is watched.
 *
 * Measured in five folds with five seeds on iris, wine, breast cancer, digits of 8x8 and diabetes, and on 3,000 and 30,000 rows of
 * three known functions with noise; `npm run prove tables` measures the first five again. What was seen:
 *
 * - tanh, being smooth, asks fewer rows than relu does: R² on diabetes .49 against .43 (penalty .003, 50 epochs), on 3,000 rows of a
 *   function with steps .82 against .79; on 30,000 rows the two are level.
 * - Few rows and many inputs want a penalty. One of .06 * inputs / rows, at most .01, served all five; without any, relu falls to .36
 *   on diabetes within 100 epochs. It goes to nothing as rows grow.
 * - Watching a part of a small table costs more than it gives: 15 % held out, with early stopping, lost up to 2 points on iris and .03 of
 *   R² on diabetes, and half of that where the network was trained again on all rows for as many epochs.
 * - Two hidden layers lose on small tables, and win from some thousand rows on.
 */
import { OptionError } from "../core/index.ts";
import type { Preprocessing } from "../data/index.ts";
import type { TableChoice, TableOptions } from "./tableOptions.ts";

/** From so many rows on a tenth of them is worth more as a watch than as examples, and a second layer pays. */
const LARGE = 5000;
const WATCHED = 0.1;
/** Of a smaller table, where patience asks for rows to watch. */
const WATCHED_OF_FEW = 0.2;
/** Epochs without a better loss of the watched rows. */
const PATIENCE = 5;

const WIDTH = 64;
const BATCH = 32;
/** Small tables: as many tens of epochs as make so many steps, between these. */
const STEPS = 500;
const LEAST_EPOCHS = 50;
const MOST_EPOCHS = 100;
/** Large tables: so many epochs, or fewer where that would be more examples than this. */
const LARGE_EPOCHS = 30;
const MOST_EXAMPLES = 10_000_000;

const SHRINKAGE = 0.06;
const MOST_PENALTY = 0.01;

/** What was settled, given or chosen. */
export interface TableDefaults {
  /** Units of the hidden layers. */
  layers: readonly number[];
  activation: NonNullable<TableOptions["activation"]>;
  /** Undefined where `stop` alone ends the run. */
  epochs: number | undefined;
  batchSize: number | "full";
  penalty: number;
  /** Share of the rows that is watched. */
  validation: number;
  patience: number | undefined;
  choices: TableChoice[];
}

/**
 * Fills in what was not given.
 *
 * @param rows Of the table, those that are watched included.
 * @throws {OptionError} When layers or stop are none.
 */
export function tableDefaults(p: Preprocessing, rows: number, o: TableOptions): TableDefaults {
  const large = rows >= LARGE;
  const layers = o.layers ?? (large ? [WIDTH, WIDTH] : [WIDTH]);
  if (!Array.isArray(layers)) {
    throw new OptionError(
      "layers",
      `layers is ${JSON.stringify(layers)}, expected the units of the hidden layers, such as [64] or [16, 16].`,
    );
  }
  const { activation = "tanh" } = o;
  const validation = tableValidation(rows, o);
  const patience = o.patience ?? (o.validation === undefined && validation > 0 ? PATIENCE : undefined);
  const batchSize = o.batchSize ?? batchOf(rows, o);
  const epochs = o.epochs ?? epochsOf(rows, o, batchSize);
  const learned = Math.max(1, Math.round(rows * (1 - validation)));
  const penalty =
    o.penalty ?? Number(Math.min(MOST_PENALTY, (SHRINKAGE * p.inputs) / learned).toPrecision(3));
  const settled = { layers, activation, epochs, batchSize, penalty, validation, patience };
  return { ...settled, choices: choicesOf(settled, rows, large, o) };
}

/** The share of the rows to watch: it is settled before columns are looked at. */
export function tableValidation(
  rows: number,
  { validation, patience }: Pick<TableOptions, "validation" | "patience">,
): number {
  if (validation !== undefined) return validation;
  if (rows >= LARGE) return WATCHED;
  return patience === undefined ? 0 : WATCHED_OF_FEW;
}

function batchOf(rows: number, { optimizer, classWeights }: TableOptions): number | "full" {
  // Methods that compare their steps see all rows in each.
  if (optimizer?.wholeFunction === true) return "full";
  // Rows are drawn by weight for batches alone.
  if (classWeights === "balanced" && rows <= 2 * BATCH) return Math.max(1, Math.floor(rows / 4));
  return BATCH;
}

function epochsOf(rows: number, { stop = {} }: TableOptions, batchSize: number | "full"): number | undefined {
  if (stop === null || typeof stop !== "object") {
    throw new OptionError("stop", `stop is ${String(stop)}, expected an object such as { loss: 0.001 }.`);
  }
  const { steps, evaluations, seconds, plateau, loss, gradientNorm } = stop;
  const ended = [steps, evaluations, seconds, plateau, loss, gradientNorm].some((rule) => rule !== undefined);
  if (ended) return undefined;
  if (rows >= LARGE) return Math.max(1, Math.min(LARGE_EPOCHS, Math.floor(MOST_EXAMPLES / rows)));
  const batch = typeof batchSize === "number" && batchSize >= 1 ? batchSize : rows;
  const wanted = 10 * Math.round(STEPS / (10 * Math.ceil(rows / batch)));
  return Math.max(LEAST_EPOCHS, Math.min(MOST_EPOCHS, wanted));
}

function choicesOf(
  { layers, activation, epochs, batchSize, penalty, validation, patience }: Omit<TableDefaults, "choices">,
  rows: number,
  large: boolean,
  o: TableOptions,
): TableChoice[] {
  const choose = (option: TableChoice["option"], value: string, why: string): TableChoice =>
    o[option] === undefined
      ? { option, value, chosen: true, why }
      : { option, value, chosen: false, why: "" };
  const share = `${Number((100 * validation).toPrecision(3))} % of the rows`;
  const watched = validation > 0 ? share : "no rows";
  const sized = large ? `${grouped(rows)} rows` : `fewer than ${grouped(LARGE)} rows`;
  return [
    choose(
      "layers",
      layers.length === 0 ? "none" : layers.join(", "),
      `${sized} ${large ? "bear two hidden layers" : "do best with one hidden layer"}`,
    ),
    choose("activation", activation, "it is smooth, and learns from fewer rows than relu"),
    choose(
      "validation",
      watched,
      validation === 0
        ? `of ${sized} each is worth more as an example`
        : large
          ? "so many rows can spare them"
          : "patience needs rows to watch",
    ),
    ...(patience === undefined
      ? []
      : [choose("patience", `${patience} epochs`, "then the best parameters on the watched rows come back")]),
    choose(
      "epochs",
      epochs === undefined ? "until it is told to stop" : String(epochs),
      epochs === undefined
        ? "stop says when to end"
        : large
          ? "patience may end it before"
          : "more do not help small tables",
    ),
    choose("batchSize", String(batchSize), "small batches make many steps"),
    choose("penalty", String(penalty), "few rows for many inputs want small weights; it falls with the rows"),
  ];
}

/** 5,000 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
