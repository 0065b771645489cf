/** D3's scales for the charts, and the numbers along their axes. */
import { scaleLinear, scaleLog } from "d3-scale";
import type { Axis, Scale } from "./chartTypes.ts";

/** A scale that also lives where the domain is empty, upside down or not a number. */
export function scaleOf(axis: Axis, range: [number, number]): Scale {
  const [from, to] = axis.domain;
  if (axis.scale === "log") {
    const low = Number.isFinite(from) && from > 0 ? from : 1e-3;
    const high = Number.isFinite(to) && to > low ? to : low * 10;
    return scaleLog([low, high], range);
  }
  const low = Number.isFinite(from) ? from : 0;
  const high = Number.isFinite(to) && to !== low ? to : low + 1;
  return scaleLinear([low, high], range);
}

/** Positions of ticks, at most about `room` of them. */
export function ticksOf(axis: Axis, scale: Scale, room: number): number[] {
  const count = axis.ticks ?? Math.max(2, Math.floor(room));
  if (axis.scale !== "log") return scale.ticks(count);
  const [low, high] = scale.domain() as [number, number];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  // Within a decade the powers alone would say too little.
  if (decades < 2) return scale.ticks(count).filter((_, i, all) => i % Math.ceil(all.length / count) === 0);
  const each = Math.max(1, Math.ceil(decades / count));
  return Array.from({ length: decades }, (_, i) => first + i)
    .filter((power) => (power - last) % each === 0)
    .map((power) => Number(`1e${power}`));
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** A whole number as an exponent: "⁻⁶". */
export const raised = (power: number): string =>
  (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => superscripts[Number(digit)]).join("");

/** The text of each tick. */
export function tickTexts(axis: Axis, scale: Scale, ticks: readonly number[]): string[] {
  if (axis.format !== undefined) return ticks.map(axis.format);
  if (axis.scale === "log") return ticks.map(logText);
  const largest = Math.max(...ticks.map(Math.abs));
  if (largest >= 1e5 || (largest > 0 && largest < 1e-3)) return ticks.map(shortNumber);
  return ticks.map(scale.tickFormat(Math.max(1, ticks.length)));
}

function logText(value: number): string {
  const power = Math.round(Math.log10(value));
  const isPower = Math.abs(value / 10 ** power - 1) < 1e-9;
  if (isPower && (power < -3 || power > 4)) return `10${raised(power)}`;
  return shortNumber(value);
}

/** A number in at most three digits, with a real minus sign: "0.42", "−1.5", "2.1·10⁻⁶". */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size >= 1e5 || size < 1e-3) {
    const [digits, power] = size.toExponential(2).split("e") as [string, string];
    const short = digits.replace(/\.?0+$/, "");
    return `${sign}${short === "1" ? "" : `${short}·`}10${raised(Number(power))}`;
  }
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return (
    sign +
    size
      .toFixed(places)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, "")
  );
}

/** A number with a fixed count of decimals, so that it does not jump while it changes: "−0.420". */
export function steadyNumber(value: number, places = 3): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e5) return shortNumber(value);
  const text = Math.abs(value).toFixed(Math.abs(value) >= 100 ? Math.min(1, places) : places);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** The least domain that holds all finite numbers, with a margin as a share of its length. */
export function extentOf(values: ArrayLike<number>, margin = 0): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const room = high > low ? (high - low) * margin : Math.max(Math.abs(low) * 0.5, 0.5);
  return [low - room, high + room];
}
