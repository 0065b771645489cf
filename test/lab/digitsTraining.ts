/** Training as the digits view does it, without a page. */
import { readFileSync } from "node:fs";
import { fromSafetensors, type Network } from "talweg";
import { DigitsHost } from "../../lab/digits/digitsHost.ts";
import { loadImages } from "../../lab/digits/images.ts";
import type { DigitsReply, TrainingPlan } from "../../lab/digits/protocol.ts";

const packed = (name: string) =>
  ({
    extent: "shipped",
    urls: [`data:application/octet-stream;base64,${readFileSync(`lab/digits/${name}`).toString("base64")}`],
  }) as const;

export type Ended = Extract<DigitsReply, { kind: "ended" }>;

/**
 * Follows a plan on the images that come with the page.
 *
 * @param until The step after which it ends.
 * @param onReply Hears what the page would, and may ask for more.
 */
export async function trainHere(
  plan: TrainingPlan,
  until?: number,
  onReply: (reply: DigitsReply, host: DigitsHost) => void = () => {},
): Promise<Ended> {
  let last: DigitsReply | undefined;
  const host = new DigitsHost((reply) => {
    last = reply;
    onReply(reply, host);
  });
  await host.ask({ kind: "images", test: await loadImages(packed("test-1000.bin")) });
  await host.ask({ kind: "train", plan, source: packed("train-2000.bin"), until });
  if (last?.kind !== "ended") throw new Error(`training ended with ${JSON.stringify(last)}`);
  return last;
}

export const trainedHere = async (plan: TrainingPlan, until?: number): Promise<Network> =>
  fromSafetensors((await trainHere(plan, until)).bytes);
