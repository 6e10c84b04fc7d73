/** Repeatable random numbers: the same seed gives the same numbers. Not for secrets. */

/** Numbers from 0 (inclusive) to 1 (exclusive), by the algorithm mulberry32. @param seed Taken modulo 2³². */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A number of the log-normal distribution, which resembles the response times of real services with their long tail.
 */
export function logNormal(median: number, sigma: number, random: () => number): number {
  // The Box-Muller method. `1 - random()`, because it is never 0, and 0 has no logarithm.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}

/** Lower-case hexadecimal digits. */
export function hexDigits(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}
