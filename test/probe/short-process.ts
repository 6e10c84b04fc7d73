/**
 * A monitor in a process with a low limit of open files; lacking.test.ts starts it with the origin of a server. It runs
 * a tick while it has files, opens all but a few of them, runs a second tick, closes them and runs a third. It prints
 * what each tick did, and the statuses after it.
 */

import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { HealthChecker } from '../../lib/checker/checker.ts';
import type { TickReport } from '../../lib/checker/tick/report.ts';
import { parseConfig } from '../../lib/config/parse.ts';

const [, , origin = '', leftFiles = '0'] = process.argv;

const providers = [
  ...Array.from({ length: 98 }, (_, i) => ({ id: `p${i}`, baseUrl: `${origin}/v1` })),
  // Looked up, not a literal address.
  { id: 'named', baseUrl: `${origin.replace('127.0.0.1', 'localhost')}/v1` },
  { id: 'nowhere', baseUrl: 'https://no-such-name.invalid/v1' },
].map((one) => ({ type: 'openai-compatible', model: 'test', ...one }));

const checker = new HealthChecker({
  config: parseConfig({ providers, witnesses: [] }, { addressPolicy: 'loopback' }),
  addressPolicy: 'loopback',
  onNotices: async () => {},
});

async function tick(minute: number) {
  const report: TickReport = await checker.runTick(new Date(minute * 60_000), { owner: 'test', deadlineAt: null });
  const statuses = await checker.getAllHealthStatus();
  const states = Object.fromEntries(statuses.map(({ provider, state, version }) => [provider, { state, version }]));
  return { stored: report.stored, skipped: report.skipped, failed: report.failed, states };
}

const first = await tick(1);
const taken: number[] = [];
try {
  for (;;) taken.push(openSync(devNull, 'r'));
} catch {
  for (const file of taken.splice(0, Number(leftFiles))) closeSync(file);
}
const second = await tick(2);
for (const file of taken) closeSync(file);
const third = await tick(3);
await checker.stopHealthChecks();
console.log(JSON.stringify({ first, second, third }));
