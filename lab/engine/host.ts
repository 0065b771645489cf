/** Answers questions about one run at a time: what a worker does, without the worker. */

import type { Ask, Engine, Reply } from "./protocol.ts";
import { TrainingRun } from "./run.ts";

export class Host implements Engine {
  private readonly reply: (reply: Reply) => void;
  private run: TrainingRun | undefined;
  private id = -1;
  private last: Promise<void> = Promise.resolve();

  constructor(reply: (reply: Reply) => void) {
    this.reply = reply;
  }

  /** Answered after the questions before it. */
  ask(ask: Ask): void {
    this.last = this.last.then(() => this.answer(ask));
  }

  close(): void {
    this.last = this.last.then(() => this.run?.close());
  }

  private async answer(ask: Ask): Promise<void> {
    const { run: id, setting } = ask;
    try {
      if (setting !== undefined) {
        await this.run?.close();
        this.id = id;
        this.run = undefined;
        this.run = new TrainingRun(setting);
      }
      // A question about a run that was given up meanwhile.
      if (this.run === undefined || this.id !== id) return;
      this.reply({ kind: "frame", run: id, frame: await this.run.frame(ask) });
    } catch (error) {
      this.run = undefined;
      this.reply({
        kind: "refused",
        run: id,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
