/** Races: trainers one after the other from the same parameters, each until it has gone over the same number of examples. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { workerEngine } from "../engine/client.ts";
import type { Engine, Frame, MakeEngine, Reply } from "../engine/protocol.ts";
import { methodTitles } from "../panels/names.ts";
import type { Lab, Method, Setting } from "../state/types.ts";
import { type LossLine, lineColors } from "./lossChartMarks.ts";
import { objectiveHere } from "./objectiveHere.ts";

export interface Race {
  /** Contestants that have begun, in the order of their starts; none where there is no race. */
  readonly lines: Accessor<readonly LossLine[]>;
  /** Examples that each may go over. */
  readonly budget: Accessor<number>;
  readonly running: Accessor<boolean>;
  readonly fault: Accessor<string>;
  start(methods: readonly Method[]): void;
  end(): void;
}

/** Points of a contestant's line, about, and the longest time from one to the next in milliseconds. */
const POINTS = 80;
const LONGEST = 50;

/** Where the reader has chosen no learning rate for a method. */
const rates: Partial<Record<Method, number>> = { gradientDescent: 0.1, momentum: 0.03, adam: 0.01 };

/** The setting at hand with another trainer, at the start of its run. */
export function contestant(setting: Setting, method: Method): Setting {
  const { trainer } = setting;
  const learningRate =
    method === trainer.method ? trainer.learningRate : (rates[method] ?? trainer.learningRate);
  return { ...setting, step: 0, trainer: { ...trainer, method, learningRate } };
}

function contestantName({ trainer: { method, learningRate } }: Setting): string {
  return rates[method] === undefined ? methodTitles[method] : `${methodTitles[method]} ${learningRate}`;
}

export function createRace(lab: Lab, make: MakeEngine = workerEngine): Race {
  const [lines, setLines] = createSignal<readonly LossLine[]>([]);
  const [budget, setBudget] = createSignal(0);
  const [running, setRunning] = createSignal(false);
  const [fault, setFault] = createSignal("");
  const f = objectiveHere(lab, false);
  let engine: Engine | undefined;
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  let current = 0;

  const ask = (question: Parameters<Engine["ask"]>[0]): Promise<Reply> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      engine?.ask(question);
    });

  const stop = (): void => {
    current += 1;
    engine?.close();
    engine = undefined;
    setRunning(false);
  };

  /** One contestant from start to the end of its plan or of the budget. */
  async function run(setting: Setting, id: number, most: number, color: string): Promise<void> {
    const mine = current;
    const trace = { steps: [] as number[], evaluations: [] as number[], losses: [] as number[] };
    const others = lines();
    const note = ({ mark, parameters }: Pick<Frame, "mark" | "parameters">): void => {
      trace.steps.push(mark.step);
      trace.evaluations.push(mark.exampleEvaluations);
      trace.losses.push(f().value(parameters));
      const label = contestantName(setting);
      const line = { id, label, live: false, color, noisy: false };
      setLines([...others, { ...line, trace: { ...trace, losses: [...trace.losses] } }]);
    };
    let from = 0;
    for (let first = true; ; first = false) {
      const given = first ? { setting } : {};
      const steps = first ? 0 : stepsOf(trace, most);
      const reply = await ask({ run: id, from, most: steps, milliseconds: LONGEST, ...given });
      if (mine !== current) return;
      if (reply.kind === "refused") throw new Error(reply.message);
      if (reply.kind !== "frame") continue;
      const { mark, ended } = reply.frame;
      // A step that would cost more than is left does not count.
      if (mark.exampleEvaluations > most) return;
      if (first || mark.step > from) note(reply.frame);
      if (ended !== null || mark.exampleEvaluations === most) return;
      from = mark.step;
    }
  }

  async function start(methods: readonly Method[]): Promise<void> {
    stop();
    lab.pause();
    const mine = current;
    const setting = lab.setting();
    const most = setting.trainer.epochs * lab.dataset().rows;
    setBudget(most);
    setFault("");
    setLines([]);
    setRunning(true);
    engine = make({
      reply: (reply) => {
        if (reply.kind !== "alive") waiting?.resolve(reply);
      },
      died: (message) => waiting?.reject(new Error(message)),
    });
    try {
      for (const [i, method] of methods.entries()) {
        if (mine !== current) return;
        await run(contestant(setting, method), i + 1, most, lineColors[i % lineColors.length]!);
      }
    } catch (error) {
      if (mine === current) setFault(error instanceof Error ? error.message : String(error));
    }
    if (mine === current) stop();
  }

  onCleanup(stop);
  return {
    lines,
    budget,
    running,
    fault,
    start: (methods) => void start(methods),
    end() {
      stop();
      setLines([]);
    },
  };
}

/** Steps to the next point of a line, if they cost as much as those before; no more than the budget has room for. */
function stepsOf({ steps, evaluations }: Omit<LossLine["trace"], "losses">, budget: number): number {
  const done = steps.at(-1) ?? 0;
  if (done === 0) return 1;
  const spent = evaluations.at(-1) ?? 0;
  return Math.max(1, Math.floor(Math.min(budget / POINTS, budget - spent) / (spent / done)));
}
