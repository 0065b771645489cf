/** Training on examples that do not fit into memory. */
import { type Dataset, OptionError } from "../core/index.ts";
import { selectRows } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { checkResume, type Run, resolveOptions } from "./options.ts";
import { BlockReader, Feed } from "./streamedFeed.ts";
import { StreamLoop } from "./streamedLoop.ts";
import type { ExampleStream, StreamOptions } from "./streamedTypes.ts";
import { drive, occupy, prepareKernels, resultOf } from "./train.ts";
import type { TrainEvent, TrainResult } from "./types.ts";

/** Rows of the first block that are looked at for warnings and for the range of the inputs. */
const SAMPLE = 4096;

/** Numbers of a batch: 64 megabytes. */
const LARGEST_BATCH = 1 << 24;

/**
 * Trains a network on a stream and gives the events of `trainEvents`.
 *
 * Each block is shuffled inside by the seed, the epoch and its number, and batches are taken across blocks: a stream of one block
 * gives the bits of `train` on that block. Blocks come in the stream's order, so rows that are sorted by what is to be learned
 * should be mixed before. Memory holds one block, a stage of about four megabytes and the network.
 *
 * As `train`, save for these: the result's `loss` is the mean of the losses that the last epoch's steps saw (of the epoch at hand,
 * where it was cut short) and `metrics` is empty, since another pass may take as long as an epoch; warnings and the range of the
 * inputs come from some thousand rows of the first block; `auto` has no challenger; and a resumed run reads over the rows of its
 * epoch that were seen.
 *
 * @throws {TalwegError} When an option is wrong, a block does not fit, a target is not one of the loss, or the stream does not have
 *   as many rows as it says; the network keeps the last good parameters.
 */
export async function* trainStreamEvents(
  n: Network,
  source: ExampleStream,
  options: StreamOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  checkOptions(options);
  checkSource(n, source);
  const release = occupy(n);
  let reader: BlockReader | undefined;
  let feed: Feed | undefined;
  try {
    const { resume, onCheckpoint } = options;
    reader = new BlockReader(source, 1, undefined);
    let block = await reader.next();
    if (block === undefined) throw empty();
    const run = resolve(n, source, block, options);
    // Before rows are read over, which may take long.
    if (resume !== undefined) checkResume(resume, run, n);
    const epoch = Number(resume?.epoch ?? 1);
    if (epoch !== 1) {
      // The sample is that of the first epoch, so that a resumed run sees the same.
      const { known } = reader;
      await reader.close();
      reader = new BlockReader(source, epoch, known);
      block = undefined;
    }
    feed = new Feed(source, run, reader, block, (resume?.stepInEpoch ?? 0) * run.batchRows);
    // The feed lets it go when the next is asked for, so it must not be held here.
    block = undefined;
    await prepareKernels(n, run);
    // A run that is done has nothing left to read.
    if (epoch <= run.epochs) await feed.fill(epoch);
    const loop = new StreamLoop(n, run, resume, feed);
    yield* drive(loop, onCheckpoint, () => loop.fill());
  } finally {
    release();
    await (feed ?? reader)?.close();
  }
}

/** As `trainStreamEvents`, to the end. @returns What came out. */
export function trainStream(
  n: Network,
  source: ExampleStream,
  options: StreamOptions = {},
): Promise<TrainResult> {
  return resultOf(trainStreamEvents(n, source, { ...options, report: "epoch" }));
}

function resolve(n: Network, source: ExampleStream, block: Dataset, options: StreamOptions): Run {
  const { rows, classes, inputs, outputs } = source;
  const count = Math.min(block.rows, SAMPLE);
  const sample = selectRows(
    block,
    Array.from({ length: count }, (_, i) => Math.floor((i * block.rows) / count)),
  );
  const named = classes === undefined ? sample : { ...sample, classes: [...classes] };
  const run = resolveOptions(n, named, options, rows);
  if (run.batchRows * (inputs + outputs) > LARGEST_BATCH) {
    throw new OptionError(
      "batchSize",
      `trainStream: batchSize is ${run.batchRows}, expected at most ${Math.floor(LARGEST_BATCH / (inputs + outputs))} with ${inputs + outputs} numbers a row, ` +
        "since a batch lies in memory; take a smaller one.",
    );
  }
  return { ...run, record: { ...run.record, streamed: true } };
}

function checkOptions(options: StreamOptions): void {
  const { batchSize, validation, rowWeights } = options as Record<string, unknown>;
  if (batchSize === "full") {
    throw new OptionError(
      "batchSize",
      'trainStream: batchSize is "full", but the rows of a stream are never all there; pass a number of rows such as 32.',
    );
  }
  if (rowWeights !== undefined) {
    throw new OptionError(
      "rowWeights",
      "trainStream: rowWeights are given, but the rows of a stream are drawn by whoever makes its blocks; repeat rows there, or train in memory.",
    );
  }
  if (typeof validation === "number") {
    throw new OptionError(
      "validation",
      `trainStream: validation is ${validation}, but no share can be split off a stream, whose rows pass; pass a dataset of other rows.`,
    );
  }
  if (options.optimizer?.wholeFunction !== true) return;
  throw new OptionError(
    "optimizer",
    `trainStream: optimizer is ${options.optimizer.name}, which needs all rows in each step, but those of a stream are never all there; take adam or auto.`,
  );
}

function checkSource(n: Network, source: ExampleStream): void {
  if (typeof source?.blocks !== "function" || !Number.isSafeInteger(source.rows) || source.rows < 1) {
    throw new OptionError(
      "source",
      `trainStream: the stream has rows ${String(source?.rows)} and ${typeof source?.blocks === "function" ? "blocks" : "no blocks(epoch)"}, expected a whole number ` +
        "of rows from 1 and a function that gives the blocks of an epoch; pass { rows, inputs, outputs, blocks }.",
    );
  }
  const { inputs, outputs } = source;
  if (inputs === n.inputs && outputs === n.outputs) return;
  throw new OptionError(
    "source",
    `trainStream: the stream has ${inputs} inputs and ${outputs} outputs a row, but the network has ${n.inputs} and ${n.outputs}; make it for the stream.`,
  );
}

function empty(): OptionError {
  return new OptionError(
    "source",
    "trainStream: the stream has no block in epoch 1, expected at least one; look whether its source is empty.",
  );
}
