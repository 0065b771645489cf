// A hundred random kills of trainings with a run folder, while they train and while they save; each run is resumed until it is done.
import { kills } from "../kills.js";

const KILLS = 100;
const SEED = 1;

export default async function prove(report) {
  const { expected, ...found } = await kills(KILLS, SEED, report);
  return {
    claim:
      "A run that is killed at any moment and resumed ends with the bits of one that was never stopped: the same parameters, model file " +
      "and metrics (but for times), no file that cannot be read, no stray file.",
    holds: found.kills >= KILLS && found.differing.length === 0 && found.faults.length === 0,
    seed: SEED,
    ...found,
    expected,
  };
}
