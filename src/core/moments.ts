/**
 * Mean and standard deviation of numbers as they come, without keeping them.
 *
 * Squares are summed by Welford's method (Technometrics 4, 1962, p. 419; Knuth, The Art of Computer Programming, volume 2,
 * 4.2.2, equations 15 and 16), the mean by a compensated sum (A. Neumaier, ZAMM 54, 1974, p. 39). Both are of numbers divided
 * by a power of two that keeps up with the largest: squares of 1e300 do not overflow, those of 1e-300 do not vanish, and the
 * bits of ordinary numbers are those without it.
 */

/** Numbers come by `push`; what they were can be asked for at any time. */
export class Moments {
  count = 0;
  least: number = Number.POSITIVE_INFINITY;
  most: number = Number.NEGATIVE_INFINITY;
  /** A power of two; all numbers are below twice its size. 0 as long as there were only zeros. */
  private scale = 0;
  /** Over the numbers divided by `scale`. */
  private runningMean = 0;
  private scaledSquares = 0;
  private scaledSum = 0;
  /** What rounding took from the sum. */
  private lost = 0;

  /** @param value A finite number. */
  push(value: number): void {
    const size = Math.abs(value);
    if (size > 0 && size / 2 >= this.scale) this.grow(size);
    this.count++;
    const scaled = this.scale === 0 ? 0 : value / this.scale;
    const delta = scaled - this.runningMean;
    this.runningMean += delta / this.count;
    this.scaledSquares += delta * (scaled - this.runningMean);
    const sum = this.scaledSum + scaled;
    const larger = Math.abs(this.scaledSum) >= Math.abs(scaled);
    this.lost += larger ? this.scaledSum - sum + scaled : scaled - sum + this.scaledSum;
    this.scaledSum = sum;
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
  }

  /** 0 where nothing came; never outside of the numbers that came. */
  get mean(): number {
    if (this.count === 0) return 0;
    const mean = ((this.scaledSum + this.lost) / this.count) * this.scale;
    return Math.min(this.most, Math.max(this.least, mean)) + 0;
  }

  /** The root of the mean squared distance from the mean (divided by the count, not by one less). */
  get deviation(): number {
    if (this.count === 0 || this.least === this.most) return 0;
    return Math.min(Number.MAX_VALUE, Math.sqrt(Math.max(0, this.scaledSquares) / this.count) * this.scale);
  }

  private grow(size: number): void {
    let scale = 1;
    while (scale <= size / 2) scale *= 2;
    while (scale > size) scale /= 2;
    const factor = this.scale / scale;
    this.runningMean *= factor;
    this.scaledSum *= factor;
    this.lost *= factor;
    this.scaledSquares *= factor * factor;
    this.scale = scale;
  }
}
