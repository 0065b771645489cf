/** Why a run ended, in a sentence for the page. */
import type { TrainResult } from "talweg";

export function endMessage({ reason, failure, challenger, epochs }: TrainResult): string {
  if (failure !== undefined) return failure.message;
  if (reason === "searchFailed") {
    return "The line search found no step that lowers the loss: as far as float32 can tell, this is the bottom.";
  }
  const done = `All ${epochs} epochs are done.`;
  if (challenger === undefined) return done;
  return challenger.accepted
    ? `${done} auto was stuck, and L-BFGS from the same start did better: its parameters were taken.`
    : `${done} auto seemed stuck; L-BFGS from the same start did no better.`;
}
