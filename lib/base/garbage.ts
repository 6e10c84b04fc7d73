/**
 * When a process collects its garbage. A tick leaves 20 to 30 MB behind in two seconds; a collection in the middle of it
 * copies what all its probes hold, stops the process for 8 to 12 ms, and answers lie unread meanwhile. Before a tick there
 * is little to copy, and nothing is measured.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * V8 shrinks the space of young objects to 1 MB in the pauses between ticks. By its own factor of 2 it takes a dozen
 * collections, over the whole tick, until the space is large again; by this one it takes two, before the first answers.
 */
const SPACE_GROWTH = 64;

/** Of a process's memory, in one half of the space of young objects. */
const YOUNG_SHARE = 1 / 20;

/**
 * For `NODE_OPTIONS`, since V8 reads it only when it starts: how large the space of young objects may grow. A full shard's
 * tick leaves 36 MB; with V8's own limit of 32 there would be a collection in the middle of it.
 */
export function youngSpaceOption(memoryMiB: number): string {
  return `--max-semi-space-size=${Math.floor(memoryMiB * YOUNG_SHARE)}`;
}

let collect: (options: { type: 'minor' }) => unknown = () => {};

/** Makes {@link collectYoung} work. For entry points: it changes how the whole process collects. */
export function collectOnRequest(): void {
  setFlagsFromString(`--semi-space-growth-factor=${SPACE_GROWTH}`);
  setFlagsFromString('--expose-gc');
  // A process that was started with the flag has it already.
  collect = globalThis.gc ?? runInNewContext('gc');
}

/** Collects young objects now; nothing in a process that has not asked for it. */
export function collectYoung(): void {
  collect({ type: 'minor' });
}
