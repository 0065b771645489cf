// onnxruntime, which only predicts. usage: node onnxruntime.js <node|web> <threads>
import { readFileSync } from "node:fs";
import { predictionRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, load, rowOf, versionOf } from "./task.js";

const [kind = "node", threadsText = "1"] = process.argv.slice(2);
const threads = Number(threadsText);
const name = `onnxruntime-${kind}`;
const ort = load(name);

let session;
let x;

async function predict(task, values) {
  const shape = [values.length / task.sizes[0], task.sizes[0]];
  const { y } = await session.run({ x: new ort.Tensor("float32", values, shape) });
  return y.data;
}

serve({
  prepare: () => ({ version: versionOf(name) }),
  prediction: predictionRounds({
    async prepare(task) {
      if (kind === "web") ort.env.wasm.numThreads = threads;
      session = await ort.InferenceSession.create(readFileSync(task.files.onnx), {
        executionProviders: [kind === "node" ? "cpu" : "wasm"],
        intraOpNumThreads: threads,
        graphOptimizationLevel: "all",
      });
      x = inputs(task);
    },
    one: (task, i) => predict(task, rowOf(x, task.sizes[0], i)),
    many: (task, rows) => predict(task, x.subarray(0, rows * task.sizes[0])),
    waits: true,
  }),
});
