declare const microsBrand: unique symbol;

/**
 * A point in time or a span, in microseconds. Points count from the Unix epoch on a clock that never steps back; a span
 * is the difference of two points. The core is always told the time and never reads it.
 */
export type Micros = number & { readonly [microsBrand]: true };

/** Brands a plain number of microseconds. */
export function micros(value: number): Micros {
  return value as Micros;
}

/** A span given in milliseconds. */
export function millis(value: number): Micros {
  return (value * 1_000) as Micros;
}

/** A span given in seconds. */
export function seconds(value: number): Micros {
  return (value * 1_000_000) as Micros;
}

/** A span or point in milliseconds, as a plain number. */
export function toMillis(value: Micros): number {
  return value / 1_000;
}

/** `point` moved later by `span`. */
export function later(point: Micros, span: Micros): Micros {
  return (point + span) as Micros;
}

/** The span from `from` to `to`; negative if `to` is earlier. */
export function elapsed(from: Micros, to: Micros): Micros {
  return (to - from) as Micros;
}

/** The earlier of two points. */
export function earliest(a: Micros, b: Micros): Micros {
  return a < b ? a : b;
}

/** A point that is never reached: no timer is set. */
export const NEVER: Micros = Number.POSITIVE_INFINITY as Micros;
