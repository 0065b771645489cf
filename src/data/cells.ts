/**
 * What one cell of a table says: a number, true or false, a date, or only text.
 *
 * Nothing is guessed from a locale: 1,5 is text, and so is 31.12.2024. Spaces around a cell do not count. Dates are those
 * of ISO 8601 (calendar date, or date and time), in UTC where they name no offset; a day's number follows
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
 */
import type { Value } from "./tableTypes.ts";

// No part of it can match the same letters in two ways, so it is linear in the length.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Longest text that can be a number or a date. */
const LONGEST = 400;

/** Whether a cell holds nothing: null, NaN, or text of spaces alone. */
export function isMissing(value: Value | undefined): boolean {
  if (typeof value === "string") return !isVisible(value.charCodeAt(0)) && value.trim() === "";
  return value === null || value === undefined || Number.isNaN(value);
}

/** A cell that is not missing as text, the name under which it is a category or a class. */
export function cellText(value: Value): string {
  // Adding 0 makes -0 to 0, which JSON and CSV would not tell apart either.
  return typeof value === "string" ? trimmed(value) : String(typeof value === "number" ? value + 0 : value);
}

/** Whether a character is one of ASCII that can be seen; false for NaN, the code of none. */
function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Without spaces around it; most cells have none. */
function trimmed(text: string): string {
  return isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

/** The number that a cell holds; NaN where it holds none, or one beyond float64. */
export function cellNumber(value: Value): number {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : Number.NaN;
  if (typeof value !== "string" || value.length > LONGEST) return Number.NaN;
  const plain = plainNumber(value);
  if (plain !== undefined) return plain;
  const text = value.trim();
  // Most cells of text begin with a letter, all of whose codes are above that of 9.
  if (text.charCodeAt(0) > 0x39 || !decimal.test(text)) return Number.NaN;
  const number = Number(text);
  return Number.isFinite(number) ? number + 0 : Number.NaN;
}

/** Powers of ten, all of them exact in float64. */
const POWERS: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/**
 * The number in a text of at most 15 digits with at most one point and a minus, as nearly all are; undefined for any other text.
 *
 * Digits without their point and the power of ten are both exact, so that their quotient is rounded once, as the number is:
 * W. Clinger, "How to Read Floating Point Numbers Accurately" (1990), section 2.
 */
function plainNumber(text: string): number | undefined {
  const { length } = text;
  const isNegative = text.charCodeAt(0) === 0x2d;
  const begin = isNegative ? 1 : 0;
  if (length > begin + 16) return undefined;
  let digits = 0;
  let point = -1;
  for (let at = begin; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === -2 && point < 0) point = at;
    else return undefined;
  }
  const count = length - begin - (point < 0 ? 0 : 1);
  if (count === 0 || count > 15) return undefined;
  const number = point < 0 ? digits : digits / POWERS[length - 1 - point]!;
  return isNegative ? 0 - number : number;
}

/** 1 for true, yes and 1, 0 for false, no and 0, in any case; undefined for all else. */
export function cellBoolean(value: Value): 0 | 1 | undefined {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value === 1 ? 1 : value === 0 ? 0 : undefined;
  if (value === null || value.length > LONGEST) return undefined;
  const text = trimmed(value);
  if (text === "1") return 1;
  if (text === "0") return 0;
  // Numbers are told without making their letters small.
  if (text.length > 5 || text.charCodeAt(0) <= 0x39) return undefined;
  const word = text.toLowerCase();
  if (word === "true" || word === "yes") return 1;
  return word === "false" || word === "no" ? 0 : undefined;
}

/** Days since 1970-01-01 UTC, with their fraction; NaN where the cell holds no date. */
export function cellDays(value: Value): number {
  if (typeof value !== "string" || value.length > LONGEST) return Number.NaN;
  const text = trimmed(value);
  const match = text.charCodeAt(0) > 0x39 ? null : dateTime.exec(text);
  if (match === null) return Number.NaN;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return Number.NaN;
  // A date alone, as most are.
  if (match[4] === undefined) return dayNumber(year, month, day);
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  const offset = offsetMinutes(match[7]);
  if (hour > 23 || minute > 59 || second >= 60 || Number.isNaN(offset)) return Number.NaN;
  return dayNumber(year, month, day) + (hour * 3600 + (minute - offset) * 60 + second) / 86_400;
}

/** The date of a day's number, "1970-01-01" for 0; the fraction is left out. */
export function dateOfDays(days: number): string {
  const date = new Date(Math.floor(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${days}` : date.toISOString().slice(0, 10);
}

/** What a text that is neither number nor date may have been meant as; undefined where nothing suggests itself. */
export function cellHint(text: string): string | undefined {
  if (text.length > 40) return undefined;
  if (/^[+-]?\d+,\d+$/.test(text)) return "numbers have a point: write 1.5, not 1,5";
  const local =
    /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T][\d:.]{4,12})?$|^\d{4}[/-]\d\d?$|^[A-Za-z]{3,9}\.? \d{1,2},? \d{4}$|^\d{1,2} [A-Za-z]{3,9} \d{4}$/;
  if (local.test(text)) return "dates are read as in ISO 8601: write 2024-12-31";
  return undefined;
}

/** A cell in quotes, short enough for a message. */
export function quoteCell(value: Value): string {
  const text = String(value);
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}

function offsetMinutes(text = "Z"): number {
  if (text === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The year begins in March, so that the leap day is its last. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
