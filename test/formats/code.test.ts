import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FormatError, mathematics32, NotFiniteError, OptionError } from "talweg/core";
import { type DecodedRow, decodeOutputs, encodeRows, type Preprocessing } from "talweg/data";
import { toCode } from "talweg/formats";
import { activationNames } from "talweg/kernels";
import type { Network } from "talweg/network";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bitsOf, makeLayer, networkOf, thrownBy } from "./material.ts";
import { rowObjects, table, tableNetwork } from "./tableModel.ts";

interface Module<Row = readonly number[], Answer = number[]> {
  predict(rows: readonly Row[]): Answer[];
  classes?: string[];
}

/** What the JavaScript of a network exports. */
async function run<Row, Answer>(n: Network): Promise<Module<Row, Answer>> {
  const text = toCode(n, { language: "javascript" });
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as Module<
    Row,
    Answer
  >;
}

test.each(activationNames)("code of a network with %s gives the bits of predict", async (name) => {
  const last = name === "softmax";
  const layers = [makeLayer(2, 4, last ? "tanh" : name), makeLayer(4, 3, name)];
  const n = networkOf(layers, "float32", (i) => mathematics32.sin(i * 1.7) * 3);
  const { predict } = await run<number[], number[]>(n);
  // From subnormal to large, both signs of zero.
  const sizes = [0, -0, 1e-45, 1e-30, 1e-5, 0.1, 0.5, 0.9, 1, 2.5, 7, 15, 40, 90, 1e3, 1e6, 1e19];
  const rows = sizes.flatMap((a) =>
    sizes.flatMap((b) => [
      [a, b],
      [-a, b],
      [a, -b],
    ]),
  );
  expect(bitsOf(Float32Array.from(predict(rows).flat()))).toBe(bitsOf(n.predict(rows)));
});

test("code of any network gives the bits of predict on any rows", async () => {
  const widths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 4 });
  const hidden = activationNames.filter((name) => name !== "softmax");
  const names = fc.array(fc.constantFrom(...hidden), { minLength: 3, maxLength: 3 });
  const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
  await fc.assert(
    fc.asyncProperty(
      widths,
      names,
      fc.array(number, { minLength: 50, maxLength: 50 }),
      async (sizes, activations, numbers) => {
        const layers = sizes.slice(1).map((units, i) => makeLayer(sizes[i]!, units, activations[i]));
        const n = networkOf(layers, "float32", (i) => numbers[i % 47]! / (1 + (i % 13)));
        const { predict } = await run<number[], number[]>(n);
        const rows = [0, 7, 10].map((from) => Array.from({ length: n.inputs }, (_, c) => numbers[from + c]!));
        expect(bitsOf(Float32Array.from(predict(rows).flat()))).toBe(bitsOf(n.predict(rows)));
      },
    ),
    { numRuns: 40 },
  );
});

const two = [
  { name: "__proto__", kind: "class" as const, classes: ["constructor", "__proto__"], weights: [1, 1] },
];
const three = [
  { name: "outcome", kind: "class" as const, classes: ["c", "a", "‹b›</script>"], weights: [1, 1, 2] },
];
const numbers = [
  { name: "price", kind: "number" as const, mean: 1250.5, deviation: 310 },
  { name: "__proto__", kind: "number" as const, mean: -2, deviation: 0.25 },
];

test.each([
  ["two classes", tableNetwork(two, 1, "sigmoid")],
  ["three classes", tableNetwork(three, 3, "softmax")],
  ["numbers", tableNetwork(numbers, 2, "linear")],
])("code of a model of a table answers rows with %s, to the bits of the library", async (_, n) => {
  const { predict } = await run<ReturnType<typeof rowObjects>[number], DecodedRow>(n);
  const p = n.metadata.preprocessing as Preprocessing;
  const { x, refused } = encodeRows(p, table);
  expect(refused).toEqual([]);
  const wanted = decodeOutputs(p, n.predict(x), table.rows);
  const found = predict(rowObjects(table));
  // By text, since the records have no prototype; it has all digits.
  expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
  expect(({} as Record<string, unknown>).price).toBeUndefined();
});

test("code of a model of a table refuses what the library refuses, and names row and column", async () => {
  const { predict } = await run<unknown, DecodedRow>(tableNetwork(numbers, 2, "linear"));
  const [good] = rowObjects(table);
  const refusals: [Record<string, unknown>, string][] = [
    [{ age: "old" }, 'row 1 (from 0), column "age": "old" is no number, expected a cell as in training'],
    [{ age: 1e300 }, 'row 1 (from 0), column "age": 1e+300 is too far from all others'],
    [{ member: "maybe" }, 'column "member": "maybe" is no boolean'],
    [{ since: "31.12.2024" }, 'column "since": "31.12.2024" is no date'],
    [
      { since: undefined },
      'row 1 (from 0) has no "since", expected all columns of the model; give null where',
    ],
  ];
  for (const [changes, message] of refusals) {
    const error = thrownBy(() => predict([good, { ...good, ...changes }]));
    expect((error as Error | undefined)?.message).toContain(message);
  }
  expect(predict([{ ...good, further: "column" }])).toHaveLength(1);
});

test("code refuses rows of another width and numbers that are not finite", async () => {
  const { predict } = await run<number[], number[]>(networkOf([makeLayer(2, 1)], "float32", () => 1));
  expect((thrownBy(() => predict([[1, 2], [1]])) as Error).message).toBe(
    "row 1 (from 0) has 1 numbers, expected 2; give one number for each input.",
  );
  for (const wrong of [Number.NaN, Infinity, 1e39]) {
    expect((thrownBy(() => predict([[1, wrong]])) as Error).message).toContain(
      `row 0, column 1 (both from 0) is ${wrong}, expected a finite float32 number`,
    );
  }
});

test("names of classes without columns are exported", async () => {
  const metadata = { seed: 0, classes: ["no", "‹yes›"] };
  const n = networkOf([makeLayer(2, 2, "softmax")], "float32", () => 1, metadata);
  expect((await run(n)).classes).toEqual(["no", "‹yes›"]);
});

describe("TypeScript", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "talweg-code-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("the file passes the strictest check, knows neither page nor Node, and imports nothing", () => {
    const hidden = activationNames.filter((name) => name !== "softmax");
    const layers = [...hidden.map((name) => makeLayer(2, 2, name)), makeLayer(2, 2, "softmax")];
    const files = {
      "rows.ts": toCode(networkOf(layers, "float32", (i) => i / 8)),
      "classes.ts": toCode(tableNetwork(two, 1, "linear", "binaryCrossEntropy")),
      "more.ts": toCode(tableNetwork(three, 3, "linear", "categoricalCrossEntropy")),
      "numbers.ts": toCode(tableNetwork(numbers, 2, "linear")),
    };
    for (const [name, text] of Object.entries(files)) {
      expect(text).not.toMatch(/\bimport\b|[‹›]|<\/script/);
      writeFileSync(join(folder, name), text);
    }
    const strict =
      "--noEmit --strict --target es2021 --lib es2021 --module esnext --noUncheckedIndexedAccess --noUnusedLocals " +
      "--noUnusedParameters --isolatedDeclarations --declaration --erasableSyntaxOnly --ignoreConfig";
    const tsc = join(process.cwd(), "node_modules/typescript/bin/tsc");
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, ...strict.split(" "), ...Object.keys(files)],
      { cwd: folder, encoding: "utf8" },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  test("the functions in the code are those of core and data, letter by letter", () => {
    const { stdout } = spawnSync(process.execPath, ["tools/code-pieces.js", "--print"], { encoding: "utf8" });
    expect(stdout).not.toBe("");
    expect(readFileSync("src/formats/codePieces.ts", "utf8"), "run node tools/code-pieces.js").toBe(stdout);
  });
});

test("toCode refuses another language, float64, broken parameters and a damaged preprocessing", () => {
  const layers = [makeLayer(1, 1)];
  const n = networkOf(layers, "float32", () => 1);
  const language = thrownBy(() => toCode(n, { language: "python" as "typescript" }));
  expect(language).toBeInstanceOf(OptionError);
  expect((language as Error).message).toContain(
    'toCode: language is "python", expected "typescript" or "javascript"',
  );
  const wide = thrownBy(() => toCode(networkOf(layers, "float64", () => 1)));
  expect(wide).toBeInstanceOf(OptionError);
  expect((wide as Error).message).toContain("the network computes in float64, expected float32");
  const huge = thrownBy(() => toCode(networkOf([makeLayer(4096, 4096)], "float32", () => 0)));
  expect(huge).toBeInstanceOf(OptionError);
  expect((huge as Error).message).toContain("the network has 16781312 parameters, expected at most 16777216");
  expect(thrownBy(() => toCode(networkOf(layers, "float32", () => Infinity)))).toBeInstanceOf(NotFiniteError);
  const damaged = networkOf(layers, "float32", () => 1, { seed: 0, preprocessing: [] });
  expect(thrownBy(() => toCode(damaged))).toBeInstanceOf(FormatError);
});
