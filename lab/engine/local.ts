/** The engine without a worker: for tests, and for pages that may have none. */
import { Host } from "./host.ts";
import type { MakeEngine } from "./protocol.ts";

export const localEngine: MakeEngine = (listener) => new Host((reply) => listener.reply(reply));
