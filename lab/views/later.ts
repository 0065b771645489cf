// Views that are loaded when they are asked for.
import { type Component, lazy } from "solid-js";
import type { Lab } from "../state/types.ts";

type ViewModule = Record<"Digits", Component<{ lab: Lab }>>;

const found = Object.values(import.meta.glob<ViewModule>("./Digits.tsx"))[0];

/** Undefined where the page was built without it. */
export const Digits: Component<{ lab: Lab }> | undefined =
  found === undefined ? undefined : lazy(async () => ({ default: (await found()).Digits }));
