/** Thinks about one topic's newest question and drops those that it replaces: what a worker does, without the worker. */
import { type Thoughts, type Topic, think } from "./think.ts";

export interface Question<T extends Topic = Topic> {
  readonly topic: T;
  readonly number: number;
  readonly request: Thoughts[T]["request"];
}

export interface Answer {
  readonly topic: Topic;
  readonly number: number;
  /** null where it was dropped. */
  readonly answer: unknown;
  /** Why there is none, where the library refused. */
  readonly refused?: string;
}

/** How long it thinks before it looks for newer questions, in milliseconds. */
const SLICE = 15;

export class ThinkHost {
  private readonly reply: (answer: Answer) => void;
  private readonly newest = new Map<Topic, number>();

  constructor(reply: (answer: Answer) => void) {
    this.reply = reply;
  }

  async ask({ topic, number, request }: Question): Promise<void> {
    this.newest.set(topic, number);
    let breath = -Infinity;
    const given = async (): Promise<boolean> => {
      if (performance.now() - breath < SLICE) return false;
      // Lets newer questions in.
      await new Promise((resolve) => setTimeout(resolve, 0));
      breath = performance.now();
      return this.newest.get(topic) !== number;
    };
    try {
      // Questions that came in a bunch: only the last one is thought about.
      const answer = (await given()) ? undefined : await think(topic, request, given);
      this.reply({ topic, number, answer: answer ?? null });
    } catch (error) {
      const refused = error instanceof Error ? error.message : String(error);
      this.reply({ topic, number, answer: null, refused });
    }
  }
}
