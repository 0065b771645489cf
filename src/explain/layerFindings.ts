/**
 * What layers have against learning: they are flat where they stand, their ReLUs are dead, or the gradient vanishes or
 * explodes on its way to them.
 *
 * Sources: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), for saturation
 * and the size of gradients by layer; Lu et al., Dying ReLU and Initialization (arXiv 1903.06733).
 */
import type { Layer } from "../network/index.ts";
import { digits, type Finding, partOf, share } from "./findings.ts";
import type { LayerState } from "./probe.ts";

/** Share of a layer's activations that may be flat: from nine in ten on little gets through, from half on it is worth knowing. */
const FLAT = { warning: 0.9, note: 0.5 };

/** Share of the outputs that are flat and wrong: fewer may be examples with wrong labels. */
const WRONG_OUTPUTS = 0.1;

/**
 * Share of dead units from which on a layer is a bottleneck. Inputs of one sign leave about half of a fresh layer dead, and
 * such networks learn x² to 1e-5 all the same; three in four are no chance any more.
 */
const DEAD = 0.75;

/** Ratio of the deltas of a layer to those of the last, or its inverse, from which on one step size cannot suit both. */
const RATIO = 1e-3;

/**
 * @param starts Whether the network stands at its start, which the words should say.
 */
export function layerFindings(
  states: readonly LayerState[],
  layers: readonly Layer[],
  rows: number,
  starts = false,
): Finding[] {
  return [
    ...states.flatMap((state, i) => saturated(state, layers[i]!, rows, starts)),
    ...states.flatMap((state) => dead(state, rows)),
    ...flow(states),
  ];
}

function saturated(state: LayerState, { init }: Layer, rows: number, starts: boolean): Finding[] {
  const { layer, activation, saturated: flat, wrong, low, high, steepest } = state;
  if (flat === null || steepest === null || flat < FLAT.note) return [];
  // An output that is flat because it is sure, and right, is what training is for.
  if (wrong !== null && wrong < WRONG_OUTPUTS) return [];
  const all = flat === 1;
  const at0 = activation === "tanh" ? 1 : 0.25;
  const where = `over ${rows} examples its pre-activations are ${low.toPrecision(3)} to ${high.toPrecision(3)}, where`;
  const wrongText = wrong === null ? "" : `, ${share(wrong)} of the outputs are so and wrong`;
  return [
    {
      code: "saturated",
      level: all ? "error" : flat >= FLAT.warning ? "warning" : "note",
      layer,
      message:
        `layer ${layer} (${activation}) ${starts ? "starts" : "is"} saturated: ` +
        (all
          ? `${where} its derivative is at most ${steepest.toExponential(1)} (at 0 it is ${at0}), so next to nothing is learnt`
          : `${where} in ${share(flat)} its derivative is below a thousandth of that at 0${wrongText}, so little is learnt there`),
      remedy:
        init === "document"
          ? `${starts ? "start the network" : "train anew"} with init "he" or "glorot"`
          : "start with smaller weights or scale the inputs",
      numbers: { share: flat, low, high, steepest, ...(wrong === null ? {} : { wrong }) },
    },
  ];
}

function dead({ layer, activation, units, dead: count }: LayerState, rows: number): Finding[] {
  if (count === null || count === 0) return [];
  const level = count === units ? "error" : count >= DEAD * units ? "warning" : "note";
  return [
    {
      code: "dead-relu",
      level,
      layer,
      message:
        `layer ${layer} (${activation}): ${partOf(count, units, "unit")} ${count === 1 ? "is" : "are"} dead, 0 for each of ${rows} examples, ` +
        (count === units
          ? "so that the output is the same for every input and nothing below it is learnt"
          : `so that no gradient reaches ${count === 1 ? "its" : "their"} weights`),
      remedy:
        level === "note"
          ? "nothing need be done while the network is good enough; inputs around 0 keep more units alive"
          : "center the inputs around 0, start from another seed with smaller steps, or take leakyRelu",
      numbers: { dead: count, units, share: count / units },
    },
  ];
}

/** The first layer below the last, from the output on, whose deltas are too small or too large beside the last one's. */
function flow(states: readonly LayerState[]): Finding[] {
  const last = states.at(-1)!.delta;
  // A perfect fit sends nothing back, and what is not finite is another finding.
  if (!(last > 0 && states.every(({ delta }) => delta < Infinity))) return [];
  const ratios = states.map(({ delta }) => delta / last);
  const found: Finding[] = [];
  const low = ratios.findLastIndex((ratio) => ratio < RATIO);
  // Behind a layer that is dead to the last unit there is nothing to say beside that.
  const blocked = states.some(({ dead: count, units }, i) => count === units && i >= low);
  if (low >= 0 && !blocked) found.push(flowFinding(states, low, ratios));
  const high = ratios.indexOf(Math.max(...ratios));
  if (ratios[high]! > 1 / RATIO) found.push(flowFinding(states, high, ratios));
  return found;
}

function flowFinding(states: readonly LayerState[], i: number, ratios: number[]): Finding {
  const { layer, activation, delta } = states[i]!;
  const [ratio, last] = [ratios[i]!, states.at(-1)!];
  const vanishes = ratio < 1;
  return {
    code: vanishes ? "vanishing-gradient" : "exploding-gradient",
    level: ratio === 0 ? "error" : "warning",
    layer,
    message:
      `the gradient ${vanishes ? "vanishes" : "explodes"} on its way to layer ${layer} (${activation}): the derivatives of the loss by its pre-activations ` +
      `have norm ${digits(delta)}, those of layer ${last.layer} ${digits(last.delta)}, ` +
      (ratio === 0
        ? "so that it cannot learn at all"
        : `a ratio of ${digits(ratio)}, so that no step size suits both`),
    remedy: vanishes
      ? 'take relu or tanh instead of sigmoid, fewer layers, or a start that keeps sizes ("he", "glorot")'
      : "start with smaller weights, set clipNorm, or take fewer layers",
    numbers: { ratio, delta, last: last.delta, ratios },
  };
}
