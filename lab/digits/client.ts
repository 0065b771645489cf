/** The worker as the page has it. */
import type { DigitsAsk, DigitsReply } from "./protocol.ts";

export interface DigitsWorker {
  ask(ask: DigitsAsk): void;
  close(): void;
}

/** @param died Told once, when the worker fails. */
export function digitsWorker(
  onReply: (reply: DigitsReply) => void,
  died: (message: string) => void,
): DigitsWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<DigitsReply>) => onReply(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    worker.terminate();
    died(`The worker has stopped: ${event.message || "it could not be loaded"}. Everything else works on.`);
  });
  return { ask: (ask) => worker.postMessage(ask), close: () => worker.terminate() };
}
