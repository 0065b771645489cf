// Whether a contestant computed what it was asked to: only then is it timed.

/** Largest relative difference of the loss after the check's training from the one in float64. */
export const LOSS_TOLERANCE = 0.005;
/** Largest relative difference of a predicted probability. */
export const OUTPUT_TOLERANCE = 1e-4;
/** The loss before training is one forward pass. */
const START_TOLERANCE = 1e-4;

const relative = (found, wanted) => Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-6);

/**
 * Holds an answer against the reference.
 *
 * @param near Whether the contestant only comes near the workload, and has to learn at all.
 * @returns `{ deviation }`, relative; `{ learned }` where it is near; or `{ wrong }`, the reason.
 */
export function judge(answer, wanted, near) {
  if (wanted.outputs !== undefined) return judgeOutputs(answer.outputs, wanted.outputs, near);
  const { before, loss } = answer;
  if (!Number.isFinite(before) || !Number.isFinite(loss))
    return { wrong: `its loss is ${before}, then ${loss}` };
  if (near) {
    if (loss < before) return { learned: [before, loss] };
    return { wrong: `it does not learn: loss ${before} before and ${loss} after training` };
  }
  if (relative(before, wanted.before) > START_TOLERANCE) {
    return { wrong: `its loss at the common start is ${before}, expected ${wanted.before}` };
  }
  const deviation = relative(loss, wanted.loss);
  if (deviation > LOSS_TOLERANCE) return { wrong: `its loss is ${loss}, expected ${wanted.loss}` };
  return { deviation };
}

function judgeOutputs(outputs, wanted, near) {
  if (outputs?.length !== wanted.length) {
    return { wrong: `it gives ${outputs?.length} outputs, expected ${wanted.length}` };
  }
  if (!outputs.every(Number.isFinite)) return { wrong: "an output is not finite" };
  if (near) return { learned: [] };
  const deviation = outputs.reduce((worst, out, i) => Math.max(worst, relative(out, wanted[i])), 0);
  if (deviation > OUTPUT_TOLERANCE) return { wrong: `an output is off by ${deviation}, relative` };
  return { deviation };
}
