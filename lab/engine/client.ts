/** The engine as the page has it: a worker, watched. */
import type { Ask, Engine, EngineListener, Reply } from "./protocol.ts";

/**
 * Looks, one a second, without a sign of life while a question waits: then it is gone. They are counted, not timed, since a
 * machine that slept finds the clock far ahead and the answer still in the post.
 */
const LOOKS = 10;

/** Starts the worker that trains. It ends by `close`, or when it fails; then the listener is told once. */
export function workerEngine(listener: EngineListener): Engine {
  let waiting = 0;
  let silent = 0;
  let over = false;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const watch = setInterval(() => {
    silent = waiting > 0 ? silent + 1 : 0;
    if (silent > LOOKS) die("it has been silent for ten seconds");
  }, 1000);

  function close(): void {
    over = true;
    clearInterval(watch);
    worker.terminate();
  }

  function die(why: string): void {
    if (over) return;
    close();
    listener.died(
      `The worker that trains has stopped: ${why}. Everything else works on; press run to start a new one.`,
    );
  }

  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    silent = 0;
    if (data.kind !== "alive") waiting--;
    if (!over) listener.reply(data);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    die(event.message || "it could not be loaded");
  });
  worker.addEventListener("messageerror", () => die("its answer could not be read"));
  return {
    ask(ask: Ask): void {
      waiting++;
      worker.postMessage(ask);
    },
    close,
  };
}
