/** Dates and times that a file or a database holds as numbers, as the text of ISO 8601 that a table has for them. */

const DAY = 86_400;

/** Days since 1970-01-01 as YYYY-MM-DD; outside of the years 0 to 9999, which ISO 8601 does not write so, the number in words. */
export function isoDate(days: number): string {
  return dateText(days) ?? `${days} days after 1970-01-01`;
}

function dateText(days: number): string | undefined {
  const date = new Date(days * DAY * 1000);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString().slice(0, 10) : undefined;
}

/**
 * A moment as YYYY-MM-DDTHH:MM:SS, with its fraction where it has one and Z where it is in UTC.
 *
 * @param value Since 1970-01-01T00:00. @param units In a second: 1, 1e3, 1e6 or 1e9.
 */
export function isoTimestamp(value: number | bigint, units: number, utc: boolean): string {
  const { days, rest } = split(value, units);
  const date = dateText(days);
  return date === undefined
    ? `${value} / ${units} seconds after 1970-01-01`
    : `${date}T${clock(rest, units)}${utc ? "Z" : ""}`;
}

/** A time of the day as HH:MM:SS, with its fraction where it has one. */
export function isoTime(value: number | bigint, units: number): string {
  const { days, rest } = split(value, units);
  // Some write the end of a day as 24:00:00.
  return days === 1 && rest === 0 ? "24:00:00" : clock(rest, units);
}

/** Whole days, and what is left of the last one. Remainders are exact where quotients are not. */
function split(value: number | bigint, units: number): { days: number; rest: number } {
  const perDay = DAY * units;
  if (typeof value === "bigint") {
    const rest = ((value % BigInt(perDay)) + BigInt(perDay)) % BigInt(perDay);
    return { days: Number((value - rest) / BigInt(perDay)), rest: Number(rest) };
  }
  const remainder = value % perDay;
  const rest = remainder < 0 ? remainder + perDay : remainder;
  return { days: (value - rest) / perDay, rest };
}

function clock(rest: number, units: number): string {
  const fraction = rest % units;
  const seconds = (rest - fraction) / units;
  const two = (n: number): string => String(n).padStart(2, "0");
  const whole = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (fraction === 0) return whole;
  return `${whole}.${String(fraction)
    .padStart(String(units).length - 1, "0")
    .replace(/(?:000)+$/, "")}`;
}
