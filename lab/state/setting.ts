/** What the page begins with, and all that can be done with a setting. */
import { presets } from "./presets.ts";
import type { Setting } from "./types.ts";

export { withoutUnit } from "./adaptParameters.ts";
export { checkSetting } from "./checkSetting.ts";
export { commandOf } from "./commandOf.ts";
export { datasetOf } from "./datasetOf.ts";
export { limits } from "./limits.ts";
export { lossOf, networkOf } from "./networkOf.ts";
export { type Preset, presets } from "./presets.ts";
export { methodsWithRate, plannedSteps, trainOptions } from "./training.ts";

/** The first preset: x² on its way. */
export const defaultSetting: Setting = presets[0]!.setting;
