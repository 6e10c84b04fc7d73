/**
 * A process that collects on request; started by garbage.test.ts. It prints how many bytes of young objects it had before
 * and after: a request that was not prepared, one that was, and a tick.
 */

import { getHeapSpaceStatistics } from 'node:v8';
import { collectOnRequest, collectYoung } from '../../lib/base/garbage.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';

const ENOUGH_BYTES = 300_000;

const youngBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_used_size ?? 0;

async function around(step: () => unknown): Promise<{ before: number; after: number }> {
  for (let i = 0; youngBytes() < ENOUGH_BYTES; i += 1) Array.from({ length: 100 }, () => ({ i }));
  const before = youngBytes();
  await step();
  return { before, after: youngBytes() };
}

const checker = new HealthChecker();
const tick = () => checker.runTick(new Date(), { owner: 'test', deadlineAt: null });
// The first run compiles the code, and leaves more garbage.
await tick();
const unprepared = await around(collectYoung);
collectOnRequest();
const prepared = await around(collectYoung);
const ofTick = await around(tick);
console.log(JSON.stringify({ unprepared, prepared, ofTick }));
