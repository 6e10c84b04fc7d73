import { expect, it } from 'vitest';
import { isSilent } from '../../lib/health/pulse.ts';
import { SILENT_TICKS } from '../../lib/health/status-age.ts';
import { at, START } from '../support/builders.ts';

const TICK_SECONDS = 30;
const LONGEST_MS = SILENT_TICKS * TICK_SECONDS * 1000;

it.each([
  ['before its first tick is silent', null, true],
  ['is not silent right after a tick', START, false],
  ['is not silent for as long as a few ticks take', at(-LONGEST_MS), false],
  ['is silent after that', at(-LONGEST_MS - 1), true],
  ['whose clock is a little ahead is not silent', at(59_000), false],
  ['that says it ticked in the future is silent', at(61_000), true],
])('a shard %s', (_, finishedAt, silent) => {
  expect(isSilent(finishedAt, TICK_SECONDS, new Date(START))).toBe(silent);
});
