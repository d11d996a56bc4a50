import { BAND_ROWS, type Band } from "../picture.js";

/** A set of rows of a picture, kept in steps of {@link BAND_ROWS}. */
export class RowSet {
  private readonly height: number;
  private readonly steps: Uint8Array;
  private count = 0;

  /** @param height - of the picture, in rows */
  constructor(height: number) {
    this.height = height;
    this.steps = new Uint8Array(Math.ceil(height / BAND_ROWS));
  }

  /** Whether no row is in the set. */
  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The share of the picture's rows in the set, 0 … 1. */
  get share(): number {
    return this.count / this.steps.length;
  }

  /** Adds the steps that contain any of these rows; rows outside the picture are left out. */
  add(y: number, height: number): void {
    const end = Math.min(y + height, this.height);
    for (let step = Math.max(0, Math.floor(y / BAND_ROWS)); step * BAND_ROWS < end; step++) {
      if (this.steps[step] === 0) {
        this.steps[step] = 1;
        this.count++;
      }
    }
  }

  /** Adds every row. */
  addAll(): void {
    this.steps.fill(1);
    this.count = this.steps.length;
  }

  /** Removes every row. */
  clear(): void {
    this.steps.fill(0);
    this.count = 0;
  }

  /** Whether any of these rows shares a step with the set. */
  touches(y: number, height: number): boolean {
    const end = Math.min(y + height, this.height);
    for (let step = Math.max(0, Math.floor(y / BAND_ROWS)); step * BAND_ROWS < end; step++) {
      if (this.steps[step] === 1) return true;
    }
    return false;
  }

  /**
   * The set as bands from top to bottom, as few as there can be.
   *
   * @param bridge - also join bands that are at most this many steps apart
   */
  bands(bridge = 0): Band[] {
    const bands: { first: number; last: number }[] = [];
    for (let step = 0; step < this.steps.length; step++) {
      if (this.steps[step] === 0) continue;
      const open = bands.at(-1);
      if (open && step - open.last - 1 <= bridge) open.last = step;
      else bands.push({ first: step, last: step });
    }
    return bands.map(({ first, last }) => {
      const y = first * BAND_ROWS;
      return { y, height: Math.min((last + 1) * BAND_ROWS, this.height) - y };
    });
  }
}
