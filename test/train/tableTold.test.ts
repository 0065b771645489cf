/** What a training of a table tells while it goes on, and what it keeps to itself. */
import {
  crossValidateTable,
  doctor,
  lbfgs,
  type Network,
  OptionError,
  predictTable,
  prepareTable,
  prepareTableStream,
  type Table,
  type TableOptions,
  type TrainEvent,
  trainEvents,
  trainTable,
} from "talweg";
import { expect, test } from "vitest";
import { mixed, tableOf } from "./tableMaterial.ts";

/** Sixty rows: a category with one rare value, a number with gaps, and classes of which one is rare. */
const shops: Table = tableOf(
  ["town", "size", "open", "sold", "half"],
  Array.from({ length: 60 }, (_, i) => [
    i === 7 ? "Bonn" : i % 2 === 0 ? "Ulm" : "Jena",
    i === 9 ? null : mixed(i),
    i % 3 === 0,
    i % 30 === 0 ? "none" : "some",
    i % 2 === 0,
  ]),
);

async function told(table: Table, options: TableOptions): Promise<{ model: Network; codes: string[] }> {
  const { model, data, options: training } = prepareTable(table, options);
  const codes: string[] = [];
  for await (const event of trainEvents(model, data, {
    ...training,
    report: "epoch",
  }) as AsyncIterable<TrainEvent>) {
    if (event.event === "warning") codes.push(event.code);
  }
  return { model, codes };
}

test("places for values that were never seen, and marks of what is rare, are no fault of the data", async () => {
  const options = { target: "size", epochs: 2 } as const;
  const { model, codes } = await told(shops, options);
  expect(codes).toEqual([]);
  const { data } = prepareTable(shops, options);
  expect(data.inputs).toBe(4 + 1 + 3 + 1);
  expect(doctor(model, data).findings.filter(({ code }) => /feature/.test(code))).toEqual([]);
  // The same numbers without the columns are looked at as any.
  delete model.metadata.preprocessing;
  expect(doctor(model, data).findings.map(({ code }) => code)).toContain("constant-feature");
});

test("a number that no longer changes is still told of a network that knows columns", async () => {
  const { model } = await told(shops, { target: "town", epochs: 1, drop: ["sold"] });
  const { data } = prepareTable(shops, { target: "town", drop: ["sold"] });
  const stuck = { ...data, x: data.x.map((value, i) => (i % data.inputs === 0 ? 3 : value)) };
  const [found] = doctor(model, stuck).findings.filter(({ code }) => code === "constant-feature");
  expect(found).toMatchObject({ level: "warning", columns: [0] });
});

test("classes out of balance are told, but not where their rows are drawn by weight", async () => {
  const options = { target: "sold", epochs: 2 } as const;
  expect((await told(shops, options)).codes).toEqual(["class-imbalance"]);
  expect((await told(shops, { ...options, classWeights: "balanced" })).codes).toEqual([]);
});

test("class weights are refused where no rows are drawn, before anything is told", () => {
  const weighted = { target: "sold", classWeights: "balanced" } as const;
  const message = (options: Partial<TableOptions>): string => {
    try {
      prepareTable(shops, { ...weighted, ...options });
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError);
      return (error as OptionError).message;
    }
    return "";
  };
  const begin = 'classWeights is "balanced", which draws rows of rare classes more often, but ';
  const end = ", or leave classWeights out.";
  expect(message({ batchSize: "full" })).toBe(
    `${begin}batchSize is "full", so that steps go over all rows; pass a number of rows such as 32${end}`,
  );
  expect(message({ optimizer: lbfgs() })).toBe(
    `${begin}optimizer is lbfgs, whose steps go over all rows; take auto or adam${end}`,
  );
  expect(message({ shuffle: false })).toBe(
    `${begin}shuffle is false, so that rows come in their order; leave it out${end}`,
  );
  // Classes of the same size weigh the same.
  expect(message({ target: "half", batchSize: "full" })).toBe("");
});

test("folds of two classes want two rows of each, which is said before the first fold", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [mixed(i), i === 4 ? "rare" : "common"]);
  const table = tableOf(["x", "kind"], rows);
  const folds: number[] = [];
  const options = {
    target: "kind",
    epochs: 1,
    onFold: ({ fold }: { fold: number }) => void folds.push(fold),
  };
  await expect(crossValidateTable(table, options)).rejects.toThrow(
    'the target "kind" is "rare" in one of 20 rows, expected at least two of each class, since the fold that tests this row has none ' +
      "to learn from; give more rows of it.",
  );
  expect(folds).toEqual([]);
  rows[5]![1] = "rare";
  const found = await crossValidateTable(tableOf(["x", "kind"], rows), options);
  expect(found.folds).toHaveLength(5);
});

test("with patience the result says whose parameters came back, and without it nothing", async () => {
  const rows = Array.from({ length: 80 }, (_, i) => [mixed(i), mixed(3 * i + 1), mixed(7 * i + 5)]);
  const table = tableOf(["a", "b", "y"], rows);
  const options = { target: "y", validation: 0.3, seed: 3, penalty: 0 } as const;
  const { result, model } = await trainTable(table, { ...options, patience: 4, epochs: 200 });
  expect(result.reason).toBe("patience");
  expect(result.bestEpoch).toBe(result.epochs - 4);
  const { result: plain } = await trainTable(table, { ...options, epochs: result.epochs });
  expect(plain).not.toHaveProperty("bestEpoch");
  expect(plain.validation!.loss).toBeGreaterThan(result.validation!.loss!);
  expect(predictTable(model, table).answers).toHaveLength(80);
});

test("a first epoch that is read twice counts its refused rows once", async () => {
  const broken = {
    ...shops,
    columns: shops.columns.map((cells, c) => (c === 1 ? cells.with(3, "wide") : cells)),
  };
  const open = async function* () {
    yield { ...broken, from: 0 };
  };
  const { data, refused } = await prepareTableStream({ open }, { target: "sold" });
  for (let time = 0; time < 2; time++) {
    let rows = 0;
    for await (const block of data.blocks(1)) rows += block.rows;
    expect([rows, refused.rows, refused.first.length]).toEqual([59, 1, 1]);
  }
});
