// npm start: sets everything up, lets a network learn x² in the ways of the source, then learn to read digits.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.js";
import { programs, root, run } from "./run.js";
import { setup } from "./setup.js";

setup();
await build();
mkdirSync(join(root, "out"), { recursive: true });

console.log("\n1. A network learns x², in the ways of the assignment and in ours\n");
run(programs.talweg, ["reproduce", "--plot", "out/reproduce.svg"]);

console.log("\n2. A network learns to read handwritten digits: all 60,000 images of MNIST\n");
const digits = ["--layers", "128", "--epochs", "10", "--batch-size", "128", "--seed", "1"];
const files = ["--out", "out/mnist.safetensors", "--plot", "out/mnist.svg"];
run(programs.talweg, ["train", "mnist", ...digits, ...files]);

console.log("\n3. How it does on the 10,000 images that it has not seen\n");
run(programs.talweg, ["evaluate", "out/mnist.safetensors", "mnist", "--plot", "out/confusion.svg"]);

console.log("\n4. And on a digit that somebody drew\n");
run(programs.talweg, ["predict", "out/mnist.safetensors", "--image", "examples/seven.png"]);

console.log(`
What to try next
  npx talweg inspect out/mnist.safetensors
  npx talweg predict out/mnist.safetensors --image FILE.png      a digit of your own
  npx talweg lab --open                                          the page where networks can be touched
  npx talweg train spirals --layers 16,16 --epochs 500
  npx talweg explain out/mnist.safetensors --data mnist --row 7 --parameter 'b2[3]'
  npx talweg doctor out/mnist.safetensors mnist
  npx talweg explain --chain --parameter 'W3[0,0]' --as-printed
  npx talweg converge --function rosenbrock --at -1.2,1
  npx talweg --help
`);
