/**
 * The page's side of training: asks the engine for one frame of work at a time, when the last one is on the screen, so that no
 * input ever waits for it.
 */
import type { Ask, Engine, Frame, Losses, MakeEngine, Reply } from "../engine/protocol.ts";
import type { Setting } from "./types.ts";

/**
 * Time that the engine has for a frame, in milliseconds. With more, its answer comes while the page is still drawing and waits
 * for the frame after the next: on two cores 12 ms gave hardly more steps a second, in half of the frames.
 */
const FRAME = 6;

interface DriverListener {
  /** The run has arrived at a step and is to be shown there. */
  show(frame: Frame): void;
  /** What steps of the run saw, shown or not. */
  learn(losses: Losses): void;
  /** Playing, going to a step, or neither, has changed. */
  changed(): void;
  failed(message: string): void;
}

interface Run {
  readonly id: number;
  readonly setting: () => Setting;
}

export class Driver {
  /** Steps a frame. */
  speed: number = Infinity;
  playing = false;
  /** The step that it is on its way to; null where it is on none. */
  target: number | null = null;
  /** How far it has come on a way that takes longer than a frame; null otherwise. */
  reached: number | null = null;
  private readonly make: MakeEngine;
  private readonly listener: DriverListener;
  private engine: Engine | undefined;
  private run: Run | undefined;
  /** The step on show. */
  private at = 0;
  /** The run that the engine has. */
  private sent: number | undefined;
  private asked: Ask | undefined;
  private answer: Frame | undefined;
  private share = 0;
  private frameHandle: number | undefined;

  constructor(make: MakeEngine, listener: DriverListener) {
    this.make = make;
    this.listener = listener;
  }

  /** From now on it is about this run, on show at step `at`; whatever was going on is over. */
  begin(run: Run, at: number): void {
    this.run = run;
    this.at = at;
    this.halt();
  }

  play(): void {
    if (this.playing) return;
    this.target = null;
    this.reached = null;
    this.playing = true;
    this.listener.changed();
    this.pump();
  }

  pause(): void {
    this.halt();
    this.listener.changed();
  }

  goTo(step: number): void {
    this.playing = false;
    this.reached = null;
    this.target = step === this.at ? null : step;
    this.listener.changed();
    this.pump();
  }

  close(): void {
    this.halt();
    if (this.frameHandle !== undefined) cancelFrame(this.frameHandle);
    this.drop();
  }

  private halt(): void {
    this.playing = false;
    this.target = null;
    this.reached = null;
  }

  private drop(): void {
    this.engine?.close();
    this.engine = undefined;
    this.sent = undefined;
    this.asked = undefined;
    this.answer = undefined;
  }

  /** Asks, if there is something to ask for and the last answer has been used. */
  private pump(): void {
    const { run } = this;
    if (run === undefined || this.asked !== undefined || this.frameHandle !== undefined) return;
    if (!this.playing && this.target === null) return;
    const most = this.target === null ? this.portion() : 0;
    if (this.target === null && most === 0) {
      this.onNextFrame();
      return;
    }
    const from = this.target ?? this.at;
    const setting = this.sent === run.id ? {} : { setting: run.setting() };
    this.asked = { run: run.id, from, most, milliseconds: FRAME, ...setting };
    this.sent = run.id;
    this.engine ??= this.make({
      reply: (reply) => this.onReply(reply),
      died: (message) => this.fail(message),
    });
    this.engine.ask(this.asked);
  }

  /** Steps of this frame; slow motion takes none in most of them. */
  private portion(): number {
    if (this.speed === Infinity) return Number.MAX_SAFE_INTEGER;
    this.share += this.speed;
    const whole = Math.floor(this.share);
    this.share -= whole;
    return whole;
  }

  private onReply(reply: Reply): void {
    if (reply.kind === "alive") return;
    if (reply.kind === "refused") {
      this.asked = undefined;
      this.sent = undefined;
      if (reply.run === this.run?.id) this.fail(reply.message);
      else this.pump();
      return;
    }
    this.answer = reply.frame;
    this.onNextFrame();
  }

  private onNextFrame(): void {
    this.frameHandle ??= requestFrame(() => {
      this.frameHandle = undefined;
      const frame = this.use();
      // First the next question: the engine works while the page draws.
      this.pump();
      if (frame !== undefined) this.listener.show(frame);
    });
  }

  /** The answer, if it is to be shown and nothing else is wanted by now. */
  private use(): Frame | undefined {
    const { answer: frame, asked, listener } = this;
    if (frame === undefined || asked === undefined) return undefined;
    this.answer = undefined;
    this.asked = undefined;
    if (asked.run !== this.run?.id) return undefined;
    listener.learn(frame.losses);
    const seeking = asked.most === 0;
    if (seeking ? this.target !== asked.from : !this.playing) return undefined;
    this.reached = frame.arrived ? null : frame.mark.step;
    if (!frame.arrived) {
      listener.changed();
      return undefined;
    }
    this.at = frame.mark.step;
    if (seeking) this.target = null;
    if (frame.ended !== null) this.playing = false;
    return frame;
  }

  private fail(message: string): void {
    this.halt();
    this.drop();
    this.listener.failed(message);
  }
}

/** Frames of the page; where there are none, as in tests without a browser, timers. */
function requestFrame(callback: () => void): number {
  if (typeof requestAnimationFrame === "function") return requestAnimationFrame(callback);
  return setTimeout(callback, 0) as unknown as number;
}

function cancelFrame(handle: number): void {
  if (typeof cancelAnimationFrame === "function") cancelAnimationFrame(handle);
  else clearTimeout(handle);
}
