/** Chance that can be repeated: the same seed gives the same numbers. Not for anything secret. */

/** Numbers from 0 (included) to 1 (excluded) by mulberry32. @param seed Taken modulo 2³². */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number of the log-normal distribution: what response times of real services look like, a long tail included. */
export function logNormal(median: number, sigma: number, random: () => number): number {
  // Box-Muller. 1 - random() is never 0, whose logarithm has no value.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}

/** Lower-case hexadecimal digits. */
export function hexDigits(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}
