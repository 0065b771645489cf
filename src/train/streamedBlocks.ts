/** The rows of a table on their way into blocks: encoded chunk by chunk, drawn by class, without those that are watched. */
import { DataError, type Dataset, type Seed, targetLabel } from "../core/index.ts";
import { type EncodedRows, encodeRows, outputCount, type Preprocessing } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { drawOffset } from "./rowOrder.ts";
import type { TableScan, TableSource } from "./streamedScan.ts";
import type { ExampleStream, RefusedRows } from "./streamedTypes.ts";

/** Refused rows that are named. */
const NAMED = 10;

interface BlockOptions {
  scan: TableScan;
  /** Training rows, at most. */
  rows: number;
  seed: Seed;
  /** Bytes of a block. */
  memory: number;
  /** Is told of rows that are refused in the first epoch. */
  found: RefusedRows;
  /** Whose record is told at its end how many they were. */
  model: Network;
}

export function streamBlocks(source: TableSource, p: Preprocessing, o: BlockOptions): ExampleStream {
  const { inputs } = p;
  const outputs = outputCount(p);
  const [target] = p.targets;
  const classes = target?.kind === "class" ? { classes: [...target.classes] } : {};
  // Of the watched rows: a first epoch that is read twice counts its own anew.
  const known: RefusedRows = { rows: o.found.rows, first: [...o.found.first] };
  return {
    rows: o.rows,
    // Cells that cannot be read are found out when they are encoded.
    atMost: true,
    inputs,
    outputs,
    ...classes,
    blocks: (epoch) => blocksOf(source, p, o, { epoch, known }),
  };
}

async function* blocksOf(
  source: TableSource,
  p: Preprocessing,
  { scan, rows, seed, memory, found, model }: BlockOptions,
  { epoch, known }: { epoch: number; known: RefusedRows },
): AsyncGenerator<Dataset, void, void> {
  const outputs = outputCount(p);
  const capacity = Math.max(1, Math.min(rows, Math.floor(memory / (4 * (p.inputs + outputs)))));
  const block = new Block(capacity, p.inputs, outputs);
  const draw = drawer(p, drawOffset(seed, epoch));
  const told: RefusedRows = { rows: known.rows, first: [...known.first] };
  let read = 0;
  let watched = 0;
  let given = 0;
  for await (const chunk of source.open()) {
    read += chunk.rows;
    const encoded = encodeRows(p, chunk, { targets: true, onAbsent: "missing" });
    const isWatched = (row: number): boolean => {
      while (scan.watched[watched]! < row) watched++;
      return scan.watched[watched] === row;
    };
    for (const one of encoded.refused) {
      if (isWatched(one.row)) continue;
      told.rows++;
      if (told.first.length < NAMED) told.first.push(one);
    }
    watched = startOf(scan.watched, chunk.from);
    for (let i = 0; i < encoded.kept.length; i++) {
      if (isWatched(encoded.kept[i]!)) continue;
      for (let left = Math.min(draw(encoded, i), rows - given); left > 0; left--) {
        given++;
        if (!block.add(encoded, i)) continue;
        yield block.take();
      }
    }
  }
  requireSameRows(source, scan.rows, read);
  if (epoch === 1) tell(found, told, model, given);
  if (block.rows > 0) yield block.take();
}

/** The place of the first number that is not below. */
function startOf(ascending: readonly number[], least: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! < least) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How often a row is drawn: once, or by the weight of its class as `rowOrder.ts` has it, in the order of the table. */
function drawer(p: Preprocessing, offset: number): (encoded: EncodedRows, i: number) => number {
  const [target] = p.targets;
  if (target?.kind !== "class" || target.weights.every((weight) => weight === 1)) return () => 1;
  const { weights } = target;
  const outputs = outputCount(p);
  let sum = 0;
  let next = offset;
  return ({ y }, i) => {
    sum += weights[targetLabel({ y: y!, outputs }, i)]!;
    let count = 0;
    for (; next < sum; next++) count++;
    return count;
  };
}

/** What is learned of refused rows in the first epoch; plain data that others hold already, so it is changed in place. */
function tell(found: RefusedRows, told: RefusedRows, model: Network, given: number): void {
  found.rows = told.rows;
  found.first = told.first;
  const table = model.metadata.options?.table as Record<string, unknown> | undefined;
  if (table === undefined) return;
  table.refusedRows = told.rows;
  table.trainingRows = given;
}

function requireSameRows({ source = "the table" }: TableSource, before: number, now: number): void {
  if (before === now) return;
  throw new DataError(
    `${source} had ${before} rows when it was looked through and has ${now} now, expected the same rows in each epoch; ` +
      "leave the file as it is while it is learned from.",
  );
}

/** Rows in the order of the table, until there are enough for a block. */
class Block {
  rows = 0;
  private readonly x: Float32Array<ArrayBuffer>;
  private readonly y: Float32Array<ArrayBuffer>;
  private readonly capacity: number;
  private readonly inputs: number;
  private readonly outputs: number;

  constructor(capacity: number, inputs: number, outputs: number) {
    this.capacity = capacity;
    this.inputs = inputs;
    this.outputs = outputs;
    this.x = new Float32Array(capacity * inputs);
    this.y = new Float32Array(capacity * outputs);
  }

  /** @returns Whether it is full. */
  add({ x, y }: EncodedRows, i: number): boolean {
    const { inputs, outputs } = this;
    let to = this.rows * inputs;
    for (let at = i * inputs, end = at + inputs; at < end; at++) this.x[to++] = x[at]!;
    to = this.rows * outputs;
    for (let at = i * outputs, end = at + outputs; at < end; at++) this.y[to++] = y![at]!;
    return ++this.rows === this.capacity;
  }

  /** The rows so far, in memory that the next ones will take. */
  take(): Dataset {
    const { rows, inputs, outputs } = this;
    this.rows = 0;
    return {
      x: this.x.subarray(0, rows * inputs),
      y: this.y.subarray(0, rows * outputs),
      rows,
      inputs,
      outputs,
    };
  }
}
