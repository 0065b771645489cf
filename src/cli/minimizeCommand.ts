/** `talweg minimize`: runs an optimizer on a function with a known minimum, so that one can watch it work. */
import { OptionError } from "../core/index.ts";
import type { Trial } from "../linesearch/index.ts";
import {
  type FunctionOptions,
  type MinimizeStep,
  type Minimum,
  minimize,
  type StopReason,
  type TestFunction,
  testFunctions,
} from "../optim/index.ts";
import { lineFigure } from "../plot/index.ts";
import { braillePlot, type CurvePoint } from "./braille.ts";
import type { CommandSpec } from "./command.ts";
import { plural, short } from "./numbers.ts";
import { configureOptimizer, makeOptimizer } from "./optimizers.ts";
import { number, numbers } from "./parse.ts";
import { checkPlotPath, writePlot } from "./plotFile.ts";
import { plotSize } from "./progress.ts";
import type { Session } from "./session.ts";
import { configureStop, stopOf } from "./stopOptions.ts";
import { suggestion, UsageError } from "./usage.ts";

const functions: readonly TestFunction[] = Object.values(testFunctions);

const HELP = `
Functions:
${functions.map(({ name, formula }) => `  ${name.padEnd(20)} ${formula}`).join("\n")}

Examples:
  talweg minimize rosenbrock --method armijo --from -1.2,1 --plot rosenbrock.svg
  talweg minimize quadratic --dimension 10 --condition 1000 --method armijo --growth 2 --trace`;

export const minimizeCommand: CommandSpec = {
  name: "minimize",
  configure(command) {
    command
      .description(
        "Look for the minimum of a test function, until the gradient norm is 1e-6 or 100,000 steps are done.",
      )
      .argument("<function>", functions.map(({ name }) => name).join(", "))
      .option("--from <point>", "where to begin; by default the customary start", numbers("--from", "-1.2,1"))
      .option("--dimension <count>", "variables, for functions of any number", number("--dimension", 10))
      .option(
        "--condition <number>",
        "for quadratic: largest curvature over smallest",
        number("--condition", 100),
      )
      .option("--clip-norm <norm>", "shorten longer gradients to this norm", number("--clip-norm", 1))
      .option("--trace", "write every step, with the trials of its line search")
      .option("--plot <file>", "the values over the steps: .svg or .png");
    configureOptimizer(command, "--method");
    configureStop(command);
    command.addHelpText("after", HELP);
  },
  async run(operands, flags, session) {
    const chosen = functionOf(operands[0] as string);
    const plot = flags.plot as string | undefined;
    await checkPlotPath(plot);
    const from = flags.from as number[] | undefined;
    const dimension = (flags.dimension as number | undefined) ?? from?.length;
    const size: FunctionOptions = {
      ...(dimension === undefined ? {} : { dimension }),
      ...(flags.condition === undefined ? {} : { condition: flags.condition as number }),
    };
    if (size.condition !== undefined && chosen.name !== "quadratic") {
      throw new OptionError(
        "condition",
        `${chosen.name}: --condition is given, but only quadratic has one; leave it out.`,
      );
    }
    const start = from === undefined ? chosen.start(dimension) : Float64Array.from(from);
    const seed = session.seed ?? 0;
    const name = (flags.method as string | undefined) ?? "auto";
    const method = makeOptimizer(name, flags, seed);
    const stop = { gradientNorm: 1e-6, steps: 100_000, ...stopOf(flags) };
    const { trace = [], ...minimum } = minimize(chosen.objective(size), start, {
      method,
      stop,
      trace: true,
      ...(flags.clipNorm === undefined ? {} : { clipNorm: flags.clipNorm as number }),
    });
    const curve = points(trace, minimum);
    if (flags.trace === true) for (const step of trace) showStep(step, session);
    if (plot !== undefined) await writePlot(plot, await figure(`${chosen.name}, ${name}`, curve));
    for (const line of summary(chosen, name, minimum, curve, session)) session.say(line);
    const exitCode = minimum.reason === "notFinite" ? 1 : 0;
    return { seed, fields: { ...minimum, ...(plot === undefined ? {} : { plot }) }, exitCode };
  },
};

/** @throws {UsageError} When there is no such function. */
export function functionOf(name: string): TestFunction {
  const names = functions.map((f) => f.name);
  const plain = (text: string): string => text.replaceAll("-", "").toLowerCase();
  const found = functions.find((f) => plain(f.name) === plain(name));
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no function "${name}"${suggestion(name, names)}, expected one of ${names.join(", ")}.`,
  );
}

function showStep(step: MinimizeStep, session: Session): void {
  session.event({ event: "step", ...step });
  const { value, gradientNorm, stepSize, search } = step;
  const norm = gradientNorm === undefined ? "" : `  gradient norm ${short(gradientNorm)}`;
  session.say(`step ${step.step}  value ${short(value)}${norm}  step size ${short(stepSize)}`);
  for (const trial of search?.trials ?? []) {
    session.say(`  trial ${trialText(trial)}`);
  }
}

/** A trial beside the conditions that it had to meet, up to the first that it does not. */
function trialText({
  stepSize,
  value,
  bound,
  lower,
  slope,
  slopeBound = 0,
  damping,
  accepted,
}: Trial): string {
  const shown = short(value);
  if (damping !== undefined) {
    return `with damping ${short(damping)}: ${shown} ${accepted ? "<" : ">="} ${short(bound)}`;
  }
  const start = `${short(stepSize)}: ${shown}`;
  if (!(value <= bound)) return `${start} > ${short(bound)}`;
  if (lower !== undefined) {
    return value < lower ? `${start} < ${short(lower)}` : `${start} in ${short(lower)} to ${short(bound)}`;
  }
  const low = `${start} <= ${short(bound)}`;
  if (slope === undefined) return low;
  const size = Math.abs(slope);
  return `${low}, |slope| ${short(size)} ${size <= slopeBound ? "<=" : ">"} ${short(slopeBound)}`;
}

/** The value where each step began, and at the end. */
function points(trace: readonly MinimizeStep[], { value, steps }: Omit<Minimum, "trace">): CurvePoint[] {
  return [
    ...trace.map((step) => ({ x: step.step - 1, y: step.value })),
    { x: Math.max(steps, trace.length), y: value },
  ];
}

const endings: Readonly<Record<StopReason, string>> = {
  steps: "the planned steps are done",
  loss: "the wanted value is reached",
  gradientNorm: "the wanted gradient norm is reached",
  plateau: "no better value any more",
  evaluations: "the planned evaluations are done",
  seconds: "the time is up",
  signal: "stopped",
  searchFailed: "the line search found no lower value",
  notFinite: "a number was not finite",
};

function summary(
  chosen: TestFunction,
  method: string,
  minimum: Omit<Minimum, "trace">,
  curve: CurvePoint[],
  session: Session,
): string[] {
  const { point, value, gradientNorm, steps, valueEvaluations, gradientEvaluations, reason } = minimum;
  const plot = session.quiet ? [] : braillePlot(curve, plotSize(session.out.columns() - 1, 10));
  const shown = Array.from(point.slice(0, 8), short).join(", ") + (point.length > 8 ? ", …" : "");
  return [
    ...plot.map((line) => session.out.accent(line)),
    ...(plot.length > 0 ? [""] : []),
    session.out.bold(`${chosen.name} by ${method}: ${endings[reason]}`),
    `point          (${shown})`,
    `value          ${short(value)}, the known minimum is ${short(chosen.minimum)}${elsewhere(chosen, value)}`,
    ...(gradientNorm === undefined ? [] : [`gradient norm  ${short(gradientNorm)}`]),
    `${plural(steps, "step")}, ${plural(valueEvaluations, "value evaluation")}, ${plural(gradientEvaluations, "gradient evaluation")}`,
  ];
}

/** Words for a value that is one of the other minima that are known. */
function elsewhere({ localMinima }: TestFunction, value: number): string {
  const local = localMinima.find((minimum) => Math.abs(value - minimum) <= 1e-6 * Math.abs(minimum));
  return local === undefined ? "" : `; ${short(local)} is that of another valley`;
}

function figure(title: string, curve: readonly CurvePoint[]): Promise<string> {
  const series = [{ name: "value", x: curve.map((p) => p.x), y: curve.map((p) => p.y) }];
  return lineFigure({ title, xLabel: "step", yLabel: "value of the function", series, yScale: "log" });
}
