/** A source of random numbers, passed in wherever the core needs one, so that a seeded run repeats exactly. */
export interface Rng {
  /** A uniformly distributed integer in 0 … 2³²−1. */
  uint32(): number;
}

/** A small seeded generator (Mulberry32) for tests and simulations. Not for secrets. */
export class SeededRng implements Rng {
  private state: number;

  /** @param seed - any integer; equal seeds give equal sequences. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** {@inheritDoc Rng.uint32} */
  uint32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  }
}

/** A uniformly distributed number in [0, 1). */
export function uniform(rng: Rng): number {
  return rng.uint32() / 2 ** 32;
}
