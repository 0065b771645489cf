/** What every search refuses, with the search's own name in the message. */
import { LineSearchError } from "../core/index.ts";

/** @throws {LineSearchError} When there is nothing to compare with, or the direction does not descend. */
export function checkStart(owner: string, phi0: number, slope0: number): void {
  if (!Number.isFinite(phi0)) {
    throw new LineSearchError(
      `${owner}: phi0 is ${phi0}, expected a finite loss, since every trial is compared with it; ` +
        "start from a point where the loss is finite.",
    );
  }
  if (!Number.isFinite(slope0)) {
    throw new LineSearchError(
      `${owner}: slope0 is ${slope0}, expected a finite number below 0; check the gradient, or scale the function down.`,
    );
  }
  if (slope0 >= 0) {
    const ascends = slope0 > 0 ? "this direction ascends and " : "";
    throw new LineSearchError(
      `${owner}: slope0 is ${slope0}, expected a number below 0, since ${ascends}only a descent direction lowers the loss; ` +
        "pass the gradient times the direction, and stop where the gradient is 0.",
    );
  }
}

/** @throws {LineSearchError} When the first trial does not step forward. */
export function checkInitial(owner: string, initial: number): void {
  if (initial > 0 && initial < Infinity) return;
  throw new LineSearchError(
    `${owner}: initial is ${initial}, expected a finite number above 0, since the first trial steps forward; pass for example 1.`,
  );
}

/** @throws {LineSearchError} When trials could not grow. @param option Its name, "grow" or "expand". */
export function checkGrowth(owner: string, option: string, factor: number, example: number): void {
  if (factor > 1 && factor < Infinity) return;
  throw new LineSearchError(
    `${owner}: ${option} is ${factor}, expected a finite number above 1, since a step that is too short must grow; ` +
      `pass for example ${example}.`,
  );
}

/** @throws {LineSearchError} When not a single trial is allowed. */
export function checkMaxTrials(owner: string, maxTrials: number): void {
  if (Number.isSafeInteger(maxTrials) && maxTrials >= 1) return;
  throw new LineSearchError(
    `${owner}: maxTrials is ${maxTrials}, expected a whole number of at least 1, since a search tries at least one step; ` +
      "pass for example 40.",
  );
}
