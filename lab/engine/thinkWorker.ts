/** The worker that thinks: a thin shell around `ThinkHost`. */
import { type Question, ThinkHost } from "./thinkHost.ts";

const host = new ThinkHost((answer) => postMessage(answer));

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  void host.ask(data);
});
