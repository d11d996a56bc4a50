import { type Rng, uniform } from "sightline/core";

/** A draw from the normal distribution with mean 0 and standard deviation 1 (Box and Muller 1958). */
export function gaussian(rng: Rng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(rng)));
  return radius * Math.cos(2 * Math.PI * uniform(rng));
}

/** A draw from the exponential distribution with this mean: the time until something that may happen at any moment. */
export function exponential(rng: Rng, mean: number): number {
  return -mean * Math.log(1 - uniform(rng));
}

/**
 * The next value of a stationary Gauss-Markov process with mean 0 and standard deviation 1, a step after `value`.
 *
 * @param correlation - how much of it is left after the step: exp(−step / decorrelation time)
 */
export function gaussMarkov(rng: Rng, value: number, correlation: number): number {
  return correlation * value + Math.sqrt(1 - correlation ** 2) * gaussian(rng);
}
