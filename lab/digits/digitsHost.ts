/** Tests networks and trains one: what the worker does, without the worker. */
import { type Dataset, evaluate, network, predictDataset } from "talweg";
import type { DigitsAsk, DigitsReply, Tested } from "./protocol.ts";
import { largestAt } from "./reading.ts";
import { trainDigits } from "./trainDigits.ts";

export class DigitsHost {
  private readonly reply: (reply: DigitsReply) => void;
  private test: Dataset | undefined;
  private stop = new AbortController();

  constructor(reply: (reply: DigitsReply) => void) {
    this.reply = reply;
  }

  async ask(ask: DigitsAsk): Promise<void> {
    try {
      if (ask.kind === "images") this.test = ask.test;
      else if (ask.kind === "stop") this.stop.abort();
      else if (ask.kind === "test") {
        const began = performance.now();
        const found = tested(ask.network, ask.loss, this.images());
        this.reply({ kind: "tested", tested: found, milliseconds: performance.now() - began });
      } else {
        this.stop = new AbortController();
        await trainDigits(ask, this.images(), this.stop.signal, this.reply);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.reply({ kind: "refused", message });
    }
  }

  private images(): Dataset {
    if (this.test === undefined) throw new Error("The test images have not come yet.");
    return this.test;
  }
}

type Ask = Extract<DigitsAsk, { kind: "test" }>;

function tested({ layers, precision, parameters }: Ask["network"], loss: Ask["loss"], test: Dataset): Tested {
  const n = network([...layers], { precision });
  n.parameters.set(parameters);
  const outputs = predictDataset(n, test);
  const found = evaluate(n, test, { loss, metrics: ["accuracy"], outputs });
  const predictions = new Uint8Array(test.rows);
  const sureness = new Float32Array(test.rows);
  for (let row = 0; row < test.rows; row++) {
    const row10 = Array.from(outputs.subarray(row * n.outputs, (row + 1) * n.outputs));
    predictions[row] = largestAt(row10);
    sureness[row] = row10[predictions[row]!]!;
  }
  return {
    rows: test.rows,
    loss: Number.isFinite(found.loss) ? found.loss : null,
    accuracy: found.metrics.accuracy ?? 0,
    confusion: found.confusion ?? [],
    predictions,
    sureness,
    means: meansOf(n, test),
  };
}

/** Images that the mean activations are taken over, at most; so many are representative, and forward goes over them at once. */
const MOST_MEANS = 1000;

function meansOf(n: ReturnType<typeof network>, test: Dataset): number[][][] {
  const every = Math.max(1, Math.floor(test.rows / MOST_MEANS));
  const rows = Array.from({ length: Math.min(test.rows, MOST_MEANS) }, (_, i) => i * every);
  const x = new Float32Array(rows.length * test.inputs);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < test.inputs; j++) {
      x[i * test.inputs + j] = test.x[row * test.inputs + j]! * (test.scale ?? 1);
    }
  }
  const counts = new Array<number>(test.outputs).fill(0);
  for (const row of rows) counts[test.y[row]!] = counts[test.y[row]!]! + 1;
  const { a } = n.forward(x);
  return n.layers.slice(0, -1).map(({ units }, layer) => {
    const sums = counts.map(() => new Array<number>(units).fill(0));
    for (const [i, row] of rows.entries()) {
      const sum = sums[test.y[row]!]!;
      for (let unit = 0; unit < units; unit++) sum[unit] = sum[unit]! + a[layer]![i * units + unit]!;
    }
    return sums.map((sum, label) => sum.map((value) => value / Math.max(1, counts[label]!)));
  });
}
