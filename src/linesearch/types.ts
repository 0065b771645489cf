/** What a line search hands back: plain data, so that it can be shown, stored and compared. */

/** One step size that was tried. */
export interface Trial {
  /** The factor t of the direction. */
  stepSize: number;
  /** phi(t), the loss at that step. */
  value: number;
  /** The value that the condition allows at that step: the trial's must not lie above. */
  bound: number;
  /** The value that the trial's must not lie below; for Goldstein's conditions. */
  lower?: number;
  /** phi'(t), for Wolfe's conditions. */
  slope?: number;
  /** The largest |phi'(t)| that is allowed; for Wolfe's conditions. */
  slopeBound?: number;
  /** The damping that was tried, for methods that shorten their step by it: `stepSize` is 1 then, and the value must fall below `bound`. */
  damping?: number;
  accepted: boolean;
}

/** The outcome of a search; a search that finds nothing is an outcome with its reason, not an error. */
export interface Search {
  accepted: boolean;
  /** The step size that was accepted; 0 where none was. */
  stepSize: number;
  /** phi(stepSize), so phi(0) where no step was accepted. */
  value: number;
  /** How often phi was asked. */
  evaluations: number;
  /** "accepted", or why the search ended without a step, in words and numbers. */
  reason: string;
  /** Every trial in order, the accepted one last; only where the caller asked for a trace. */
  trials?: Trial[];
}
