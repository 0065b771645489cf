// One contestant as a process: a line of JSON in, a line of JSON out, and a limit to every wait.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** Contestants that run: none may outlive this process. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** Of its last words, enough to tell why it failed. */
const KEPT = 4000;
/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

/** Starts a contestant. */
export function startChild({ command, env }) {
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, { env, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  let words = "";
  let ended;
  let settle = () => {};
  child.stderr.on("data", (text) => {
    words = (words + text).slice(-KEPT);
  });
  const end = (reason) => {
    running.delete(child);
    ended ??= reason;
    settle({ error: ended });
  };
  child.on("error", (error) => end(error.message));
  child.on("close", (code, signal) =>
    end(`it ended with ${signal ?? `exit code ${code}`}: ${lastLine(words)}`),
  );
  // A contestant that has ended cannot be written to; its end is told by "close".
  child.stdin.on("error", () => {});
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) settle(parsed(line));
  });

  /** The answer to one command, or `{ error }` where there is none in time. */
  function ask(message, seconds) {
    if (ended !== undefined) return Promise.resolve({ error: ended });
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        ended = `${message.command} took more than ${seconds} s`;
        child.kill("SIGKILL");
        settle({ error: ended });
      }, 1000 * seconds);
      settle = (answer) => {
        clearTimeout(limit);
        settle = () => {};
        resolve(answer);
      };
      child.stdin.write(`${JSON.stringify(message)}\n`);
    });
  }

  async function quit() {
    if (running.has(child)) {
      const closed = new Promise((resolve) => child.on("close", resolve));
      child.stdin.write('{"command":"quit"}\n');
      const limit = setTimeout(() => child.kill("SIGKILL"), 2000);
      await closed;
      clearTimeout(limit);
    }
  }

  return { ask, quit, processorSeconds: () => processorSeconds(child.pid) };
}

/** An answer; a number that is not finite is no JSON in every language. */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { error: `it answered ${line.slice(0, 100)}` };
  }
}

const lastLine = (words) => words.trim().split("\n").at(-1) || "it said nothing";

/** Processor time of a process and its threads so far; undefined where the system does not tell. */
function processorSeconds(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
}
