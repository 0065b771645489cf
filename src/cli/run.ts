/** From a command line to an exit code: 0 done, 1 failed, 2 wrong usage, 130 and 143 after a signal. */
import { Command, type CommanderError } from "commander";
import { LineSearchError, OptionError, type Seed, TalwegError } from "../core/index.ts";
import type { CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import { seed } from "./parse.ts";
import {
  InterruptedError,
  jsonLine,
  type Session,
  type Surroundings,
  session,
  signalCodes,
} from "./session.ts";
import { suggestion, UsageError } from "./usage.ts";
import { version } from "./version.ts";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 and 143 after Ctrl-C and SIGTERM (training saves its state first).
With --json stdout has one JSON object a line; the last is the result or the error.`;

/** Help or the version has been written, and there is nothing else to do. */
class Shown extends Error {}

/**
 * Runs one command line.
 *
 * @param words What stands behind "talweg".
 * @returns The exit code.
 */
export async function run(words: readonly string[], around: Surroundings): Promise<number> {
  // Known before the line is understood, since a line that is not understood is reported as JSON too.
  const end = words.indexOf("--");
  const json = (end < 0 ? words : words.slice(0, end)).includes("--json");
  try {
    const chosen = parse(words, around);
    const { flags, operands, spec } = chosen;
    const open = session(around, { json, quiet: flags.quiet === true, seed: flags.seed as Seed | undefined });
    for (const common of ["json", "quiet", "seed"]) delete flags[common];
    try {
      return await execute(spec, operands, flags, open);
    } finally {
      open.close();
    }
  } catch (error) {
    if (error instanceof Shown) return 0;
    return report(error, json, around);
  }
}

async function execute(
  spec: CommandSpec,
  operands: readonly (string | undefined)[],
  flags: Record<string, unknown>,
  open: Session,
): Promise<number> {
  const begun = performance.now();
  const outcome = await spec.run(operands, flags, open);
  const seconds = (performance.now() - begun) / 1000;
  const { seed: used, fields, exitCode = 0 } = outcome;
  open.event({ event: "result", command: spec.name, version: version(), seed: used, seconds, ...fields });
  return exitCode;
}

function report(error: unknown, json: boolean, around: Surroundings): number {
  const exitCode = exitCodeOf(error);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof TalwegError ? error.code : "internal";
  const fields = error instanceof InterruptedError ? error.fields : {};
  if (json) around.stdout.write(`${jsonLine({ event: "error", code, message, exitCode, ...fields })}\n`);
  else around.stderr.write(`talweg: ${message}\n`);
  if (!(error instanceof TalwegError)) {
    const debug = around.environment.TALWEG_DEBUG === "1";
    around.stderr.write(
      debug ? `${stack}\n` : "This is a fault of talweg; TALWEG_DEBUG=1 shows where it lies.\n",
    );
  }
  return exitCode;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return signalCodes[error.signal];
  // The constants of a line search come from options too.
  const usage = [UsageError, OptionError, LineSearchError].some((kind) => error instanceof kind);
  return usage ? 2 : 1;
}

interface Chosen {
  spec: CommandSpec;
  operands: (string | undefined)[];
  flags: Record<string, unknown>;
}

/** @throws {UsageError} When the line cannot be followed. @throws {Shown} After help or version. */
function parse(words: readonly string[], around: Surroundings): Chosen {
  const program = prepared(new Command("talweg"), around)
    .description("Feed-forward neural networks that you can see through: train, evaluate, predict, minimize.")
    .version(version(), "-V, --version", "show the version")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", EXIT_CODES);
  let chosen: Chosen | undefined;
  for (const spec of commands) {
    const command = prepared(program.command(spec.name), around)
      .option("--seed <number>", "the seed of everything that is drawn; 0 by default", seed)
      .option("--json", "write JSON, one object a line, and nothing for people")
      .option("--quiet", "leave progress and plots in the terminal out");
    spec.configure(command);
    command.action((...given: unknown[]) => {
      const operands = given.slice(0, command.registeredArguments.length) as (string | undefined)[];
      chosen = { spec, operands, flags: { ...command.opts() } };
    });
  }
  if (words.length === 0) {
    throw new UsageError(
      `no command is given, expected one of ${commandNames().join(", ")}; talweg --help explains them.`,
    );
  }
  refuseUnknownCommand(words);
  program.parse(words as string[], { from: "user" });
  if (chosen === undefined) throw new Shown();
  return chosen;
}

const commandNames = (): string[] => commands.map(({ name }) => name);

function refuseUnknownCommand([first = ""]: readonly string[]): void {
  if (first.startsWith("-") || first === "help" || commandNames().includes(first)) return;
  throw new UsageError(
    `there is no command "${first}"${suggestion(first, commandNames())}, expected one of ${commandNames().join(", ")}; ` +
      "talweg --help explains them.",
  );
}

/** Help goes to stdout, faults become ours. */
function prepared(command: Command, { stdout }: Surroundings): Command {
  return command
    .helpOption("-h, --help", "show this help")
    .configureHelp({ helpWidth: Math.max(60, Math.min(stdout.columns ?? 100, 100)) })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: () => {} })
    .showSuggestionAfterError(false)
    .exitOverride((error) => {
      throw translated(error, command);
    });
}

/** Commander's faults in our words. */
function translated(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return new Shown();
  const help = `talweg ${command.parent === null ? "" : `${command.name()} `}--help shows all of it.`;
  if (error.code === "commander.unknownOption") {
    const given = /'([^']*)'/.exec(error.message)?.[1] ?? "";
    const flags = command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long }) => long ?? []);
    return new UsageError(
      `${command.name()} has no option ${given}${suggestion(given, flags)}, expected some of ${flags.join(", ")}; ${help}`,
    );
  }
  const text = error.message.replace(/^error: /, "").replace(/\.$/, "");
  return new UsageError(`${text}; ${help}`);
}
