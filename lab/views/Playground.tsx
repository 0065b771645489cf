// The playground: what goes in on the left, the network in the middle, what comes out on the right, and below what it looks like
// from further away.
import "./Playground.css";
import { type JSX, lazy, Suspense } from "solid-js";
import { DataPanel } from "../panels/DataPanel.tsx";
import { NetworkPanel } from "../panels/NetworkPanel.tsx";
import { TrainerPanel } from "../panels/TrainerPanel.tsx";
import { Fit } from "../parts/Fit.tsx";
import { NetworkDiagram } from "../parts/NetworkDiagram.tsx";
import { Scores } from "../parts/Scores.tsx";
import type { Lab } from "../state/types.ts";
import { Heading } from "./Heading.tsx";

const Charts = lazy(async () => ({ default: (await import("./PlaygroundCharts.tsx")).PlaygroundCharts }));

export function Playground(props: { lab: Lab }): JSX.Element {
  return (
    <main class="playground" id="content" tabindex={-1}>
      <Heading lab={props.lab} />
      <div class="playground-in">
        <DataPanel lab={props.lab} />
        <NetworkPanel lab={props.lab} />
        <TrainerPanel lab={props.lab} />
      </div>
      <div class="playground-network">
        <NetworkDiagram lab={props.lab} />
      </div>
      <div class="playground-out">
        <Fit lab={props.lab} />
        <Scores lab={props.lab} />
      </div>
      <Suspense fallback={<div class="playground-charts" />}>
        <Charts lab={props.lab} />
      </Suspense>
    </main>
  );
}
