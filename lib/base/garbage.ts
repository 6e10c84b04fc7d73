/**
 * Decides when a process collects its garbage. A tick allocates 20 to 30 MB in two seconds. A collection in the middle of
 * the tick copies the objects of all running probes and stops the process for 8 to 12 ms; answers that arrive meanwhile wait,
 * so their response times are too long. Before a tick there is little to copy, and no probe runs.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * V8 shrinks the space for young objects to 1 MB in the pauses between ticks. With its default factor of 2, the space needs a
 * dozen collections during the tick to grow again. With 64 it needs two, before the first answers arrive.
 */
const SPACE_GROWTH = 64;

/** The share of a process's memory that one half of the space of young objects may take. */
const YOUNG_SHARE = 1 / 20;

/**
 * The option of Node.js that limits the space of young objects. It goes into `NODE_OPTIONS`, since V8 reads it only when it
 * starts. A full shard's tick leaves 36 MB of young objects; V8's own limit of 32 MB would cause a collection in the middle of
 * the tick.
 */
export function youngSpaceOption(memoryMiB: number): string {
  return `--max-semi-space-size=${Math.floor(memoryMiB * YOUNG_SHARE)}`;
}

let collect: (options: { type: 'minor' }) => unknown = () => {};

/** Enables {@link collectYoung}. Only entry points call it: it changes the garbage collection of the whole process. */
export function collectOnRequest(): void {
  setFlagsFromString(`--semi-space-growth-factor=${SPACE_GROWTH}`);
  setFlagsFromString('--expose-gc');
  // A process that was started with --expose-gc already has the function.
  collect = globalThis.gc ?? runInNewContext('gc');
}

/** Collects young objects now. Does nothing before {@link collectOnRequest} was called. */
export function collectYoung(): void {
  collect({ type: 'minor' });
}
