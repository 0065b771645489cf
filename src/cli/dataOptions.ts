/** Data by name, and the options that choose its examples. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { type Dataset, FileError, OptionError, type Seed } from "../core/index.ts";
import { dataNames } from "../data/index.ts";
import { loadData } from "../node/index.ts";
import { number, numbers } from "./parse.ts";
import { isTablePath } from "./tableOptions.ts";
import { suggestion, UsageError } from "./usage.ts";

/** Plain data, saved with models and checkpoints. */
export interface DataFlags {
  rows?: number;
  noise?: number;
  interval?: [number, number];
  folder?: string;
}

const dataFlags: readonly string[] = ["rows", "noise", "interval", "folder"];

export const dataHelp: string = `${dataNames.join(", ")}, or a folder with IDX files`;

export function configureData(command: Command): void {
  command
    .option(
      "--rows <count>",
      "how many examples; of files the first ones, of tables rows",
      number("--rows", 1000),
    )
    .option("--noise <number>", "standard deviation of noise, for computed data", number("--noise", 0.1))
    .option(
      "--interval <from,to>",
      "where the inputs of parabola and sine lie",
      numbers("--interval", "-1,1", 2) as (text: string) => number[],
    )
    .option("--folder <path>", "where the files of mnist or fashion-mnist are, if not in their usual place");
}

export function dataFlagsOf(given: Record<string, unknown>): DataFlags {
  return Object.fromEntries(
    dataFlags.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** @throws {UsageError} When there is no such data. */
export function checkDataName(name: string): void {
  if ((dataNames as readonly string[]).includes(name) || existsSync(name)) return;
  if (isTablePath(name))
    throw new UsageError(
      `there is no file ${name}${nearFile(name)}; check its name and the folder that it is in.`,
    );
  throw new UsageError(
    `there is no data "${name}"${suggestion(name, dataNames)}, expected one of ${dataNames.join(", ")}, ` +
      "the path of a table such as sales.csv, or that of a folder with IDX files.",
  );
}

/** The file of the same folder that was probably meant. */
function nearFile(path: string): string {
  const folder = dirname(path);
  try {
    return suggestion(basename(path), readdirSync(folder));
  } catch {
    return ", nor a folder for it";
  }
}

export type DataPart = { part: "train" | "test"; seed: Seed; precision?: "float32" | "float64" };

/** @throws {TalwegError} When the data cannot be had. */
export function loadPart(name: string, flags: DataFlags, part: DataPart): Dataset {
  checkDataName(name);
  return loadData(name, { ...flags, ...part });
}

/** The test examples, or undefined where a folder has none. `rows` chose training examples: files are tested in full. */
export function loadTest(name: string, flags: DataFlags, part: Omit<DataPart, "part">): Dataset | undefined {
  const { rows: _rows, ...others } = flags;
  const computed = name !== "mnist" && name !== "fashion-mnist" && !existsSync(name);
  try {
    return loadPart(name, computed ? flags : others, { ...part, part: "test" });
  } catch (error) {
    const named = (dataNames as readonly string[]).includes(name);
    if (!named && (error instanceof FileError || error instanceof OptionError)) return undefined;
    throw error;
  }
}
