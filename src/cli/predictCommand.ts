/** `talweg predict`: the outputs of a model for inputs from the command line, from JSON lines, or from a picture. */
import { type Rows, ShapeError } from "../core/index.ts";
import { digitImage, type Preprocessing } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { classThreshold, predictedLabel } from "../train/index.ts";
import { checkAnswerPath } from "./answerTable.ts";
import type { CommandSpec } from "./command.ts";
import { configureDescribed, loadDescribed, modelHelp } from "./describedModel.ts";
import { readAs } from "./modelData.ts";
import { likelyClasses, plural, short } from "./numbers.ts";
import { shellWord } from "./outputs.ts";
import { number, numbers, oneOf } from "./parse.ts";
import { readPng } from "./pngImage.ts";
import type { Session } from "./session.ts";
import { configureSql } from "./sqlOptions.ts";
import { type StdinLine, stdinObjects } from "./stdinObjects.ts";
import { configureReading, tableHelp } from "./tableOptions.ts";
import { columnsOf, type OnBad, onBadNames, predictRows } from "./tablePredict.ts";
import { type NamedTable, namedTable } from "./tableSource.ts";
import { exampleRow, predictStdin } from "./tableStdin.ts";
import { UsageError } from "./usage.ts";

const EXAMPLES = `
Without a table, --input and --image, lines of JSON are read from stdin: {"input":[0.5,0.25]}, or for a model that was
trained on a table rows by the names of its columns.
A table is answered by the chunk, of any size: the target as a column, and for classes p(NAME) for each, with seven digits;
--json has all digits. Rows that cannot be read are named on stderr.

Examples:
  talweg predict sales.safetensors new.csv --out answers.csv
  talweg predict sales.safetensors new.csv --keep | head
  echo '{"age":3,"sex":"m"}' | talweg predict animals.safetensors
  talweg predict parabola.safetensors --input 0.5
  echo '{"input":[0.5]}' | talweg predict parabola.safetensors --json
  talweg predict mnist.safetensors --image digit.png
  talweg predict torch.safetensors --layers 2,16,1 --activation tanh --input 0.5,0.25`;

export const predictCommand: CommandSpec = {
  name: "predict",
  configure(command) {
    command
      .description("Ask a model for its outputs.")
      .argument("<model>", modelHelp)
      .argument("[table]", `${tableHelp}, for a model that was trained on one`)
      .option("--input <numbers>", "one row of inputs, with commas between", numbers("--input", "0.5,0.25"))
      .option("--image <file.png>", "a picture of one digit, for a model of 28 by 28 pixels")
      .option("--out <file>", "of a table: the answers, as .csv, .tsv or .jsonl; by default CSV on stdout")
      .option("--keep", "of a table: its columns stand before the answers")
      .option(
        "--on-bad <name>",
        "rows with a cell that cannot be read: skip (default), missing (the cell counts as missing) or stop",
        oneOf("--on-bad", onBadNames),
      )
      .option("--rows <count>", "of a table: the first so many rows", number("--rows", 1000));
    configureReading(command);
    configureSql(command);
    configureDescribed(command);
    command.addHelpText("after", EXAMPLES);
  },
  async run([path, table], flags, session) {
    checkTogether(table, flags);
    const out = flags.out as string | undefined;
    checkAnswerPath(out);
    const model = loadDescribed(path as string, flags);
    const p = columnsOf(model);
    const source = sourceOf(table, { ...readAs(model), ...flags });
    if (p === undefined) {
      if (source !== undefined) throw withoutColumns(path as string, source.name, model);
      return { seed: null, fields: { rows: await predictNumbers(model, flags, session) } };
    }
    refuseNumbers(path as string, p, flags);
    const onBad = (flags.onBad as OnBad | undefined) ?? "skip";
    const done =
      source === undefined
        ? await predictStdin(model, p, onBad, session)
        : await predictRows(model, source, { onBad, out, keep: flags.keep === true }, session);
    if (out !== undefined) session.say(`${plural(done.rows, "row")} answered in ${out}`);
    const fields = { ...done, ...(out === undefined ? {} : { out }) };
    return { seed: null, fields, exitCode: done.rows === 0 && done.refusedRows > 0 ? 1 : 0 };
  },
};

/** @throws {UsageError} When more than one thing is to be answered, or an option of tables is given without one. */
function checkTogether(table: string | undefined, flags: Record<string, unknown>): void {
  const asked = [
    ...(table === undefined ? [] : [table]),
    ...["input", "image", "sql"].flatMap((flag) => (flags[flag] === undefined ? [] : [`--${flag}`])),
  ];
  if (asked.length > 1) {
    throw new UsageError(
      `${asked[0]} and ${asked[1]} are both given, expected one of them; leave ${asked.length > 2 ? "all but one" : "one"} out.`,
    );
  }
  const given = ["out", "keep", "rows"].find((flag) => flags[flag] !== undefined);
  if (given === undefined || table !== undefined || flags.sql !== undefined) return;
  throw new UsageError(
    `--${given} is given without a table, whose rows it is about; name one, such as new.csv, or leave it out.`,
  );
}

/** @throws {UsageError} When a file is named that is no table. */
function sourceOf(table: string | undefined, flags: Record<string, unknown>): NamedTable | undefined {
  const source = namedTable(table, flags);
  if (source !== undefined || table === undefined) return source;
  throw new UsageError(
    `${table} is no table by its name, expected ${tableHelp}; rename it, or pass rows as lines of JSON on stdin.`,
  );
}

function withoutColumns(path: string, table: string, { inputs }: Network): UsageError {
  return new UsageError(
    `${path} knows no columns, since it was not trained on a table, but ${table} is to be answered; pass its ${plural(inputs, "input")} by --input, ` +
      `or train one: talweg train TABLE --target COLUMN.`,
  );
}

/** @throws {UsageError} When a model that knows columns is to be asked by bare numbers. */
function refuseNumbers(path: string, { columns }: Preprocessing, flags: Record<string, unknown>): void {
  const given = ["input", "image"].find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `--${given} is given, but ${path} knows columns and turns them to numbers itself; pass a table, or a row by name: ` +
      `echo ${shellWord(exampleRow(columns))} | talweg predict ${shellWord(path)}.`,
  );
}

/** @returns How many rows were answered. */
async function predictNumbers(
  model: Network,
  flags: Record<string, unknown>,
  session: Session,
): Promise<number> {
  const { input, image } = flags as { input?: number[]; image?: string };
  if (image !== undefined) predictImage(model, image, session);
  else if (input !== undefined) show(model, answer(model, [input]), session);
  else return predictLines(model, session);
  return 1;
}

interface Answer {
  output: number[];
  label?: string;
}

function answer(model: Network, x: Rows): Answer {
  const output = model.predict(x);
  const { classes } = model.metadata;
  if (classes === undefined) return { output: Array.from(output) };
  const label = predictedLabel(output, 0, model.outputs, classThreshold(model));
  return { output: Array.from(output), label: classes[label] as string };
}

function show(model: Network, { output, label }: Answer, session: Session): void {
  session.event({ output, ...(label === undefined ? {} : { label }) });
  const { classes } = model.metadata;
  const sure =
    classes !== undefined && classes.length === output.length && output.every((p) => p >= 0 && p <= 1);
  if (sure && output.length > 2) {
    const shares = output.map((p, i): [string, number] => [classes[i] as string, p]);
    session.say(`${session.out.bold(label as string)}  (${likelyClasses(shares)})`);
  } else {
    session.say(`${output.map(short).join(" ")}${label === undefined ? "" : `  ${session.out.bold(label)}`}`);
  }
}

function predictImage(model: Network, path: string, session: Session): void {
  if (model.inputs !== 28 * 28) {
    throw new ShapeError(
      `--image gives 784 inputs (28 by 28 pixels), but the model takes ${model.inputs}; pass a model trained on mnist, or --input.`,
    );
  }
  const { input, steps } = digitImage(readPng(path));
  for (const step of steps) session.note(`${path}: ${step}`);
  show(model, answer(model, input), session);
}

/** @returns How many lines were answered. */
async function predictLines(model: Network, session: Session): Promise<number> {
  const { inputs } = model;
  const example = `{"input":[${Array(Math.min(inputs, 3)).fill("0.5").join(",")}${inputs > 3 ? ",…" : ""}]}`;
  let rows = 0;
  for await (const line of stdinObjects(session, example)) {
    show(model, answer(model, [inputOf(line, inputs)]), session);
    rows++;
  }
  return rows;
}

function inputOf({ value, fail }: StdinLine, width: number): number[] {
  const input =
    typeof value === "object" && value !== null ? (value as { input?: unknown }).input : undefined;
  if (!Array.isArray(input)) throw fail('the line has no array "input"');
  if (input.length !== width)
    throw fail(`"input" has ${input.length} numbers, expected ${width}, the inputs of the model`);
  const wrong = input.findIndex((number) => typeof number !== "number" || !Number.isFinite(number));
  if (wrong >= 0)
    throw fail(
      `"input" has ${JSON.stringify(input[wrong])} at place ${wrong} (from 0), expected a finite number`,
    );
  return input as number[];
}
