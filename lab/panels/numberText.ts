// Numbers as they stand on the page: short, with a true minus.

/** Up to so many digits that count; a long or a tiny number with its power of ten. */
export function numberText(value: number | null | undefined, digits: number = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 && Number.isInteger(value) && size < 1e15) return grouped(value);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa = "", exponent = ""] = value.toExponential(Math.max(0, digits - 2)).split("e");
    return `${minus(String(Number(mantissa)))}e${minus(exponent.replace("+", ""))}`;
  }
  return Number.isInteger(value) ? grouped(value) : minus(String(Number(value.toPrecision(digits))));
}

/** The same with all digits, so that a number that changes does not jump. */
export function steadyText(value: number | null | undefined, digits: number = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3))
    return minus(value.toExponential(digits - 2).replace("+", ""));
  return minus(value.toPrecision(digits));
}

const minus = (text: string): string => text.replace("-", "−");

/** A thin space between groups of three, from 10,000 on. */
function grouped(value: number): string {
  const text = minus(String(value));
  return Math.abs(value) < 10_000 ? text : text.replace(/\B(?=(\d{3})+$)/g, " ");
}
