/**
 * The tree in which the sums of blocks are joined (`reduction.ts`), as a stack: block n goes on top, and then as many
 * times as n ends in zero bits (n counts from 1) the two on top become one, the earlier on the left.
 *
 *     block          1     2      3       4
 *     stack after    1     1+2    1+2 3   (1+2)+(3+4)
 *
 * What is left at the end is joined from the top down. The losses, in float64, stand on a second stack.
 */
import { FOUR_ROWS, type NarrowLayout } from "./narrowLayout.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { WasmModule } from "./wasmModule.ts";
import { Double, Int, Lanes } from "./wasmValues.ts";

export interface Tree {
  /** Where the gradient of the next block goes. */
  readonly top: Local<Int>;
  /** The block that was written there is complete, and its loss is this. */
  push(loss: Double): void;
  /** Joins all; the total is then at the bottom. */
  drain(): void;
  readonly loss: Double;
}

/** Makes the trees of functions of this module, with the sums of gradients or only of losses. */
export function treeMaker(
  module: WasmModule,
  layout: NarrowLayout,
): (f: WasmFunction, gradients: boolean) => Tree {
  const { gradients: bottom, gradientBytes, losses, parameterCount } = layout;
  /** What lies at `to` becomes itself plus what lies above it. */
  const join = module.inner([Int], undefined, (f, to) => {
    const end = f.local(Int, to.plus((4 * (parameterCount + 3)) & -16));
    f.loop(() => {
      f.store(to, 0, Lanes.at(to).plus(Lanes.at(to, gradientBytes)));
      to.set(to.plus(FOUR_ROWS));
      return to.lessUnsigned(end);
    });
  });

  return (f, withGradients) => {
    const top = f.local(Int, Int.of(bottom));
    const topLoss = f.local(Int, Int.of(losses));
    const blocks = f.local(Int);
    const left = f.local(Int);
    const joinTwo = (): void => {
      top.set(top.minus(gradientBytes));
      topLoss.set(topLoss.minus(8));
      if (withGradients) f.run(join.call(top.minus(gradientBytes)));
      const earlier = topLoss.minus(8);
      f.store(earlier, 0, Double.at(earlier).plus(Double.at(topLoss)));
    };
    return {
      top,
      push(loss) {
        f.store(topLoss, 0, loss);
        topLoss.set(topLoss.plus(8));
        top.set(top.plus(gradientBytes));
        blocks.set(blocks.plus(1));
        f.count(left, 0, f.local(Int, blocks.trailingZeros()), 1, joinTwo, true);
      },
      drain() {
        f.count(left, bottom + gradientBytes, f.local(Int, top), gradientBytes, joinTwo, true);
      },
      loss: Double.at(Int.of(losses)),
    };
  };
}
