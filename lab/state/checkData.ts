/** The data of a setting, looked through. */
import { choice, fields, real, refuse, whole } from "./checks.ts";
import { limits } from "./limits.ts";
import type { DataKind, DataSetting } from "./types.ts";

const kinds: readonly DataKind[] = [
  "parabola",
  "sine",
  "xor",
  "circle",
  "moons",
  "spirals",
  "drawn",
  "table",
];

const known = new WeakSet<DataSetting>();

/** @throws {OptionError} With the field, point and number to blame. */
export function checkData(given: unknown): DataSetting {
  if (known.has(given as DataSetting)) return given as DataSetting;
  const { kind: kindGiven, rows, noise, interval, points, classes, names } = fields("data", given);
  const kind = choice("data", kindGiven, kinds);
  const own = kind === "drawn" || kind === "table";
  const checkedPoints = own ? checkPoints(points) : undefined;
  const checkedClasses =
    own && classes !== undefined ? checkNames("classes", classes, limits.classes) : undefined;
  const width = checkedPoints?.[0]?.length ?? 0;
  const checkedNames = own && names !== undefined ? checkNames("names", names, [width, width]) : undefined;
  if (checkedPoints !== undefined && checkedClasses !== undefined) {
    checkPlaces(checkedPoints, checkedClasses.length);
  }
  const data: DataSetting = {
    kind,
    rows: own ? checkedPoints!.length : whole("rows", rows, limits.rows),
    noise: real("noise", noise, limits.noise),
    interval: checkInterval(interval),
    ...(checkedPoints === undefined ? {} : { points: checkedPoints }),
    ...(checkedClasses === undefined ? {} : { classes: checkedClasses }),
    ...(checkedNames === undefined ? {} : { names: checkedNames }),
  };
  known.add(data);
  return data;
}

function checkInterval(given: unknown): readonly [number, number] {
  const pair = Array.isArray(given) && given.length === 2 ? given : undefined;
  const [from, to] = [pair?.[0], pair?.[1]].map((end) => real("interval", end, limits.interval));
  if (from! < to!) return [from!, to!];
  throw refuse(
    "interval",
    `${from} to ${to}`,
    "a first end below the second",
    "write the smaller number first",
  );
}

function checkPoints(given: unknown): readonly (readonly number[])[] {
  const most = limits.rows[1];
  if (!Array.isArray(given) || given.length < 1 || given.length > most) {
    throw refuse("points", given, `1 to ${most} points`, "draw some, or take fewer");
  }
  const width = Array.isArray(given[0]) ? given[0].length : 0;
  return Array.from(given, (point: unknown, row) => checkPoint(point, row, width));
}

function checkPoint(given: unknown, row: number, width: number): readonly number[] {
  const name = `point ${row + 1}`;
  if (!Array.isArray(given) || given.length !== width || width < 2 || width > limits.inputs + 1) {
    const wanted = `1 to ${limits.inputs} inputs and a target, as many in each point`;
    throw refuse(name, given, wanted, "give all points the same columns");
  }
  return Array.from(given, (value: unknown, column) =>
    real(`${name}, number ${column + 1}`, value, [-limits.value, limits.value]),
  );
}

/** Where targets are classes, they are places in their list. */
function checkPlaces(points: readonly (readonly number[])[], classes: number): void {
  for (const [row, point] of points.entries())
    whole(`point ${row + 1}: class`, point.at(-1), [0, classes - 1]);
}

function checkNames(
  name: string,
  given: unknown,
  [least, most]: readonly [number, number],
): readonly string[] {
  if (!Array.isArray(given) || given.length < least || given.length > most) {
    const wanted = least === most ? `${least} names, one for each column` : `${least} to ${most} names`;
    throw refuse(name, given, wanted, "name them all");
  }
  return Array.from(given, (word: unknown) => {
    if (typeof word === "string" && word.length <= limits.name) return word;
    throw refuse(name, word, `words of at most ${limits.name} characters`, "take shorter names");
  });
}
