/**
 * Where threads come from: worker threads of Node, workers of a browser. Everything else about them is in `threads.ts`.
 *
 * A worker is made from a text and not from a file, so that it survives any bundler and needs no address of its own.
 */

/** Starts workers. */
export interface ThreadHost {
  /**
   * Starts a worker in the background.
   *
   * @param source The text of a function of one argument, which the worker calls with `data`.
   * @param failed Is told when the worker could not be started or ended without being stopped, and why.
   * @throws What the platform throws where it refuses workers.
   */
  start(source: string, data: unknown, failed: (reason: string) => void): { stop(): void };
}

/** What this platform offers; undefined where memory cannot be shared, as in a page that is not cross-origin isolated. */
export function defaultThreadHost(): ThreadHost | undefined {
  if (typeof SharedArrayBuffer === "undefined") return undefined;
  if (nodeModule("node:worker_threads") !== undefined) return { start: startInNode };
  if (globalThis.crossOriginIsolated && typeof Worker !== "undefined") return { start: startInBrowser };
  return undefined;
}

/** How many threads can run at the same time; 1 where that is not known. */
export function availableThreads(): number {
  return nodeModule("node:os")?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/**
 * A module of Node, undefined elsewhere. It is looked up and not imported: an import would have to be static, and fail in
 * browsers, or awaited, and every bundler for browsers would stumble over its name.
 */
function nodeModule<Name extends "node:worker_threads" | "node:os">(
  name: Name,
): ReturnType<typeof process.getBuiltinModule<Name>> | undefined {
  return globalThis.process?.getBuiltinModule?.(name);
}

const startInNode: ThreadHost["start"] = (source, data, failed) => {
  const { Worker } = nodeModule("node:worker_threads")!;
  let stopped = false;
  const worker = new Worker(`(${source})(require("node:worker_threads").workerData);`, {
    eval: true,
    workerData: data,
    name: "talweg",
    // No flags of the parent's, NODE_OPTIONS included: they may load files (--import) or change how the text is read.
    execArgv: [],
    // Kept from the parent's streams: the worker prints nothing, and a warning of Node's is not for the reader.
    stdout: true,
    stderr: true,
  });
  // A process ends when its own work is done.
  worker.unref();
  const end = (reason: string): void => {
    if (!stopped) failed(reason);
    stopped = true;
  };
  worker.on("error", (error) => end(String(error)));
  worker.on("exit", (code) => end(`it ended with exit code ${code}`));
  return {
    stop: () => {
      stopped = true;
      void worker.terminate();
    },
  };
};

const startInBrowser: ThreadHost["start"] = (source, data, failed) => {
  const text = `onmessage = ({ data }) => { onmessage = null; (${source})(data); close(); };`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  const fail = (reason: string): void => {
    if (stopped) return;
    stop();
    failed(reason);
  };
  const worker = new Worker(url, { name: "talweg" });
  // The event has no text where the page's policy forbids workers from blobs.
  worker.onerror = ({ message }) => fail(message || "the page's policy must allow worker-src blob:");
  worker.onmessageerror = () => fail("it could not read the shared memory");
  worker.postMessage(data);
  return { stop };
};
