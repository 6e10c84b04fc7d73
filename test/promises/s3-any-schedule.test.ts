/**
 * Random schedules ("lives") of two monitors. LIFE is how many run in memory, others each time. LIFE_SEED chooses them;
 * without both variables they are always the same, so that the tests do not fail by chance. The seed is in the names of
 * the tests, and a failure prints it with the shortest schedule that fails: `LIFE=10000 LIFE_SEED=7 npx vitest run
 * test/promises/s3-any-schedule.test.ts`.
 */

import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { STATUS_PARTITION } from '../../lib/store/items/keys.ts';
import { statusFromItem } from '../../lib/store/items/status-item.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { type Call, type FaultyTable, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { recording, type Written } from './life/around.ts';
import { judge } from './life/judge.ts';
import { live } from './life/live.ts';
import { type Schedule, schedules } from './life/schedule.ts';
import { StepClock } from './life/step-clock.ts';

const ORDINARY_LIVES = 1000;
const { LIFE, LIFE_SEED } = process.env;
const ORDINARY_SEED = 42;
const SEED = { seed: Number(LIFE_SEED ?? (LIFE === undefined ? ORDINARY_SEED : Date.now() % 1_000_000)) };
const LIVES = Number(LIFE ?? ORDINARY_LIVES);
const LIVES_AHEAD = Math.ceil(LIVES / 4);
/**
 * Not a whole number of seconds: a check is identified by its time, so a check by the other clock an hour later could
 * have the same.
 */
const AN_HOUR_AHEAD_MS = 3_600_500;
/** Ends the search for a shorter schedule that fails. On a loaded machine the ordinary run lives as many as half a minute allows. */
const TIME_LIMIT_MS = LIFE === undefined ? 30_000 : 60_000 + LIVES * 200;
/** A life takes some 15 ms. One that never ends would otherwise be interrupted with the others, and pass. */
const A_HANG_MS = 25_000;
/** A run that the time limit ended after a few lives may by chance have had no death or no second sending. */
const ENOUGH_TO_COUNT = 100;

/** The status that a PutItem brought, if it brought one. */
function statusWritten({ body }: Call): Written[] {
  const item = unmarshall(body.Item as Parameters<typeof unmarshall>[0]);
  if (item.pk !== STATUS_PARTITION) return [];
  const status = statusFromItem(item);
  const isFirst = String(body.ConditionExpression).includes('attribute_not_exists');
  return [{ status, basedOn: isFirst ? null : status.version - 1 }];
}

describe('S3: after any schedule with faults the status is the replay of its checks, and transitions alternate', () => {
  it(
    `S1, S7: nothing is lost or doubled in ${LIVES} lives of two processes that die at any of their calls (seed ${SEED.seed})`,
    async () => {
      let lives = 0;
      const seen = { died: 0, sent: 0, again: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(schedules, async (schedule: Schedule) => {
          const clock = new StepClock();
          const store = createMemoryStore({ now: clock.seen });
          const written: Written[] = [];
          const life = await live(schedule, recording(store, written), clock);
          await judge(life, written, store);
          lives += 1;
          seen.died += life.deaths;
          seen.sent += life.deliveries.sent.length;
          seen.again += life.deliveries.again;
          seen.refused += life.reports.filter(({ outcome }) => outcome === 'refused').length;
        }),
        { numRuns: LIVES, interruptAfterTimeLimit: TIME_LIMIT_MS, timeout: A_HANG_MS, ...SEED },
      );
      if (lives < ENOUGH_TO_COUNT) return;
      for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(lives / 20);
    },
    2 * TIME_LIMIT_MS,
  );

  it(
    `T12: nothing is lost or doubled in ${LIVES_AHEAD} lives of two processes whose clocks differ by an hour (seed ${SEED.seed})`,
    async () => {
      let lives = 0;
      let overridden = 0;
      await fc.assert(
        fc.asyncProperty(schedules, async (schedule: Schedule) => {
          const clock = new StepClock();
          const store = createMemoryStore({ now: clock.seen });
          const written: Written[] = [];
          const life = await live(schedule, recording(store, written), clock, { aheadMs: AN_HOUR_AHEAD_MS });
          await judge(life, written, store);
          lives += 1;
          overridden += life.reports.filter(({ fromFuture }) => fromFuture.length > 0).length;
        }),
        { numRuns: LIVES_AHEAD, interruptAfterTimeLimit: TIME_LIMIT_MS / 4, timeout: A_HANG_MS, ...SEED },
      );
      expect(overridden).toBeGreaterThan(lives / 4);
    },
    2 * TIME_LIMIT_MS,
  );

  describe('in a table', () => {
    let table: TestTable;
    let proxy: FaultyTable;
    beforeAll(async () => {
      table = await startTable();
      proxy = await startFaultyTable(table.endpoint);
    });
    afterEach(() => table.empty());
    afterAll(async () => {
      await proxy.close();
      await table.close();
    });

    it(`that also loses the answers of writes it made (S4, seed ${SEED.seed})`, async () => {
      const lost = fc.array(fc.boolean(), { minLength: 1, maxLength: 12, size: 'max' });
      await fc.assert(
        fc.asyncProperty(schedules, lost, async (schedule: Schedule, pattern) => {
          await table.empty();
          const written: Written[] = [];
          const asked = new Set<string>();
          let losing = true;
          for (const operation of ['PutItem', 'UpdateItem', 'BatchWriteItem']) {
            proxy.failAlways(operation, async (call) => {
              // The client sends the same request again, and then gets an answer.
              const words = JSON.stringify(call.body);
              const isLost = losing && !asked.has(words) && pattern[asked.size % pattern.length];
              asked.add(words);
              const answer = await call.forward();
              if (operation === 'PutItem' && answer.status === 200) written.push(...statusWritten(call));
              if (isLost) call.hangUp();
              else call.reply(answer);
            });
          }
          const clock = new StepClock();
          const store = createDynamoStore({
            tableName: table.tableName,
            endpoint: proxy.endpoint,
            now: clock.now,
            sleep: async () => {},
            requestTimeoutMs: 20_000,
          });
          // The client tries again only a few times: with a table that loses every answer it gives up, and so would the
          // ticks.
          const calm = () => {
            losing = false;
          };
          await judge(await live(schedule, store, clock, { calm }), written, store);
          store.close();
        }),
        { numRuns: 4, endOnFailure: true, ...SEED },
      );
    });
  });
});
