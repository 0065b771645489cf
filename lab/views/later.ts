// Views that are loaded when they are asked for.
import { type Component, lazy } from "solid-js";
import type { Lab } from "../state/types.ts";
import type { ViewDesk } from "./viewDesk.ts";

type LaterView = Component<{ lab: Lab; desk: ViewDesk }>;
type ViewModule = Record<"Digits", LaterView>;

const found = Object.values(import.meta.glob<ViewModule>("./Digits.tsx"))[0];

/** Undefined where the page was built without it. */
export const Digits: LaterView | undefined =
  found === undefined ? undefined : lazy(async () => ({ default: (await found()).Digits }));
