/** Bad input and missing memory: clear errors, with generated code as with readable. */
import { execFileSync } from "node:child_process";
import {
  adam,
  dense,
  evaluate,
  type Network,
  network,
  objective,
  predictDataset,
  type TrainOptions,
  train,
  trainEvents,
} from "talweg";
import { type Dataset, OptionError, ShapeError } from "talweg/core";
import { createPlan, type KernelChoice, loadKernels, type Plan } from "talweg/kernels";
import { beforeAll, describe, expect, test } from "vitest";

const QUICK = 10_000;
const kinds: readonly KernelChoice[] = ["scalar", "simd", "auto"];

const shapes = { narrow: 4, wide: 40 } as const;
type Shape = keyof typeof shapes;

beforeAll(loadKernels);

const make = (shape: Shape): Network => {
  const inputs = shapes[shape];
  return network([dense(inputs, inputs + 10, "relu"), dense(inputs + 10, 4, "softmax")], { seed: 1 });
};

function examples(shape: Shape, rows = 300): Dataset {
  const inputs = shapes[shape];
  const x = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 37) % 101) / 101);
  return { x, y: Uint8Array.from({ length: rows }, (_, i) => i % 4), rows, inputs, outputs: 4 };
}

/** Takes the memory of a vector away, as posting it to another thread does. */
function transfer(vector: Dataset["x"]): void {
  structuredClone(vector.buffer, { transfer: [vector.buffer as ArrayBuffer] });
  expect(vector).toHaveLength(0);
}

async function thrown(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** An error of this class whose message matches. */
async function expectError(
  kind: new (...a: never[]) => Error,
  message: RegExp | string,
  action: () => unknown,
): Promise<void> {
  const error = await thrown(action);
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toMatch(message);
}

describe.each(kinds)("%s", (kernels) => {
  test("an objective refuses vectors of another length, and data of another width", {
    timeout: QUICK,
  }, async () => {
    const n = make("wide");
    const data = examples("wide");
    const f = objective(n, "categoricalCrossEntropy", data, { kernels });
    const g = new Float32Array(f.dimension);
    const short = g.subarray(1);
    const length = (name: string): string =>
      `objective: ${name} has ${f.dimension - 1} numbers, expected ${f.dimension}, the network's parameters; ` +
      "pass vectors of that length.";
    await expectError(ShapeError, length("w"), () => f.value(short));
    await expectError(ShapeError, length("w"), () => f.gradient(short, g));
    await expectError(ShapeError, length("g"), () => f.gradient(g, short));
    const width = "the data have 4 inputs a row, but layer 1 takes 40; write dense(4, …) for layer 1.";
    await expectError(ShapeError, width, () =>
      objective(n, "categoricalCrossEntropy", examples("narrow"), { kernels }),
    );
    await expectError(ShapeError, width, () => train(n, examples("narrow"), { kernels }));
    await expectError(ShapeError, width, () => evaluate(n, examples("narrow"), { kernels }));
    await expectError(ShapeError, width, () => predictDataset(n, examples("narrow"), kernels));
  });

  test("data whose memory was transferred before the run are refused", { timeout: QUICK }, async () => {
    const data = examples("wide");
    transfer(data.x);
    const message = /^dataset: x has 0 numbers, expected 12000 \(300 rows times 40 inputs\)/;
    await expectError(ShapeError, message, () => train(make("wide"), data, { kernels }));
    await expectError(ShapeError, message, () => predictDataset(make("wide"), data, kernels));
  });

  const middles = (["narrow", "wide"] as const).flatMap((shape) =>
    ([32, "full"] as const).flatMap((batchSize) =>
      (["step", "epoch"] as const).flatMap((report) =>
        (["x", "y"] as const).map((what) => ({ shape, batchSize, report, what })),
      ),
    ),
  );

  test.each(middles)(
    "$what transferred in the middle of a run, $shape, batch $batchSize, report $report: the run ends in a clear error",
    { timeout: QUICK },
    async ({ shape, batchSize, report, what }) => {
      const n = make(shape);
      const data = examples(shape);
      const options: TrainOptions = { kernels, batchSize, report, epochs: 5, optimizer: adam() };
      const warnings: unknown[] = [];
      const run = async (): Promise<void> => {
        let heard = 0;
        for await (const event of trainEvents(n, data, options)) {
          if (event.event === report && ++heard === 2) transfer(data[what]);
          if (event.event === "warning") warnings.push(event.message);
        }
      };
      const message =
        `dataset: ${what} has lost its numbers since they were looked through, as when its memory is transferred to another ` +
        `thread; keep it, or transfer a copy such as ${what}.slice().`;
      await expectError(ShapeError, message, run);
      expect(warnings).toEqual([]);
      expect(n.parameters.every(Number.isFinite)).toBe(true);
      // The network is free again, and whole.
      const { reason } = await train(n, examples(shape), { kernels, epochs: 1 });
      expect(reason).toBe("epochs");
    },
  );

  test("an objective whose examples were transferred says so", { timeout: QUICK }, async () => {
    const n = make("wide");
    const data = examples("wide");
    const f = objective(n, "categoricalCrossEntropy", data, { kernels });
    const w = n.parameters;
    expect(f.value(w)).toBeGreaterThan(0);
    transfer(data.y);
    await expectError(ShapeError, /^dataset: y has lost its numbers/, () => f.value(w));
    await expectError(ShapeError, /^dataset: y has lost its numbers/, () => f.gradient(w, w.slice()));
  });

  test("a network whose parameters were transferred says so", { timeout: QUICK }, async () => {
    const n = make("wide");
    await train(n, examples("wide"), { kernels, epochs: 1 });
    transfer(n.parameters);
    const message =
      /^network: its 2254 parameters are gone, as when their memory is transferred .*parameters\.slice\(\)\.$/;
    await expectError(ShapeError, message, () => n.predict(new Float32Array(40)));
    await expectError(ShapeError, message, () => n.forward(new Float32Array(40)));
    await expectError(ShapeError, message, () => train(n, examples("wide"), { kernels }));
    await expectError(ShapeError, message, () => evaluate(n, examples("wide"), { kernels }));
  });
});

describe("a network that is too large for one WebAssembly memory", () => {
  // 128 rows of so many inputs, and as many in panels, take more than 4 GiB.
  const inputs = 1_400_000;
  const layers = [{ inputs, units: 1, activation: "linear", dropout: 0 }] as const;
  const data: Dataset = {
    x: new Float32Array(2 * inputs).fill(1e-6),
    y: new Float32Array(2),
    rows: 2,
    inputs,
    outputs: 1,
  };
  const plan = (kernels: KernelChoice): Plan => {
    const made = createPlan({ layers, loss: "meanSquaredError", precision: "float32" }, kernels);
    made.load(data, { from: 0, rows: 2 });
    return made;
  };
  const w = new Float32Array(inputs + 1).fill(0.5);
  const message =
    /^kernels is "simd", but the network and its data need \d+\.\d GiB of WebAssembly memory, which ends at 4 GiB; pass "auto" or "scalar"/;

  test('is refused with "simd"', { timeout: QUICK }, async () => {
    await expectError(OptionError, message, () => plan("simd").value(w));
    const options = { kernels: "simd", epochs: 1 } as const;
    await expectError(OptionError, message, () => train(network([dense(inputs, 1)]), data, options));
  });

  test('is worked on by readable code with "auto"', { timeout: QUICK }, async () => {
    const loss = plan("scalar").value(w);
    const auto = plan("auto");
    for (let i = 0; i < 3; i++) expect(auto.value(w)).toBe(loss);
    const optimizer = adam({ learningRate: 1e-6 });
    const result = await train(network([dense(inputs, 1)]), data, { kernels: "auto", epochs: 2, optimizer });
    expect(result).toMatchObject({ reason: "epochs", steps: 2 });
  });
});

test('an engine that has no memory to give is told of with "simd", and worked around with "auto"', {
  timeout: 20_000,
}, () => {
  const program = `
    import { dense, network, train } from "talweg";
    const inputs = 400;
    const data = { x: new Float32Array(300 * inputs).fill(0.1), y: new Float32Array(300), rows: 300, inputs, outputs: 1 };
    for (const kernels of ["simd", "auto"]) {
      const result = await train(network([dense(inputs, 80, "relu"), dense(80, 1)]), data, { kernels, epochs: 2 }).catch((e) => e);
      console.log(result.code ?? result.reason, result.message ?? "");
    }`;
  const parameters = ["--wasm-max-mem-pages=8", "--input-type=module", "--eval", program];
  const printed = execFileSync(process.execPath, parameters, { encoding: "utf8" }).split("\n");
  expect(printed[0]).toMatch(
    /^option kernels is "simd", but there are no \d+ MiB of WebAssembly memory to be had here \(\w+Error: .*\); pass "auto" or "scalar"/,
  );
  expect(printed[1]).toBe("epochs ");
});
