// npm --prefix bench start: installs and builds what is not there yet, measures, and writes docs/bench.*
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../tools/build.js";
import { setup } from "../tools/setup.js";
import { readOptions } from "./options.js";

const options = readOptions();
setup();
await build();
setup(dirname(fileURLToPath(import.meta.url)), "the peers (once, about a gigabyte)");
const { run } = await import("./run.js");
await run(options);
