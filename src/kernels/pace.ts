/**
 * Whether work is shared out to threads, decided by the clock: on a machine that has other things to do, threads wait for each
 * other longer than they work, and one of them alone is faster. The number of threads changes no bit, so this may.
 */

/** Evaluations from one try of the other way to the next, and how many the try has. */
const PERIOD = 256;
const TRY = 3;

/** The other way must be so much faster. */
const MARGIN = 0.92;

export class Pace {
  /** Whether the next evaluation is shared out. */
  shared = true;
  private preferred = true;
  private calls = 0;
  /** Milliseconds a row: of the way that is taken, a running mean; of the other, the sum over the try at hand. */
  private usual = 0;
  private tried = 0;

  /** Tells how long an evaluation over so many rows took, and decides on the next. */
  took(milliseconds: number, rows: number): void {
    const time = milliseconds / rows;
    const place = this.calls++ % PERIOD;
    if (place >= PERIOD - TRY) this.tried += time / TRY;
    else this.usual = this.usual === 0 ? time : this.usual + (time - this.usual) / 16;
    if (place === PERIOD - 1) this.decide();
    this.shared = place + 1 >= PERIOD - TRY && place + 1 < PERIOD ? !this.preferred : this.preferred;
  }

  private decide(): void {
    if (this.tried < MARGIN * this.usual) {
      this.preferred = !this.preferred;
      this.usual = this.tried;
    }
    this.tried = 0;
  }
}
