// npm test: everything that must hold. What follows after `--` goes to Vitest.
import { setupBrowser } from "./browser.js";
import { build } from "./build.js";
import { programs, run } from "./run.js";
import { setup } from "./setup.js";

setup();
setupBrowser();
const steps = [
  ["types", () => run(programs.tsc, ["-p", "tsconfig.json"])],
  ["types of the lab", () => run(programs.tsc, ["-p", "lab/tsconfig.json", "--noEmit"])],
  ["lint and format", () => run(programs.biome, ["ci", "--error-on-warnings"])],
  ["unused code", () => run(programs.knip, [])],
  ["build", () => build()],
  ["package", () => run(programs.publint, ["--strict"])],
  ["tests", () => run(programs.vitest, ["run", ...process.argv.slice(2)])],
];
for (const [name, step] of steps) {
  const begun = performance.now();
  console.log(`\n— ${name}`);
  await step();
  console.log(`  ${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
