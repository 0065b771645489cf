/**
 * One flat object of JSON, read member by member, so that order, double keys and places are seen.
 *
 * JSON.parse would put keys that look like numbers first, let the last of two equal keys win and say no place.
 * Source: RFC 8259 (T. Bray, 2017), sections 2 to 7.
 */
import { excerpt, MAX_CELL, own } from "./tableLimits.ts";
import type { Value } from "./tableTypes.ts";

interface JsonLineSink {
  /** A member of the object; `at` is the index of its key in the text. */
  member(key: string, value: Value, at: number): void;
  /** Says what is wrong at an index of the text; `text` goes on after the place. */
  fail(at: number, text: string): never;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

const words: readonly (readonly [string, Value])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** Reads a text that is one object and nothing else. */
export function readJsonLine(text: string, sink: JsonLineSink): void {
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN) sink.fail(at, noObject(text, at));
  at = skipSpace(text, at + 1);
  if (text.charCodeAt(at) === CLOSE) {
    requireEnd(text, at + 1, sink);
    return;
  }
  for (;;) {
    const begin = at;
    if (text.charCodeAt(at) !== QUOTE) {
      sink.fail(
        at,
        `${found(text, at)}, expected a key in quotes; write one object a line, {"name": value, …}.`,
      );
    }
    const key = readString(text, at, sink);
    at = skipSpace(text, key.end);
    if (text.charCodeAt(at) !== COLON) {
      sink.fail(at, `${found(text, at)}, expected a colon after the key ${excerpt(key.value)}; write one.`);
    }
    const { value, end } = readValue(text, skipSpace(text, at + 1), key.value, sink);
    sink.member(key.value, value, begin);
    at = skipSpace(text, end);
    const next = text.charCodeAt(at);
    if (next === CLOSE) break;
    if (next !== COMMA) {
      sink.fail(
        at,
        `${found(text, at)}, expected a comma or } after the value of ${excerpt(key.value)}; write one object a line.`,
      );
    }
    at = skipSpace(text, at + 1);
  }
  requireEnd(text, at + 1, sink);
}

/** A part of the text as a value, and where it ends. */
interface Read<T> {
  value: T;
  end: number;
}

function readValue(text: string, at: number, key: string, sink: JsonLineSink): Read<Value> {
  const char = text.charCodeAt(at);
  if (char === QUOTE) return readString(text, at, sink);
  if (char === OPEN || text[at] === "[") {
    const kind = char === OPEN ? "an object" : "a list";
    sink.fail(
      at,
      `the value of ${excerpt(key)} is ${kind}, expected a number, a text, true, false or null, since a cell holds one value; give each part a key of its own.`,
    );
  }
  for (const [word, value] of words) if (text.startsWith(word, at)) return { value, end: at + word.length };
  number.lastIndex = at;
  const literal = number.exec(text)?.[0];
  if (literal === undefined) {
    sink.fail(
      at,
      `${found(text, at)}, expected the value of ${excerpt(key)}: a number, a text in quotes, true, false or null; write null where there is none.`,
    );
  }
  const value = Number(literal);
  if (!Number.isFinite(value)) {
    sink.fail(
      at,
      `${excerpt(literal)} is beyond what a number can hold (1.8e308), expected a finite one; write null or a smaller one.`,
    );
  }
  return { value, end: at + literal.length };
}

function readString(text: string, at: number, sink: JsonLineSink): Read<string> {
  let end = at + 1;
  let escaped = false;
  for (; end < text.length; end++) {
    const char = text.charCodeAt(end);
    if (char === QUOTE) break;
    if (char === BACKSLASH) {
      escaped = true;
      end++;
    } else if (char < 0x20) {
      sink.fail(
        end,
        `a control character (${char}) stands in a text, expected an escape such as \\t; write it so.`,
      );
    }
  }
  if (end >= text.length) {
    sink.fail(at, "the quote that opens here is never closed, expected a second one on the line; close it.");
  }
  if (end - at > MAX_CELL) {
    sink.fail(
      at,
      `the text that begins here has more than ${MAX_CELL} characters, expected no more; shorten it.`,
    );
  }
  if (!escaped) return { value: own(text.slice(at + 1, end)), end: end + 1 };
  try {
    return { value: JSON.parse(text.slice(at, end + 1)) as string, end: end + 1 };
  } catch {
    return sink.fail(
      at,
      `${excerpt(text.slice(at, end + 1))} has an escape that JSON does not know, expected \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits; write a backslash twice.`,
    );
  }
}

function requireEnd(text: string, at: number, sink: JsonLineSink): void {
  const end = skipSpace(text, at);
  if (end === text.length) return;
  sink.fail(
    end,
    `${found(text, end)} after the object, expected the end of the line; write one object a line.`,
  );
}

function noObject(text: string, at: number): string {
  const mend =
    text[at] === "["
      ? "a list of objects becomes lines with: jq -c '.[]'"
      : "JSON lines have one object a line, without commas between them";
  return `${found(text, at)}, expected an object, {"name": value, …}; ${mend}.`;
}

function found(text: string, at: number): string {
  return at >= text.length ? "the line ends" : `${excerpt(text.slice(at, at + 12))} stands here`;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char !== 0x20 && char !== 0x09 && char !== 0x0d && char !== 0x0a) break;
  }
  return at;
}
