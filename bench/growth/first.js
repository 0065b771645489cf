// A whole program in one file: it makes the net 1-12-12-1, takes one step, and says when. Bundled before it is timed.
import { dense, gradientDescent, network, trainEvents } from "talweg";

const x = Array.from({ length: 1000 }, (_, i) => [i / 1000]);
const y = x.map(([value]) => [value * value]);
const layers = [dense(1, 12, "relu"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")];
const model = network(layers, { seed: 1 });
const options = { optimizer: gradientDescent({ learningRate: 0.1 }), epochs: 1, batchSize: "full" };
for await (const event of trainEvents(model, { x, y }, options)) {
  if (event.event !== "step") continue;
  console.log(performance.timeOrigin + performance.now());
  break;
}
