/**
 * Findings: what keeps a network from learning, or from answering well, with its numbers and what helps.
 *
 * The light ones (of data, of activations, of gradients by layer) are made here and beside. Training raises them as warnings,
 * and that of a learning rate where the losses give reason to look; `doctor` has all of them.
 */

/** "error": it cannot learn, or its answers are no good; "warning": it learns or answers worse; "note": good to know. */
export type Level = "error" | "warning" | "note";

export type FindingCode =
  | "not-finite"
  | "saturated"
  | "dead-relu"
  | "vanishing-gradient"
  | "exploding-gradient"
  | "constant-feature"
  | "unscaled-feature"
  | "outside-trained-range"
  | "target-out-of-range"
  | "class-imbalance"
  | "learning-rate-too-large"
  | "learning-rate-too-small"
  | "over-fitting";

/** Plain data that survives JSON; all numbers are finite. */
export interface Finding {
  code: FindingCode;
  level: Level;
  /** What was seen, with numbers; a clause without a full stop. */
  message: string;
  /** What helps; a clause without a full stop. */
  remedy: string;
  /** From 1, where one layer is to blame. */
  layer?: number;
  /** Inputs, from 0, where some are to blame. */
  columns?: number[];
  numbers: Record<string, number | number[]>;
}

const levels: readonly Level[] = ["error", "warning", "note"];

/** Errors first, then warnings, then notes; else in the order that they came in. */
export function byLevel(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}

/** Three or four digits: enough to compare by. */
export function digits(x: number): string {
  const size = Math.abs(x);
  return size === 0 || (size >= 1e-3 && size < 1e6)
    ? String(Number(x.toPrecision(4)))
    : x.toExponential(1).replace(".0e", "e");
}

/** 0.3333 as "33 %"; shares that are small or nearly all keep a digit more. */
export function share(x: number): string {
  const percent = 100 * x;
  const fraction = x > 0 && x < 1 && (percent < 2 || percent > 98) ? 1 : 0;
  return `${percent.toFixed(fraction)} %`;
}

/** "0, 1, 2 and 64 more". */
export function listed(items: readonly (string | number)[], most = 5): string {
  if (items.length <= most + 1) return items.join(", ");
  return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
}

/** "12 of 16 units". */
export function partOf(count: number, all: number, what: string): string {
  return `${count} of ${all} ${what}${all === 1 ? "" : "s"}`;
}

/** `count` of the numbers 0 to `all` - 1, evenly spaced, so that rows that are sorted are all the same seen in their whole. */
export function evenly(all: number, count: number): number[] {
  const taken = Math.min(all, Math.max(1, Math.floor(count)));
  return Array.from({ length: taken }, (_, k) => Math.floor((k * all) / taken));
}

/** A finding as one sentence. */
export function findingText({ message, remedy }: Finding): string {
  return `${message}; ${remedy}.`;
}
