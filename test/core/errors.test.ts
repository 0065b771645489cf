import {
  DataError,
  FileError,
  FormatError,
  LineSearchError,
  NotFiniteError,
  OptionError,
  ShapeError,
  TalwegError,
  ThreadError,
} from "talweg/core";
import { expect, test } from "vitest";

const table = [
  { error: new ShapeError("m"), type: ShapeError, name: "ShapeError", code: "shape", fields: {} },
  {
    error: new OptionError("epochs", "m"),
    type: OptionError,
    name: "OptionError",
    code: "option",
    fields: { option: "epochs" },
  },
  {
    error: new DataError("m", { row: 3, column: 1 }),
    type: DataError,
    name: "DataError",
    code: "data",
    fields: { row: 3, column: 1 },
  },
  {
    error: new FormatError("m", { tensor: "layers.1.weights" }),
    type: FormatError,
    name: "FormatError",
    code: "format",
    fields: { tensor: "layers.1.weights" },
  },
  {
    error: new LineSearchError("m"),
    type: LineSearchError,
    name: "LineSearchError",
    code: "linesearch",
    fields: {},
  },
  {
    error: new NotFiniteError("m", { layer: 2 }),
    type: NotFiniteError,
    name: "NotFiniteError",
    code: "not-finite",
    fields: { layer: 2 },
  },
  {
    error: new FileError("model.json", "m"),
    type: FileError,
    name: "FileError",
    code: "file",
    fields: { path: "model.json" },
  },
  {
    error: new ThreadError(2, "m"),
    type: ThreadError,
    name: "ThreadError",
    code: "thread",
    fields: { thread: 2 },
  },
];

test.each(table)(
  "$name has its class, code, name, text and fields",
  ({ error, type, name, code, fields }) => {
    expect(error).toBeInstanceOf(type);
    expect(error).toBeInstanceOf(TalwegError);
    expect(error).toBeInstanceOf(Error);
    expect({ ...error }).toEqual({ name, code, ...fields });
    expect(error.message).toBe("m");
    expect(String(error)).toBe(`${name}: m`);
  },
);

test("no two kinds share a class or a code", () => {
  expect(new Set(table.map(({ type }) => type)).size).toBe(table.length);
  expect(new Set(table.map(({ code }) => code)).size).toBe(table.length);
  for (const { error, type } of table) {
    for (const other of table) expect(error instanceof other.type).toBe(other.type === type);
  }
});

test("a place that is not known is undefined", () => {
  expect([new DataError("m").row, new DataError("m").column]).toEqual([undefined, undefined]);
  expect(new FormatError("m").tensor).toBeUndefined();
  expect(new FormatError("m", { line: 3, column: 1 })).toMatchObject({ line: 3, column: 1 });
  expect(new NotFiniteError("m").layer).toBeUndefined();
});
