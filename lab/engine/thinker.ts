/** Slow thinking beside the page. The newest question of each kind wins: one that it replaces is answered with null. */
import type { Finding, LineSearchExplanation } from "talweg";
import type { Landscape } from "./landscape.ts";
import type { LandscapeRequest, LineSearchRequest, Subject, Thoughts, Topic } from "./think.ts";
import { type Answer, type Question, ThinkHost } from "./thinkHost.ts";

export type { Landscape, LandscapeAxes } from "./landscape.ts";
export type { LandscapeRequest, Subject } from "./think.ts";

export interface Thinker {
  /** The loss on a plane through the parameters; rejects with an Error where the library refuses. */
  landscape(request: LandscapeRequest): Promise<Landscape | null>;
  /** What is wrong and what helps, errors first. */
  doctor(subject: Subject): Promise<Finding[] | null>;
  /** Armijo's search along minus the gradient, with every trial. Rejects at a stationary point, with the reason. */
  lineSearch(request: LineSearchRequest): Promise<LineSearchExplanation | null>;
  close(): void;
}

/** Who answers: a worker, or the same code here. */
interface Mind {
  ask(question: Question): void;
  close(): void;
}

export type MakeMind = (reply: (answer: Answer) => void, died: (message: string) => void) => Mind;

/** A worker; it starts with the first question. */
const workerMind: MakeMind = (reply, died) => {
  const worker = new Worker(new URL("./thinkWorker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => reply(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    worker.terminate();
    died(`The worker that thinks has stopped: ${event.message || "it could not be loaded"}.`);
  });
  return { ask: (question) => worker.postMessage(question), close: () => worker.terminate() };
};

/** The same without a worker: for tests, and for pages that may have none. */
export const localMind: MakeMind = (reply) => {
  const host = new ThinkHost(reply);
  return { ask: (question) => void host.ask(question), close: () => {} };
};

interface Waiting {
  number: number;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createThinker(make: MakeMind = workerMind): Thinker {
  const waiting = new Map<Topic, Waiting>();
  let mind: Mind | undefined;
  let numbers = 0;

  function onAnswer({ topic, number, answer, refused }: Answer): void {
    const one = waiting.get(topic);
    if (one?.number !== number) return;
    waiting.delete(topic);
    if (refused === undefined) one.resolve(answer);
    else one.reject(new Error(refused));
  }

  /** The next question starts a new worker. */
  function onDeath(message: string): void {
    mind = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const one of all) one.reject(new Error(message));
  }

  function ask<T extends Topic>(
    topic: T,
    request: Thoughts[T]["request"],
  ): Promise<Thoughts[T]["answer"] | null> {
    waiting.get(topic)?.resolve(null);
    mind ??= make(onAnswer, onDeath);
    const number = ++numbers;
    return new Promise((resolve, reject) => {
      waiting.set(topic, { number, resolve: resolve as (answer: unknown) => void, reject });
      mind!.ask({ topic, number, request });
    });
  }

  return {
    landscape: (request) => ask("landscape", request),
    doctor: (subject) => ask("doctor", subject),
    lineSearch: (request) => ask("lineSearch", request),
    close() {
      mind?.close();
      mind = undefined;
      for (const one of waiting.values()) one.resolve(null);
      waiting.clear();
    },
  };
}
