/**
 * A WebAssembly module for one narrow network: every width at most 32, four examples in the four lanes, shapes and addresses
 * built into the code. `narrowEngine.ts` is how it is used.
 */
import { LaneMathematics } from "./laneMathematics.ts";
import { walk } from "./laneWalk.ts";
import type { MemoryLayout } from "./memoryLayout.ts";
import { evaluation, type Forward, forwardPass } from "./narrowEvaluate.ts";
import { type GatherInputs, gatherInputs, gatherTargets, scatterFunction } from "./narrowGather.ts";
import { blockBytes, type NarrowLayout, narrowLayout, settings } from "./narrowLayout.ts";
import { type BlockOutputs, blockOutputs } from "./narrowLosses.ts";
import { singleStepsFunction } from "./narrowSingle.ts";
import { type SingleLayout, singleLayout } from "./narrowSingleLayout.ts";
import { type Load, type Steps, stepsFunction, stepsParameters } from "./narrowSteps.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { Update } from "./updates.ts";
import { WasmModule } from "./wasmModule.ts";
import { Double, Int, Ints, Lanes, Single } from "./wasmValues.ts";

export interface NarrowOptions {
  /** The most rows that a batch can have. */
  readonly batchRows: number;
  /** The rule that `steps` applies; without one there is no `steps`. */
  readonly rule?: Update["rule"];
}

export interface NarrowModule {
  readonly layout: NarrowLayout;
  /**
   * The module's bytes; it exports `NarrowExports`.
   *
   * @param memory Pages of 64 KiB of the memory that it will be given; `shared` for one that threads share.
   */
  emit(memory: { pages: number; maximum: number; shared: boolean }): Uint8Array<ArrayBuffer>;
}

/** Takes memory for the network, and plans the module. */
export function narrowModule(
  layers: readonly LayerShape[],
  loss: Loss | undefined,
  options: NarrowOptions,
  memory: MemoryLayout,
): NarrowModule {
  const layout = narrowLayout(layers, loss, options.batchRows, memory);
  const oneByOne =
    options.rule !== undefined && options.batchRows === 1 && !layout.layers.some((l) => l.drops);
  const single = oneByOne ? singleLayout(layers, memory) : undefined;
  return {
    layout,
    emit(limits) {
      const module = new WasmModule();
      build(module, layout, single, options);
      return module.finish(limits);
    },
  };
}

function build(
  module: WasmModule,
  layout: NarrowLayout,
  single: SingleLayout | undefined,
  { rule }: NarrowOptions,
): void {
  const mathematics = new LaneMathematics(module);
  const gather = gatherInputs(module, layout.layers[0]!.shape.inputs);
  const forward = forwardPass(module, mathematics, layout);
  const outputs = blockOutputs(module, mathematics, layout);
  addPredict(module, layout, gather, forward, outputs);
  if (layout.loss === undefined) return;
  const evaluate = evaluation(module, mathematics, layout, forward, outputs);
  module.export("value", [Int, Int], Double, (_f, w, rows) => evaluate.value.call(w, rows));
  module.export("gradient", [Int, Int, Int], Double, (_f, w, g, rows) => evaluate.gradient.call(w, g, rows));
  addSettings(module, layout);
  const load = addLoad(module, layout, gather);
  if (rule === undefined) return;
  const any = stepsFunction(module, layout, rule, load, evaluate);
  const one = single === undefined ? any : singleStepsFunction(module, layout, single, rule);
  if (one !== any && rule === "gradientDescent") addEitherSteps(module, layout, any, one);
  else module.export("steps", stepsParameters, Double, (_f, ...all) => one.call(...all));
}

/** Adds "steps" where `one` counts on it that no parameter is -0; none becomes -0 by itself. */
function addEitherSteps(module: WasmModule, { parameterCount }: NarrowLayout, any: Steps, one: Steps): void {
  module.export("steps", stepsParameters, Double, (f, ...all) => {
    const [w] = all;
    const found = f.local(Ints, Ints.of(0));
    walk(f, { w }, Int.of(0), Int.of(parameterCount), (place) =>
      found.set(found.or(place.w.asInts().equals(Lanes.of(-0).asInts()))),
    );
    const sum = f.local(Double);
    f.if(
      found.asLanes().bitmask(),
      () => sum.set(any.call(...all)),
      () => sum.set(one.call(...all)),
    );
    return sum;
  });
}

/** Adds "predict" (w, x, bytes, scale, rows, out): outputs of `rows` rows of inputs, a block at a time. */
function addPredict(
  module: WasmModule,
  { asked, layers }: NarrowLayout,
  gather: GatherInputs,
  forward: Forward,
  { activate }: BlockOutputs,
): void {
  const last = layers.at(-1)!;
  const { units } = last.shape;
  const scatter = scatterFunction(module, units, last.a);
  module.export(
    "predict",
    [Int, Int, Int, Single, Int, Int],
    undefined,
    (f, w, x, bytes, scale, rows, out) => {
      const start = f.local(Int);
      const count = f.local(Int);
      f.count(
        start,
        0,
        rows,
        BLOCK_ROWS,
        () => {
          count.set(rows.minus(start));
          count.set(Int.of(BLOCK_ROWS).where(Int.of(BLOCK_ROWS).less(count), count));
          f.run(gather.call(x, bytes, scale, Int.of(0), start, count, Int.of(asked)));
          f.run(forward.call(w, Int.of(asked), start, count, Int.of(0)));
          f.run(activate.call(count));
          f.run(scatter.call(out.plus(start.times(4 * units)), count));
        },
        true,
      );
    },
  );
}

/** Adds "describe" (x, bytes, scale, y, labels), the data of the batches to come, and "dropout" (on, key0, key1, step). */
function addSettings(module: WasmModule, layout: NarrowLayout): void {
  const place = Int.of(layout.settings);
  module.export("describe", [Int, Int, Single, Int, Int], undefined, (f, x, bytes, scale, y, labels) => {
    f.store(place, settings.x, x);
    f.store(place, settings.bytes, bytes);
    f.store(place, settings.scale, scale);
    f.store(place, settings.y, y);
    f.store(place, settings.labels, labels);
  });
  module.export("dropout", [Int, Int, Int, Int], undefined, (f, on, key0, key1, step) => {
    f.store(place, settings.dropping, on);
    f.store(place, settings.key0, key0);
    f.store(place, settings.key1, key1);
    f.store(place, settings.step, step);
  });
}

/** Adds "load" (order, from, rows, block): these rows of the data that was described become the batch, from that block on. */
function addLoad(module: WasmModule, layout: NarrowLayout, gather: GatherInputs): Load {
  const { inputs } = layout.layers[0]!.shape;
  const { units } = layout.layers.at(-1)!.shape;
  const targets = gatherTargets(module, units);
  const place = Int.of(layout.settings);
  const said = (offset: number): Int => Int.at(place, offset);
  return module.export("load", [Int, Int, Int, Int], undefined, (f, order, from, rows, block) => {
    const scale = Single.at(place, settings.scale);
    const x = block.times(blockBytes(inputs)).plus(layout.x);
    const y = block.times(blockBytes(units)).plus(layout.y);
    f.run(gather.call(said(settings.x), said(settings.bytes), scale, order, from, rows, x));
    f.run(targets.call(said(settings.y), said(settings.labels), order, from, rows, y));
  });
}
