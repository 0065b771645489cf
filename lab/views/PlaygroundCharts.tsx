// What stands below the network: loaded after the first paint, so that the page is there at once.
import type { JSX } from "solid-js";
import { Findings } from "../parts/Findings.tsx";
import { Formula } from "../parts/Formula.tsx";
import { FormulaRule } from "../parts/FormulaRule.tsx";
import { GradientNorms } from "../parts/GradientNorms.tsx";
import { Landscape } from "../parts/Landscape.tsx";
import { LineSearch } from "../parts/LineSearch.tsx";
import { LossChart } from "../parts/LossChart.tsx";
import type { Lab } from "../state/types.ts";
import { CommandLine } from "./Heading.tsx";

export function PlaygroundCharts(props: { lab: Lab }): JSX.Element {
  return (
    <div class="playground-charts">
      <LossChart lab={props.lab} />
      <GradientNorms lab={props.lab} />
      <Findings lab={props.lab} />
      <Formula lab={props.lab} rule={FormulaRule} />
      <Landscape lab={props.lab} />
      <LineSearch lab={props.lab} />
      <CommandLine lab={props.lab} />
    </div>
  );
}
