/** The line of least squares through points that come one by one. */
export class LineFit {
  private origin: { readonly x: number; readonly y: number } | undefined;
  private count = 0;
  private meanX = 0;
  private meanY = 0;
  private squaresX = 0;
  private squaresY = 0;
  private products = 0;

  /** Takes in a point. */
  add(x: number, y: number): void {
    // Small numbers, because the sums of squares of points in time lose their last digits.
    this.origin ??= { x, y };
    const dx = x - this.origin.x - this.meanX;
    const dy = y - this.origin.y - this.meanY;
    this.count += 1;
    this.meanX += dx / this.count;
    this.meanY += dy / this.count;
    const rest = (this.count - 1) / this.count;
    this.squaresX += dx * dx * rest;
    this.squaresY += dy * dy * rest;
    this.products += dx * dy * rest;
  }

  /** How much y grows with x; undefined while the points do not spread. */
  get slope(): number | undefined {
    return this.squaresX === 0 ? undefined : this.products / this.squaresX;
  }

  /** The standard error of the slope, from how far the points lie off the line; infinite while unknown. */
  get slopeError(): number {
    const { count, squaresX, squaresY, products } = this;
    if (count < 3 || squaresX === 0) return Number.POSITIVE_INFINITY;
    const residual = Math.max(squaresY - (products * products) / squaresX, 0);
    return Math.sqrt(residual / (count - 2) / squaresX);
  }

  /** The same as part of the slope. */
  get relativeError(): number {
    const { slope } = this;
    return slope === undefined || slope === 0 ? Number.POSITIVE_INFINITY : this.slopeError / Math.abs(slope);
  }
}

/** The rate in bits/s that a line of times, in µs, by bytes shows; undefined if it shows none. */
export function rateOf({ slope }: LineFit): number | undefined {
  return slope !== undefined && slope > 0 ? 8_000_000 / slope : undefined;
}
