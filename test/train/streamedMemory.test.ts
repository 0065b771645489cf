/** What a stream may hold, and how many rows it may give, whatever its classes weigh. */
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { adam, dense, type ExampleStream, network, prepareTableStream, trainStream } from "talweg";
import { csvChunks } from "talweg/data";
import { expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("a block is let go before the next one is asked for, the first of all too", async () => {
  const rows = 2000;
  const alive: boolean[] = [];
  let last: WeakRef<Float32Array> | undefined;
  const made = (): { x: Float32Array; y: Float32Array } => {
    const x = new Float32Array(rows * 2).map((_, i) => (i % 7) / 7);
    last = new WeakRef(x);
    return { x, y: new Float32Array(rows).map((_, i) => i % 2) };
  };
  const stream: ExampleStream = {
    rows: 3 * rows,
    inputs: 2,
    outputs: 1,
    blocks: () => {
      let given = 0;
      // No generator, which would hold what it yields.
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            // A reference that was just made is held until the job is done, and now and then by what is still being compiled.
            for (let tries = 0; tries < 50 && (tries === 0 || last?.deref() !== undefined); tries++) {
              await turn();
              collect();
            }
            if (last !== undefined) alive.push(last.deref() !== undefined);
            await turn();
            if (given === 3) return { done: true as const, value: undefined };
            given++;
            return { done: false as const, value: { ...made(), rows, inputs: 2, outputs: 1 } };
          },
        }),
      };
    },
  };
  const model = network([dense(2, 4, "tanh"), dense(4, 1, "sigmoid")], { seed: 1 });
  await trainStream(model, stream, { optimizer: adam(), epochs: 2, loss: "binaryCrossEntropy" });
  expect(alive.length).toBeGreaterThanOrEqual(6);
  expect(alive).not.toContain(true);
});

test("classes that weigh more than they should give no more rows than the stream says", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `${i % 13},${i % 3 === 0 ? "rare" : "common"}`);
  const bytes = new TextEncoder().encode(`x,label\n${lines.join("\n")}\n`);
  const source = {
    open: () =>
      csvChunks(
        (async function* () {
          yield bytes;
        })(),
      ),
  };
  const setup = await prepareTableStream(source, { target: "label", classWeights: "balanced" });
  const rowsOf = async (): Promise<number> => {
    let count = 0;
    for await (const { rows } of setup.data.blocks(1)) count += rows;
    return count;
  };
  expect(await rowsOf()).toBe(300);
  // As where rows that were summed up beforehand turn out to be others.
  const [target] = setup.preprocessing.targets;
  if (target?.kind !== "class") throw new Error("the target is of classes");
  target.weights = target.weights.map((weight) => 3 * weight);
  expect(await rowsOf()).toBe(300);
});
