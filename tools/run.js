// Running the programs that this project is built with: no shell, no npx, the same on every system.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export const programs = {
  tsc: "node_modules/typescript/bin/tsc",
  biome: "node_modules/@biomejs/biome/bin/biome",
  knip: "node_modules/knip/bin/knip.js",
  publint: "node_modules/publint/src/cli.js",
  vite: "node_modules/vite/bin/vite.js",
  vitest: "node_modules/vitest/vitest.mjs",
  talweg: "bin/talweg.js",
};

/**
 * Runs a program under this Node and ends this process with its exit code where it fails.
 *
 * @param output "inherit", or "stderr" to keep stdout free for what the caller prints.
 */
export function run(program, parameters = [], output = "inherit") {
  // Ctrl-C reaches the program as well, which saves what there is and says how to go on; this process only waits for it.
  const wait = () => {};
  process.on("SIGINT", wait);
  const stdio = output === "stderr" ? ["ignore", 2, 2] : "inherit";
  const { status, signal } = spawnSync(process.execPath, [join(root, program), ...parameters], {
    cwd: root,
    stdio,
  });
  process.off("SIGINT", wait);
  if (signal === "SIGINT") process.exit(130);
  if (status !== 0) process.exit(status ?? 1);
}
