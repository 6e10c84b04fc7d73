/** Waiting as long as this process runs, not as long as a clock says: a machine that stalls must not make anything late. */

import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 10;

/** Resolves after `ms` of short timers. A stall of the machine lengthens one of them, and so counts as one step. */
export async function afterRunning(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) await delay(STEP_MS);
}

/** Two turns of the event loop: what was written to a socket of this process has been read by its other end. */
export async function afterReading(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
