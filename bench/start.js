// npm --prefix bench start: installs and builds what is not there yet, measures, and writes docs/bench.*
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../tools/build.js";
import { setup } from "../tools/setup.js";
import { readOptions } from "./options.js";

const here = dirname(fileURLToPath(import.meta.url));

/** Installs the peers, in their own folder. */
function installPeers() {
  // npm writes this file last, so an install that was broken off counts as none.
  const done = join(here, "node_modules/.package-lock.json");
  const lock = join(here, "package-lock.json");
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error("Installing the peers (once, about a gigabyte) …");
  const npm = process.env.npm_execpath;
  const [file, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const parameters = [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const shell = !npm && process.platform === "win32";
  const { status } = spawnSync(file, parameters, { cwd: here, stdio: ["ignore", 2, 2], shell });
  if (status === 0) return;
  console.error("npm ci failed in bench; is there a connection to a package registry?");
  process.exit(1);
}

const options = readOptions();
setup();
await build();
installPeers();
const { run } = await import("./run.js");
await run(options);
