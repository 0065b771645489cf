// The browser that the lab is tested in: found on the path or by CHROMIUM; on Debian root may install it.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const packages = ["chromium", "fonts-dejavu-core"];
const HELP =
  "The lab is tested in Chromium, and there is none on the path: install it (Debian: apt-get install chromium fonts-dejavu-core), " +
  "or name the program in the environment variable CHROMIUM.";

/** Where Chromium or Chrome is; undefined where there is none. */
export function findBrowser() {
  const given = process.env.CHROMIUM;
  if (given) return existsSync(given) ? given : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const all = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return all.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** The same, or an error that says how to mend it. */
export function requireBrowser() {
  const found = findBrowser();
  if (found !== undefined) return found;
  throw new Error(
    process.env.CHROMIUM ? `CHROMIUM is ${process.env.CHROMIUM}, and no file is there. ${HELP}` : HELP,
  );
}

/** Before the tests: installs the browser where that needs no question, on Debian and its kin as root. */
export function setupBrowser() {
  if (findBrowser() !== undefined || process.env.CHROMIUM) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.error("Installing Chromium for the tests of the lab (once) …");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const words of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", ...packages],
  ]) {
    // Where it fails the tests say what is missing.
    spawnSync("apt-get", words, { stdio: ["ignore", 2, 2], env: environment });
  }
}
