/** Checks of single fields; each message says what was given, what is expected, and how to mend it. */
import { OptionError } from "talweg";

/** A value in a message, cut short. */
export function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") {
    return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value);
  }
  return String(value);
}

export function refuse(name: string, given: unknown, wanted: string, remedy: string): OptionError {
  return new OptionError(name, `setting: ${name} is ${shown(given)}, expected ${wanted}; ${remedy}.`);
}

/** The own fields of an object, by name; what is missing is undefined. */
export function fields(name: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    return Object.assign(Object.create(null), given) as Record<string, unknown>;
  }
  throw refuse(name, given, "an object with its fields", "copy the link again");
}

export function choice<T extends string>(name: string, given: unknown, names: readonly T[]): T {
  if (names.includes(given as T)) return given as T;
  throw refuse(name, given, `one of ${names.join(", ")}`, "take one of these");
}

export function oneOrNull<T extends string>(name: string, given: unknown, names: readonly T[]): T | null {
  return given === null ? null : choice(name, given, names);
}

type Range = readonly [least: number, most: number];

/** Zero added makes 0 of -0, which an address does not tell apart. */
export function whole(name: string, given: unknown, range: Range): number {
  if (Number.isSafeInteger(given) && within(given as number, range)) return (given as number) + 0;
  throw refuse(
    name,
    given,
    `a whole number from ${range[0]} to ${range[1]}`,
    `write for example ${range[0]}`,
  );
}

export function real(name: string, given: unknown, range: Range): number {
  if (typeof given === "number" && within(given, range)) return given + 0;
  throw refuse(name, given, `a number from ${range[0]} to ${range[1]}`, `write for example ${range[0]}`);
}

/** NaN is within nothing. */
function within(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}
