/**
 * The errors of the library, one class a kind, so that a program can tell them apart without reading texts.
 *
 * Every message has three parts: place and what was given; what was expected and why; how to mend it.
 */

/** The base of every error that the library throws on purpose. */
export class TalwegError extends Error {
  /** A short word for the kind, the same in every release: "shape", "option", "data", … */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Numbers do not fit together: a width, a length, a count of rows. */
export class ShapeError extends TalwegError {
  constructor(message: string) {
    super("shape", message);
  }
}

/** An option has a value that cannot work; `option` is its name as the caller wrote it. */
export class OptionError extends TalwegError {
  readonly option: string;

  constructor(option: string, message: string) {
    super("option", message);
    this.option = option;
  }
}

/** Data hold a value that cannot be learnt from; `row` and `column` count from 0 where they are known. */
export class DataError extends TalwegError {
  readonly row: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place: { row?: number; column?: number } = {}) {
    super("data", message);
    this.row = place.row;
    this.column = place.column;
  }
}

/**
 * Bytes or text are not in the format that they claim; `tensor` is set where one is to blame. In text `line` and `column` count
 * from 1: the cell of a table, the character of a line of JSON.
 */
export class FormatError extends TalwegError {
  readonly tensor: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place: { tensor?: string; line?: number; column?: number } = {}) {
    super("format", message);
    this.tensor = place.tensor;
    this.line = place.line;
    this.column = place.column;
  }
}

/** A line search was asked for something that has no answer: an ascending direction, a constant out of range. */
export class LineSearchError extends TalwegError {
  constructor(message: string) {
    super("linesearch", message);
  }
}

/** A loss, a gradient or a parameter became NaN or infinite; `layer` counts from 1 where it is known. */
export class NotFiniteError extends TalwegError {
  readonly layer: number | undefined;

  constructor(message: string, place: { layer?: number } = {}) {
    super("not-finite", message);
    this.layer = place.layer;
  }
}

/** A file, folder or package could not be read or written; `path` names it. */
export class FileError extends TalwegError {
  readonly path: string;

  constructor(path: string, message: string) {
    super("file", message);
    this.path = path;
  }
}

/** A thread of the arithmetic could not be started, failed or went silent; `thread` is its number, 0 being the caller's own. */
export class ThreadError extends TalwegError {
  readonly thread: number;

  constructor(thread: number, message: string) {
    super("thread", message);
    this.thread = thread;
  }
}
