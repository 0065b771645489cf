/** The worker that trains: a thin shell around `Host`. */
import { Host } from "./host.ts";
import type { Ask, Reply } from "./protocol.ts";

/** How often it says that it is alive while it works on a long question, in milliseconds. */
const BEAT = 1000;

const host = new Host((reply: Reply) => {
  if (reply.kind !== "frame") postMessage(reply);
  else postMessage(reply, { transfer: [reply.frame.parameters.buffer] });
});

addEventListener("message", ({ data }: MessageEvent<Ask>) => host.ask(data));
setInterval(() => postMessage({ kind: "alive" } satisfies Reply), BEAT);
