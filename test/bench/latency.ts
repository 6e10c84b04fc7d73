/** The same providers in every run: latencies log-normal around 400 ms, and ±10 % from one answer to the next. */

const MEDIAN_MS = 400;
const SPREAD = 0.5;
const NOISE_SPREAD = 0.1;

/** A provider's usual latency, by number. */
export function latencies(count: number): number[] {
  const random = mulberry32(20_260_301);
  return Array.from({ length: count }, () => MEDIAN_MS * Math.exp(SPREAD * normal(random)));
}

export function noise(): number {
  return Math.exp(NOISE_SPREAD * normal(Math.random));
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
