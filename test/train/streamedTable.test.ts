/** Tables that are read anew for each epoch: the rows, the columns and the answers of the table in memory. */
import {
  DataError,
  type Dataset,
  fromSafetensors,
  OptionError,
  predictTable,
  prepareTable,
  prepareTableStream,
  readCsv,
  type StreamSetup,
  type Table,
  type TableChunk,
  type TableSource,
  type TableStreamOptions,
  type TrainEvent,
  type TrainState,
  tableOptionsOf,
  toSafetensors,
  trainStream,
  trainStreamEvents,
} from "talweg";
import { randomStream } from "talweg/core";
import { csvChunks } from "talweg/data";
import { expect, test } from "vitest";

/** Lines of a table with a known rule: y = 2 a - 3 [kind is b] + a little noise. */
function linesOf(rows: number): string[] {
  const { normal, word } = randomStream(7, "data");
  return Array.from({ length: rows }, (_, i) => {
    const a = normal(3 * i);
    const kind = "abc"[word(3 * i + 1) % 3]!;
    const y = 2 * a - (kind === "b" ? 3 : 0) + 0.1 * normal(3 * i + 2);
    return `${a.toFixed(4)},${kind},${i % 9 === 0 ? "" : (i % 7) / 2},${y.toFixed(4)}`;
  });
}

const text = (rows: number): string => `a,kind,c,y\n${linesOf(rows).join("\n")}\n`;

/** A text as a source, in pieces of some hundred bytes; counts how often it was opened. */
function sourceOf(csv: string, source = "numbers.csv"): TableSource & { opened: number } {
  const bytes = new TextEncoder().encode(csv);
  const counted = {
    opened: 0,
    source,
    open() {
      counted.opened++;
      return csvChunks(pieces(bytes), { name: source });
    },
  };
  return counted;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.slice(at, at + 700);
}

async function blocksOf({ data }: StreamSetup, epoch = 1): Promise<Dataset[]> {
  const blocks: Dataset[] = [];
  for await (const block of data.blocks(epoch))
    blocks.push({ ...block, x: block.x.slice(), y: block.y.slice() });
  return blocks;
}

const join = (blocks: readonly Dataset[], part: "x" | "y"): number[] =>
  blocks.flatMap((block) => [...block[part]]);

test("without watched rows the columns and the numbers are those of the table in memory, in blocks of the memory given", async () => {
  const csv = text(4000);
  const options = { target: "y", validation: 0 };
  const setup = await prepareTableStream(sourceOf(csv), { ...options, memory: 65_536 });
  const whole = prepareTable(readCsv(csv), options);
  expect(setup.preprocessing).toEqual(whole.preprocessing);
  expect(setup.summary.columns).toEqual(whole.summary.columns);
  const blocks = await blocksOf(setup);
  expect(setup.data).toMatchObject({ rows: 4000, inputs: 7, outputs: 1 });
  // 8 numbers a row, 4 bytes each.
  expect(blocks.map(({ rows }) => rows)).toEqual([2048, 1952]);
  expect(join(blocks, "x")).toEqual([...whole.data.x]);
  expect(join(blocks, "y")).toEqual([...whole.data.y]);
  expect(await blocksOf(setup, 2)).toEqual(blocks);
});

test("of 5,000 rows and more a tenth is watched, by row number and seed, and never learned from", async () => {
  const csv = text(6000);
  const setup = await prepareTableStream(sourceOf(csv), { target: "y" });
  const watched = setup.validation!.kept;
  expect(watched.length).toBeGreaterThan(500);
  expect(watched.length).toBeLessThan(700);
  expect(setup.data.rows).toBe(6000 - watched.length);
  expect(setup.summary.rows).toBe(setup.data.rows);
  const blocks = await blocksOf(setup);
  const answers = new Set(join(blocks, "y"));
  const own = [...setup.validation!.y].filter((y) => answers.has(y)).length;
  // Some answers stand in two rows by chance.
  expect(own).toBeLessThan(0.2 * watched.length);
  expect(join(blocks, "y")).toHaveLength(setup.data.rows);
  const again = await prepareTableStream(sourceOf(csv), { target: "y" });
  expect(again.validation!.kept).toEqual(watched);
  const other = await prepareTableStream(sourceOf(csv), { target: "y", seed: 1 });
  expect(other.validation!.kept).not.toEqual(watched);
  expect(setup.options.patience).toBeGreaterThan(0);
});

test("a small table has no rows watched, and many rows no more than ten thousand, from all parts of the table", async () => {
  const source = sourceOf(text(300));
  const small = await prepareTableStream(source, { target: "y" });
  expect(small.validation).toBeUndefined();
  expect(small.data.rows).toBe(300);
  const rows = 30_000;
  const chunk: TableChunk = {
    names: ["a", "y"],
    from: 0,
    rows,
    columns: [
      Array.from({ length: rows }, (_, i) => (i * 7919) % 1009),
      Array.from({ length: rows }, (_, i) => (i * 7919) % 101),
    ],
  };
  const large = await prepareTableStream(
    {
      async *open() {
        yield chunk;
      },
    },
    { target: "y", types: { y: "number" }, validation: 0.5 },
  );
  const { kept } = large.validation!;
  expect(kept).toHaveLength(10_000);
  expect(large.data.rows).toBe(20_000);
  expect(new Set(kept).size).toBe(10_000);
  for (let part = 0; part < 4; part++) {
    const inside = kept.filter((row) => Math.floor((4 * row) / rows) === part).length;
    expect(Math.abs(inside - 2500)).toBeLessThan(200);
  }
  const [blocks] = await blocksOf(large);
  expect(blocks!.rows).toBe(20_000);
});

test("a training learns the rule, says so on the watched rows, and answers raw rows after saving and loading", async () => {
  const setup = await prepareTableStream(sourceOf(text(6000)), { target: "y", epochs: 5, memory: 65_536 });
  const result = await trainStream(setup.model, setup.data, setup.options);
  // Of the variance of standardized numbers the rule leaves 0.1² / 6.
  expect(result.validation!.loss).toBeLessThan(0.02);
  expect(result.reason).toBe("epochs");
  const loaded = fromSafetensors(toSafetensors(setup.model));
  const fresh: Table = {
    names: ["kind", "c", "a"],
    rows: 2,
    columns: [
      ["b", "a"],
      [null, "1.5"],
      ["1", "-1"],
    ],
  };
  const { answers } = predictTable(loaded, fresh);
  expect(answers[0]!.values.y).toBeCloseTo(-1, 0);
  expect(answers[1]!.values.y).toBeCloseTo(-2, 0);
  expect(predictTable(setup.model, fresh).answers).toEqual(answers);
  expect(loaded.metadata.options!.table).toMatchObject({
    target: "y",
    rows: 6000,
    trainingRows: setup.data.rows,
    refusedRows: 0,
  });
});

test("the same table, options and seed give the same bits, and a stopped run goes on to them", async () => {
  const options: TableStreamOptions = { target: "y", epochs: 2, seed: 3, memory: 65_536 };
  const run = async (): Promise<StreamSetup> => prepareTableStream(sourceOf(text(5500)), options);
  const whole = await run();
  const { parametersSha256, steps } = await trainStream(whole.model, whole.data, whole.options);
  const told = tableOptionsOf(fromSafetensors(toSafetensors(whole.model)));
  const again = await prepareTableStream(sourceOf(text(5500)), told);
  expect((await trainStream(again.model, again.data, again.options)).parametersSha256).toBe(parametersSha256);
  const smaller = await prepareTableStream(sourceOf(text(5500)), {
    ...told,
    memory: 100_000,
  } as TableStreamOptions);
  expect((await trainStream(smaller.model, smaller.data, smaller.options)).parametersSha256).not.toBe(
    parametersSha256,
  );
  const stopped = await run();
  let saved: { state: TrainState; parameters: Float32Array } | undefined;
  await trainStream(stopped.model, stopped.data, {
    ...stopped.options,
    stop: { steps: Math.floor(0.8 * steps) },
    onCheckpoint: (state) => {
      saved = { state: structuredClone(state), parameters: stopped.model.parameters.slice() as Float32Array };
    },
  });
  const { model, data, options: training } = await run();
  model.parameters.set(saved!.parameters);
  const result = await trainStream(model, data, { ...training, resume: saved!.state });
  expect(result.parametersSha256).toBe(parametersSha256);
});

test("rows that cannot be read are left out, counted and named when the first epoch is over, and told to the model", async () => {
  const lines = linesOf(200);
  lines[20] = "much,a,1,1";
  lines[90] = "1,a,1,";
  lines[150] = "1,a,1,dear";
  const setup = await prepareTableStream(sourceOf(`a,kind,c,y\n${lines.join("\n")}\n`), {
    target: "y",
    epochs: 2,
  });
  // Rows without a target are known after the first pass.
  expect(setup.data.rows).toBe(199);
  expect(setup.refused).toEqual({ rows: 0, first: [] });
  const epochs: TrainEvent[] = [];
  for await (const event of trainStreamEvents(setup.model, setup.data, {
    ...setup.options,
    report: "epoch",
  })) {
    if (event.event === "epoch") epochs.push(event);
  }
  expect(epochs).toHaveLength(2);
  expect(setup.refused.rows).toBe(3);
  expect(setup.refused.first.map(({ row, line, column }) => [row, line, column])).toEqual([
    [20, 22, "a"],
    [90, 92, "y"],
    [150, 152, "y"],
  ]);
  expect(setup.model.metadata.options!.table).toMatchObject({ refusedRows: 3, trainingRows: 197, rows: 200 });
});

test("class weights give all classes the same share of the rows that pass, in blocks of the same number of rows", async () => {
  const { normal } = randomStream(5, "data");
  const csv = `x,label\n${Array.from({ length: 1000 }, (_, i) => `${normal(i).toFixed(3)},${i % 10 === 0 ? "rare" : "common"}`).join("\n")}\n`;
  const options = { target: "label", validation: 0, memory: 65_536 };
  const plain = await prepareTableStream(sourceOf(csv), options);
  const weighted = await prepareTableStream(sourceOf(csv), { ...options, classWeights: "balanced" });
  const rareIn = async (setup: StreamSetup, epoch: number): Promise<[number, number]> => {
    const y = join(await blocksOf(setup, epoch), "y");
    return [y.filter((label) => label === 1).length, y.length];
  };
  expect(await rareIn(plain, 1)).toEqual([100, 1000]);
  const [rare, rows] = await rareIn(weighted, 1);
  expect(Math.abs(rare - 500)).toBeLessThanOrEqual(1);
  expect(rows).toBe(1000);
  expect(join(await blocksOf(weighted, 2), "x")).not.toEqual(join(await blocksOf(weighted, 1), "x"));
  expect(join(await blocksOf(weighted, 2), "x")).toEqual(join(await blocksOf(weighted, 2), "x"));
  const result = await trainStream(weighted.model, weighted.data, { ...weighted.options, epochs: 3 });
  expect(result.reason).toBe("epochs");
});

test("a column that comes late, as in JSON lines, is missing before", async () => {
  const { columns, names } = readCsv(text(200));
  const part = (from: number, to: number, late: boolean): TableChunk => ({
    names: late ? names : names.filter((name) => name !== "c"),
    from,
    rows: to - from,
    columns: columns.filter((_, c) => late || names[c] !== "c").map((cells) => cells.slice(from, to)),
  });
  const source: TableSource = {
    async *open() {
      yield part(0, 120, false);
      yield part(120, 200, true);
    },
  };
  const setup = await prepareTableStream(source, { target: "y", validation: 0.2 });
  const late = setup.preprocessing.columns.find(({ name }) => name === "c");
  expect(late).toMatchObject({ kind: "number", indicator: true });
  const { validation, data } = setup;
  expect(validation!.rows + data.rows).toBe(200);
  // The last two inputs are the column and whether it is missing.
  for (const row of [0, validation!.rows - 1]) {
    expect(validation!.x[row * 7 + 6]).toBe(
      validation!.kept[row]! < 120 || validation!.kept[row]! % 9 === 0 ? 1 : 0,
    );
  }
  const [block] = await blocksOf(setup);
  expect([block!.x[6], block!.x[(block!.rows - 1) * 7 + 6]]).toEqual([1, 0]);
  await trainStream(setup.model, data, { ...setup.options, epochs: 1 });
});

test("a table that changes between two epochs is refused", async () => {
  let lines = linesOf(100);
  const source: TableSource = {
    source: "growing.csv",
    open: () => csvChunks(pieces(new TextEncoder().encode(`a,kind,c,y\n${lines.join("\n")}\n`))),
  };
  const { model, data, options } = await prepareTableStream(source, { target: "y" });
  lines = lines.slice(0, 90);
  const error = await trainStream(model, data, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toBe(
    "growing.csv had 100 rows when it was looked through and has 90 now, expected the same rows in each epoch; leave the file as it is while it is learned from.",
  );
});

test("a target that is not there, a wrong share and too little memory are refused by name", async () => {
  const refuse = async (options: TableStreamOptions): Promise<[string, string]> => {
    const error = await prepareTableStream(sourceOf(text(50)), options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OptionError);
    return [(error as OptionError).option, (error as Error).message];
  };
  expect((await refuse({ target: "price" }))[1]).toContain(
    'target names "price", but the table has no such column',
  );
  expect((await refuse({} as TableStreamOptions))[0]).toBe("target");
  expect(await refuse({ target: "y", validation: 1 })).toEqual([
    "validation",
    "validation is 1, expected a share of the rows from 0 to below 1, since some must be left to learn from; pass for example 0.1, or 0 for none.",
  ]);
  expect(await refuse({ target: "y", memory: 10 })).toEqual([
    "memory",
    "memory is 10, expected a number of bytes from 65536 to 2147483648, in which encoded rows are kept and shuffled; pass for example 33554432.",
  ]);
});
