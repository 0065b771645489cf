/** The lines of the proof over a whole run. */
import type { ConvergeStep, LineSummary } from "./convergeTypes.ts";
import { proofLines, slackOf } from "./proofLines.ts";

/** Each line with the number of steps that it was checked in, and the step in which it came nearest to failing. */
export function summarize(steps: readonly ConvergeStep[]): LineSummary[] {
  return proofLines.map((line) => {
    let checked = 0;
    let failed = 0;
    let worst: LineSummary["worst"] = null;
    for (const { step, lines } of steps) {
      const found = lines.find((candidate) => candidate.line === line.id);
      if (found === undefined) continue;
      checked++;
      if (!found.holds) failed++;
      // One that fails is worse than any that holds.
      const worse =
        worst === null ||
        (worst.holds && !found.holds) ||
        (worst.holds === found.holds && slackOf(found) < slackOf(worst));
      if (worse) worst = { step, ...found };
    }
    return { ...line, checked, failed, holds: failed === 0, worst };
  });
}
