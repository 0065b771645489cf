/** Numbers of formulas: rounded to so many digits and as steady as can be, or all that a float64 has. */
import { raised } from "./chartScale.ts";

/** More digits than any float64 needs: shows the shortest text that names it. */
export const ALL_DIGITS = 17;

export function mathNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return minus(String(value));
  if (digits >= ALL_DIGITS) return minus(String(value).replace(/e([+-])(\d+)$/, scientific));
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) {
    return minus(value.toExponential(Math.max(0, digits - 2)).replace(/e([+-])(\d+)$/, scientific));
  }
  // As many places as a number of about 1 has, so that a number that changes does not jump.
  const places = Math.max(0, digits - Math.max(1, Math.floor(Math.log10(size)) + 1));
  return minus(size < 0.1 ? value.toPrecision(digits - 1) : value.toFixed(places));
}

const scientific = (_: string, sign: string, power: string): string => ` · 10${raised(Number(sign + power))}`;

const minus = (text: string): string => text.replace("-", "−");
