// Installs what the lock file names, where that is not there yet. Everything else begins with this.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.js";

/** In the project's folder, or in another one with a lock file of its own. */
export function setup(folder = root, what = "packages (once)") {
  // npm writes this file last, so an install that was broken off counts as none.
  const done = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error(`Installing ${what} …`);
  // The npm that runs this script; without one, whatever `npm` is on the path.
  const npm = process.env.npm_execpath;
  const [file, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const shell = !npm && process.platform === "win32";
  const parameters = [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync(file, parameters, { cwd: folder, stdio: ["ignore", 2, 2], shell });
  if (status === 0) return;
  console.error(
    `npm ci failed${error ? `: ${error.message}` : ""}; is there a connection to a package registry?`,
  );
  process.exit(1);
}
