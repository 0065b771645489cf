/**
 * The rows of a stream on their way to the steps: blocks are looked through, shuffled inside, and copied row by row to a stage
 * of a few megabytes, which holds whole batches. So the steps do not depend on where blocks end, save for the shuffle.
 */
import {
  checkDataset,
  DataError,
  type Dataset,
  ShapeError,
  shuffledOrder,
  TalwegError,
} from "../core/index.ts";
import { checkTargets } from "../network/index.ts";
import type { Run } from "./options.ts";
import type { ExampleStream } from "./streamedTypes.ts";

/** Numbers on the stage. */
const STAGE = 1 << 20;

/** How the rows of every block must be. */
type Form = Pick<Dataset, "inputs" | "outputs"> & { bytes: boolean; labels: boolean; scale: number };

function formOf({ inputs, outputs, x, y, scale = 1 }: Dataset): Form {
  return { inputs, outputs, bytes: x instanceof Uint8Array, labels: y instanceof Uint8Array, scale };
}

/** The blocks of one epoch, each looked through. */
export class BlockReader {
  readonly epoch: number;
  /** From 1, of the block that was read last. */
  number = 0;
  private readonly source: ExampleStream;
  private readonly iterator: AsyncIterator<Dataset>;
  private form: Form | undefined;

  /** @param form Of the blocks of an epoch before. */
  constructor(source: ExampleStream, epoch: number, form: Form | undefined) {
    this.source = source;
    this.epoch = epoch;
    this.form = form;
    this.iterator = source.blocks(epoch)[Symbol.asyncIterator]();
  }

  /** @throws {TalwegError} When the block is none of this stream, or could not be made. */
  async next(): Promise<Dataset | undefined> {
    let result: IteratorResult<Dataset, unknown>;
    try {
      result = await this.iterator.next();
    } catch (error) {
      if (error instanceof TalwegError) throw error;
      throw new DataError(
        `${this.place(1)} could not be read, ${error instanceof Error ? error.message : String(error)}; mend the source of the stream, ` +
          "and resume from the last checkpoint or start anew.",
      );
    }
    if (result.done === true) return undefined;
    this.number++;
    this.check(result.value);
    return result.value;
  }

  private check(block: Dataset): void {
    const { inputs, outputs } = this.source;
    if (block?.inputs !== inputs || block.outputs !== outputs) {
      throw new ShapeError(
        `${this.place()} has ${block?.inputs} inputs and ${block?.outputs} outputs a row, expected ${inputs} and ${outputs}, as the stream says; ` +
          "give every block the same widths.",
      );
    }
    checkDataset(block);
    const form = formOf(block);
    this.form ??= form;
    if (JSON.stringify(form) === JSON.stringify(this.form)) return;
    throw new DataError(
      `${this.place()} has numbers of another kind (bytes, labels or scale) than the blocks before it, expected all alike; give every block the same kind of x and y.`,
    );
  }

  get known(): Form | undefined {
    return this.form;
  }

  place(ahead = 0): string {
    return `the stream's block ${this.number + ahead} of epoch ${this.epoch}`;
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}

export class Feed {
  /** What is on the stage; undefined when the epoch is over. */
  data: Dataset | undefined;
  /** Rows of the epoch at hand so far. */
  seen = 0;
  epoch: number;
  private readonly source: ExampleStream;
  private readonly run: Run;
  private readonly capacity: number;
  private readonly x: Dataset["x"];
  private readonly y: Dataset["y"];
  private reader: BlockReader;
  private block: Dataset | undefined;
  private order: Uint32Array | undefined;
  private at = 0;
  private skip = 0;

  /**
   * @param reader Of the first epoch; `block` is what was read of it already.
   * @param skip   Rows of that epoch that the steps have seen.
   */
  constructor(
    source: ExampleStream,
    run: Run,
    reader: BlockReader,
    block: Dataset | undefined,
    skip: number,
  ) {
    const { inputs, outputs, x, y } = run.data;
    this.source = source;
    this.run = run;
    this.reader = reader;
    this.epoch = reader.epoch;
    const width = y instanceof Uint8Array ? 1 : outputs;
    const { batchRows, batches } = run;
    this.capacity =
      batchRows * Math.min(batches, Math.max(1, Math.floor(STAGE / (batchRows * (inputs + width)))));
    this.x = alike(x, this.capacity * inputs);
    this.y = alike(y, this.capacity * width);
    this.skip = skip;
    if (block !== undefined) this.begin(block);
  }

  /** Puts the next rows of an epoch on the stage. @throws {TalwegError} When the stream breaks its word. */
  async fill(epoch: number): Promise<void> {
    if (epoch !== this.epoch) this.open(epoch);
    this.data = undefined;
    let rows = 0;
    while (rows < this.capacity) {
      const isUsedUp = this.block === undefined || this.at === this.block.rows;
      if (isUsedUp && !(await this.next())) break;
      rows += this.copy(rows);
    }
    if (rows === 0) this.checkEnd();
    else this.data = this.staged(rows);
  }

  /** Nothing of a block is kept when the next one is asked for, not even by a name in a loop. @returns Whether there was one. */
  private async next(): Promise<boolean> {
    this.block = undefined;
    const block = await this.reader.next();
    if (block !== undefined) this.begin(block);
    return block !== undefined;
  }

  /** The reader of the epoch before has come to its end. */
  private open(epoch: number): void {
    this.reader = new BlockReader(this.source, epoch, this.reader.known);
    this.epoch = epoch;
    this.seen = 0;
    this.block = undefined;
  }

  private begin(block: Dataset): void {
    const { loss, shuffle, seed } = this.run;
    checkTargets(loss, block, `${this.reader.place()}: y`);
    this.seen += block.rows;
    if (this.seen > this.source.rows) throw this.otherRows(`has more than`);
    this.block = block;
    this.at = 0;
    this.order = shuffle ? shuffledOrder(block.rows, seed, this.epoch, this.reader.number - 1) : undefined;
  }

  /** Copies rows of the block behind the first `rows` of the stage, or passes over them. @returns How many were copied. */
  private copy(rows: number): number {
    const { order, at, x, y, run } = this;
    const block = this.block!;
    if (this.skip > 0) {
      const passed = Math.min(this.skip, block.rows - at);
      this.skip -= passed;
      this.at += passed;
      return 0;
    }
    const { x: fromX, y: fromY } = block;
    const count = Math.min(this.capacity - rows, block.rows - at);
    const { inputs } = run.data;
    const width = y.length / this.capacity;
    for (let r = 0; r < count; r++) {
      const row = order === undefined ? at + r : order[at + r]!;
      let to = (rows + r) * inputs;
      for (let from = row * inputs, end = from + inputs; from < end; from++) x[to++] = fromX[from]!;
      to = (rows + r) * width;
      for (let from = row * width, end = from + width; from < end; from++) y[to++] = fromY[from]!;
    }
    this.at += count;
    return count;
  }

  /** A new object each time, so that no plan takes it for what it has seen. */
  private staged(rows: number): Dataset {
    const { inputs } = this.run.data;
    const width = this.y.length / this.capacity;
    return {
      ...this.run.data,
      rows,
      x: this.x.subarray(0, rows * inputs),
      y: this.y.subarray(0, rows * width),
    };
  }

  private checkEnd(): void {
    const { rows, atMost } = this.source;
    if (this.seen === rows || (atMost === true && this.seen > 0)) return;
    throw this.otherRows(`ends after ${this.seen} of`);
  }

  private otherRows(what: string): DataError {
    return new DataError(
      `the stream ${what} ${this.source.rows} rows in epoch ${this.epoch}, expected so many, as it says, since the steps are planned by them; ` +
        "give rows the number of rows of every epoch.",
    );
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}

function alike<V extends Dataset["x"]>(like: V, length: number): V {
  return new (like.constructor as new (length: number) => V)(length);
}
