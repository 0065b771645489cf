/** The worker that tests and trains: a thin shell around `DigitsHost`. */
import { DigitsHost } from "./digitsHost.ts";
import type { DigitsAsk } from "./protocol.ts";

const host = new DigitsHost((reply) => {
  if (reply.kind === "trained") postMessage(reply, { transfer: [reply.parameters.buffer] });
  else postMessage(reply);
});

addEventListener("message", ({ data }: MessageEvent<DigitsAsk>) => {
  void host.ask(data);
});
