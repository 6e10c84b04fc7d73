/**
 * A monitor that is killed: ticks without a pause and manual checks in between, on the table of another process. Its
 * providers answer after a random time, so that kills happen in every part of a tick. It prints a line when a tick has
 * ended.
 *
 *   node --import tsx test/promises/crash/monitor-process.ts ENDPOINT TABLE
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HealthChecker } from '../../../lib/checker/checker.ts';
import { CheckerError } from '../../../lib/checker/errors.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { bad, good, ScriptedProber } from '../../support/scripted-prober.ts';
import { CRASH_CONFIG, CRASH_IDS } from './fleet.ts';

const LONGEST_ANSWER_MS = 60;
/** One check in this many fails. */
const FAILING = 4;

const [endpoint = '', tableName = ''] = process.argv.slice(2);
const store = createDynamoStore({ endpoint, tableName, requestTimeoutMs: 20_000 });
// The limit of one manual check in 10 s would be far too seldom to meet a kill.
store.manualChecks.claim = async () => ({ granted: true });

const prober = new ScriptedProber();
for (const id of CRASH_IDS) {
  prober.script(id, async (target, signal) => {
    await delay(Math.random() * LONGEST_ANSWER_MS);
    return (Math.floor(Math.random() * FAILING) === 0 ? bad('auth') : good(150))(target, signal);
  });
}

// A lost check is logged as an error, which must be shown when a check is missing.
const log = {
  info: () => {},
  warn: () => {},
  error: (message: string, fields = {}) => console.error(message, JSON.stringify(fields)),
};
const checker = new HealthChecker({ config: CRASH_CONFIG, store, prober, log, onNotices: async () => {} });

async function checkByHand(): Promise<void> {
  for (;;) {
    await delay(Math.random() * LONGEST_ANSWER_MS);
    const id = CRASH_IDS[Math.floor(Math.random() * CRASH_IDS.length)] ?? '';
    await checker.manualHealthCheck(id).catch((cause: unknown) => {
      if (!(cause instanceof CheckerError)) throw cause;
    });
  }
}

void checkByHand();
for (;;) {
  await checker.runTick(new Date(), { owner: randomUUID(), deadlineAt: null });
  process.stdout.write('tick\n');
}
