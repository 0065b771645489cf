/** Training in the page: a worker of its own, what it has told so far, and its network on show while it learns. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { fromSafetensors, network } from "talweg";
import { type DigitsWorker, digitsWorker } from "./client.ts";
import type { Digits } from "./createDigits.ts";
import type { Model } from "./digitsState.ts";
import { sourceOf } from "./images.ts";
import { type DigitsReply, plannedLayers, type TrainingPlan } from "./protocol.ts";

/** The share of test images that a network on all of MNIST is expected to read. */
export const GOAL = 0.97;

interface EpochNews {
  readonly epoch: number;
  readonly step: number;
  readonly accuracy: number;
  readonly seconds: number;
}

export interface TrainingNews {
  readonly status: "none" | "loading" | "running" | "ended";
  /** Bytes of the images that have come, and all of them. */
  readonly loaded: number;
  readonly total: number;
  readonly step: number;
  readonly steps: number;
  readonly seconds: number;
  /** Mean losses of the steps up to each report. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
  readonly epochs: readonly EpochNews[];
  readonly message: string;
}

const nothing: TrainingNews = {
  status: "none",
  loaded: 0,
  total: 0,
  step: 0,
  steps: 0,
  seconds: 0,
  losses: [],
  epochs: [],
  message: "",
};

export interface DigitsTraining {
  readonly news: Accessor<TrainingNews>;
  readonly isBusy: Accessor<boolean>;
  /** @param until The step after which it ends, if before the last. */
  start(plan: TrainingPlan, until?: number): Promise<void>;
  stop(): void;
}

export function createTraining(digits: Digits): DigitsTraining {
  const [news, setNews] = createSignal<TrainingNews>(nothing);
  let worker: DigitsWorker | undefined;
  const update = (more: Partial<TrainingNews>): void => {
    setNews((old) => ({ ...old, ...more }));
  };
  const end = (message: string): void => {
    worker?.close();
    worker = undefined;
    update({ status: "ended", message });
  };
  /** Takes the place of the network on show: with the first news as a change that can be undone, then as long as it is there. */
  const show = (model: Model, first: boolean): void => {
    if (first) digits.replace(model, "training");
    else digits.renew(model);
  };
  let stopped = false;
  let closed = false;
  onCleanup(() => {
    closed = true;
    worker?.close();
  });

  return {
    news,
    isBusy: () => news().status === "loading" || news().status === "running",
    stop() {
      stopped = true;
      worker?.ask({ kind: "stop" });
    },
    async start(given, until) {
      if (worker !== undefined || this.isBusy()) return;
      // An object of its own, by which the network is known as long as it learns.
      const plan = { ...given };
      stopped = false;
      setNews({ ...nothing, status: "loading" });
      const tests = await digits.wantTests(plan.extent);
      if (closed) return;
      if (tests === undefined) return end(digits.fault());
      if (stopped) return end("Stopped before it began.");
      const originAt = (step: number): Model["origin"] => ({ kind: "trained", plan, step });
      let first = true;
      const onReply = (reply: DigitsReply): void => {
        if (reply.kind === "loading") update({ loaded: reply.loaded, total: reply.total });
        else if (reply.kind === "trained") {
          const { step, steps, seconds, loss, parameters } = reply;
          setNews((old) => ({
            ...old,
            status: "running",
            step,
            steps,
            seconds,
            losses: [...old.losses, { step, loss }],
          }));
          const n = network(plannedLayers(plan), { seed: plan.seed });
          n.parameters.set(parameters);
          show({ network: n, origin: originAt(step) }, first);
          first = false;
        } else if (reply.kind === "epoch") {
          const { kind: _, ...epoch } = reply;
          setNews((old) => ({ ...old, seconds: epoch.seconds, epochs: [...old.epochs, epoch] }));
        } else if (reply.kind === "ended") {
          // Stopped before it has learned anything it takes nobody's place.
          const model = { network: fromSafetensors(reply.bytes), origin: originAt(reply.step) };
          if (!(first && reply.stopped)) show(model, first);
          end(endText(news(), reply.rows, reply.stopped));
        } else if (reply.kind === "refused") end(reply.message);
      };
      worker = digitsWorker(onReply, end);
      worker.ask({ kind: "images", test: tests.data });
      worker.ask({ kind: "train", plan, source: sourceOf("train", plan.extent), until });
    },
  };
}

function endText({ epochs, seconds }: TrainingNews, rows: number, stopped: boolean): string {
  const reached = epochs.find(({ accuracy }) => accuracy >= GOAL);
  const last = epochs.at(-1);
  const how = stopped ? "Stopped" : "Done";
  const images = `${rows.toLocaleString("en-US")} images`;
  const first = `${how} after ${seconds.toFixed(1)} s on ${images}`;
  if (reached !== undefined) {
    return `${first}: 97 % of the test images were read right after ${reached.seconds.toFixed(1)} s, in epoch ${reached.epoch}; ${(100 * (last?.accuracy ?? 0)).toFixed(2)} % at the end.`;
  }
  return `${first}${last === undefined ? "" : `: ${(100 * last.accuracy).toFixed(2)} % of the test images`}.`;
}

/** What training does, in a sentence. */
export function progressText({
  status,
  loaded,
  total,
  step,
  steps,
  losses,
  epochs,
  seconds,
  message,
}: TrainingNews): string {
  if (status === "none") return "";
  if (status === "ended") return message;
  if (status === "loading") {
    const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);
    return loaded === 0
      ? "Loading the images …"
      : `Loading the images: ${mega(loaded)} of ${mega(Math.max(total, loaded))} MB`;
  }
  const last = epochs.at(-1);
  const accuracy =
    last === undefined
      ? ""
      : `, test accuracy ${(100 * last.accuracy).toFixed(2)} % after epoch ${last.epoch}`;
  return `${seconds.toFixed(0)} s, step ${step} of ${steps}, loss ${losses.at(-1)?.loss.toFixed(3)}${accuracy}`;
}
