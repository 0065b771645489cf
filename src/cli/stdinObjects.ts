/** Lines of JSON from stdin, each given as it comes. */
import { createInterface } from "node:readline";
import { DataError } from "../core/index.ts";
import type { Session } from "./session.ts";

/** What a line holds. */
export interface StdinLine {
  /** From 1. */
  readonly line: number;
  readonly value: unknown;
  /** The error for a value that is not as it should be. @param why Without a full stop. */
  fail(why: string): DataError;
}

/**
 * Lines that are empty are passed over, and counted.
 *
 * @param example An object that could be given, for messages.
 * @throws {DataError} When a line is not JSON.
 */
export async function* stdinObjects(
  { stdin }: Session,
  example: string,
): AsyncGenerator<StdinLine, void, void> {
  let line = 0;
  for await (const text of createInterface({ input: stdin, crlfDelay: Infinity })) {
    line++;
    if (text.trim() === "") continue;
    const row = line - 1;
    const fail = (why: string): DataError =>
      new DataError(`stdin:${row + 1}: ${why}; write one object a line, such as ${example}.`, { row });
    yield { line, value: parsed(text, fail), fail };
  }
}

function parsed(text: string, fail: StdinLine["fail"]): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail(`the line is not JSON (${(error as Error).message})`);
  }
}
