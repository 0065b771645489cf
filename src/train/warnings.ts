/**
 * What is seen to be wrong while a network is trained: the findings of the doctor that cost little, as events.
 *
 * Looking changes no bit of the training: it has a plan and a copy of some examples of its own, and nothing here depends on a
 * clock. Its cost is counted in multiplications and kept to about a hundredth of the training's, save at most three looks at the
 * curvature of a fixed learning rate (`rateWarning.ts`).
 */
import type { Dataset } from "../core/index.ts";
import {
  classFindings,
  columnsOf,
  type Finding,
  featureFindings,
  findingText,
  layerFindings,
  markInputs,
  Probe,
  targetFindings,
} from "../explain/index.ts";
import type { Network } from "../network/index.ts";
import { constantLoss } from "./constantLoss.ts";
import type { Run } from "./options.ts";
import { type Course, newCourse, rateWarning } from "./rateWarning.ts";
import type { EpochEvent, TrainState, WarningEvent, Watched } from "./types.ts";

/** Examples that go through the layers. */
const PROBE_ROWS = 64;

/** Examples whose gradients are taken one by one. */
const DELTA_ROWS = 4;

/** Numbers of the inputs that are looked at before the first step: a tenth of a millisecond. */
const FEATURE_NUMBERS = 65_536;

/**
 * What a look at the layers costs, for each parameter, in multiplications of the training: readable code is about twenty times
 * slower than generated code in its threads, and a gradient of one example costs eight more for each parameter.
 */
const LOOK = 20 * (PROBE_ROWS + 8 * DELTA_ROWS);

/** The share of the training's multiplications that may be spent on looking, and what may be spent in any case: a millisecond. */
const BUDGET = { share: 0.01, free: 1_000_000 };

/**
 * Over-fitting: the validation loss has stood this far above its lowest, for so many epochs, while the training loss fell. Below
 * this share of the best constant answer's loss it does not matter.
 */
const RISEN = { factor: 1.5, epochs: 5, matters: 0.05 };

function newWatched(): Watched {
  const lowest = { validation: Infinity, training: Infinity, epoch: 0 };
  return { given: [], lowest, risen: 0, course: newCourse(), spent: 0 };
}

export class Warnings {
  private readonly n: Network;
  private readonly run: Run;
  private readonly watched: Watched;
  private readonly course: Course;
  private readonly probe: Probe;
  /** The loss of the best constant answer on a set of examples, once it was wanted. */
  private readonly constants = new Map<Dataset, number>();

  constructor(n: Network, run: Run, state: TrainState) {
    this.n = n;
    this.run = run;
    // States that were saved by 0.1.0 have none.
    state.watched ??= newWatched();
    this.watched = state.watched;
    // Earlier states have no course.
    this.course = this.watched.course ??= newCourse();
    this.probe = new Probe(n, run.loss, run.data, PROBE_ROWS);
  }

  /** Before the first step. */
  atStart(): WarningEvent[] {
    const { n, probe } = this;
    const { data, loss, weights } = this.run;
    // Gradients by layer say more when some steps have been taken.
    const states = probe.states(0);
    return this.raise([
      ...layerFindings(states, n.layers, probe.data.rows, true),
      ...featureFindings(data, columnsOf(data, FEATURE_NUMBERS), markInputs(n)),
      ...targetFindings(n.layers.at(-1)!, loss, data),
      // Row weights are the remedy that would be named.
      ...(weights === undefined ? classFindings(data, loss) : []),
    ]);
  }

  /** @param last Whether it is the last epoch planned. */
  atEpoch(event: EpochEvent, last: boolean): WarningEvent[] {
    const { n, run, probe, course } = this;
    return this.raise([
      ...this.layers(event, last),
      ...this.overfit(event),
      ...rateWarning(n, run, { probe, course, constant: () => this.constantOn(run.data) }, event, last),
    ]);
  }

  /** At epochs 1, 2, 4, 8, … and the last, as far as the budget allows. */
  private layers({ epoch, exampleEvaluations }: EpochEvent, last: boolean): Finding[] {
    const { n, probe, watched } = this;
    // Earlier states do not say what was spent.
    const { spent = 0 } = watched;
    if (!last && (epoch & (epoch - 1)) !== 0) return [];
    const cost = LOOK * n.parameterCount;
    const training = 3 * n.parameterCount * exampleEvaluations;
    if (spent + cost > BUDGET.free + BUDGET.share * training) return [];
    watched.spent = spent + cost;
    return layerFindings(probe.states(DELTA_ROWS), n.layers, probe.data.rows);
  }

  private overfit({ epoch, loss: training, validation }: EpochEvent): Finding[] {
    if (validation === undefined) return [];
    const { watched } = this;
    const { lowest } = watched;
    const { loss } = validation as { loss: number };
    if (!(loss >= lowest.validation)) {
      watched.lowest = { validation: loss, training, epoch };
      watched.risen = 0;
      return [];
    }
    const rose = loss > RISEN.factor * lowest.validation && loss > 2 * training;
    const parted = rose && training < lowest.training && loss > this.mattering();
    watched.risen = parted ? watched.risen + 1 : 0;
    if (watched.risen < RISEN.epochs) return [];
    return [
      {
        code: "over-fitting",
        level: "warning",
        message:
          `since epoch ${lowest.epoch} the training loss fell from ${short(lowest.training)} to ${short(training)}, but the validation loss ` +
          `rose from ${short(lowest.validation)} to ${short(loss)}: the network learns by heart`,
        remedy:
          "set patience, which ends training there and brings the best parameters back, give more examples, or take fewer units",
        numbers: { epoch: lowest.epoch, training, validation: loss, lowest: lowest.validation },
      },
    ];
  }

  private mattering(): number {
    return RISEN.matters * this.constantOn(this.run.validation!);
  }

  private constantOn(data: Dataset): number {
    const known = this.constants.get(data);
    if (known !== undefined) return known;
    const found = constantLoss(this.run.loss, data);
    this.constants.set(data, found);
    return found;
  }

  /** What is no mere note, each code once for a layer and run. */
  private raise(findings: readonly Finding[]): WarningEvent[] {
    return findings.flatMap((finding) => {
      const { code, level, layer, numbers } = finding;
      const key = `${code} ${layer ?? 0}`;
      if (level === "note" || this.watched.given.includes(key)) return [];
      this.watched.given.push(key);
      const where = layer === undefined ? {} : { layer };
      return [{ event: "warning", code, level, ...where, message: findingText(finding), numbers }];
    });
  }
}

const short = (x: number): string => x.toPrecision(3);
