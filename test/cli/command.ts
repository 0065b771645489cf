/** Runs the built command as a process of its own, as a user does. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

const command = resolve("dist/cli/talweg.js");

export interface Ended {
  /** null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CallOptions {
  /** The folder that it runs in; one of its own by default. */
  cwd?: string;
  stdin?: string;
  environment?: Record<string, string>;
  /** Called with each whole line of stdout or stderr as it comes. */
  onLine?: (line: string, child: ChildProcess) => void;
}

const folders: string[] = [];

afterAll(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A folder of its own, removed when the test file is done. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "talweg-cli-"));
  folders.push(made);
  return made;
}

export function talweg(words: readonly string[], options: CallOptions = {}): Promise<Ended> {
  const { cwd = folder(), stdin = "", environment = {}, onLine } = options;
  const child = spawn(process.execPath, [command, ...words], {
    cwd,
    // Nothing of the surroundings may decide about colors.
    env: { PATH: process.env.PATH ?? "", ...environment },
  });
  const collected = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    let seen = 0;
    child[name].setEncoding("utf8").on("data", (text: string) => {
      collected[name] += text;
      const all = collected[name];
      for (let end = all.indexOf("\n", seen); end >= 0; end = all.indexOf("\n", seen)) {
        onLine?.(all.slice(seen, end), child);
        seen = end + 1;
      }
    });
  }
  // A command that ends without reading what it is given closes the pipe, which is its right.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, ...collected }));
  });
}

/** The lines of --json, each parsed. */
export function lines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The last line of --json. */
export function last(stdout: string): Record<string, unknown> {
  return lines(stdout).at(-1) as Record<string, unknown>;
}

/** Whether the program is there that gives a command a terminal of its own. */
export const hasScript: boolean = spawnSync("script", ["--version"]).status === 0;

/** Runs the command on a terminal of so many columns; what it showed there, both streams together. */
export function onTerminal(
  words: readonly string[],
  columns: number,
  environment: Record<string, string> = {},
): string {
  const quoted = [process.execPath, command, ...words].map((word) => `'${word}'`).join(" ");
  const { stdout } = spawnSync("script", ["-qec", `stty cols ${columns} rows 30; ${quoted}`, "/dev/null"], {
    cwd: folder(),
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", ...environment },
    encoding: "utf8",
  });
  return stdout;
}
