import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../lib/health/check.ts';
import { nextStatus, unknownStatus, withPolicy } from '../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { STATUS_PARTITION } from '../../lib/store/items/keys.ts';
import { statusFromItem } from '../../lib/store/items/status-item.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import { type Call, type FaultyTable, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { at, minute, START } from '../support/builders.ts';
import { startTable, type TestTable } from '../support/table.ts';
import {
  eachCall,
  type Life,
  live,
  recording,
  type Schedule,
  StepClock,
  schedules,
  type Written,
} from './schedules.ts';

/** A status with the writes that led to it, the first one first. */
type Chain = readonly Written[];

/** What every status was computed from, back to the first of its provider; fails where one came from nowhere. */
function chainTo(status: ProviderStatus, written: readonly Written[], config: ProviderConfig): Chain {
  const own = written.find((one) => same(one.status, status));
  if (own === undefined) throw new Error(`nobody wrote ${JSON.stringify(status)}`);
  if (own.basedOn === null) {
    const first = unknownStatus(config, new Date(status.since));
    const check = status.lastCheck;
    const born = check && nextStatus(unknownStatus(config, new Date(check.timestamp)), check, config)?.status;
    expect([first, born].some((one) => one !== null && one !== undefined && same(one, status))).toBe(true);
    return [own];
  }
  const before = written.find(
    (one) =>
      one.status.provider === status.provider &&
      one.status.version === own.basedOn &&
      isStep(one.status, status, config),
  );
  if (before === undefined) throw new Error(`no rule leads from version ${own.basedOn} to ${JSON.stringify(status)}`);
  return [...chainTo(before.status, written, config), own];
}

function isStep(before: ProviderStatus, after: ProviderStatus, config: ProviderConfig): boolean {
  const checked = after.lastCheck && nextStatus(before, after.lastCheck, config)?.status;
  const changed = withPolicy(before, config);
  return [checked, changed].some((one) => one !== null && one !== undefined && same(one, after));
}

/** As the table keeps it: absent and undefined are one. What it carries for the history is no part of the belief. */
function same(a: ProviderStatus, b: ProviderStatus): boolean {
  return JSON.stringify(sorted(believed(a))) === JSON.stringify(sorted(believed(b)));
}

function believed({ unrecorded, ...status }: ProviderStatus): ProviderStatus {
  return status;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** The checks that made the status, oldest first. */
function checksOf(chain: Chain): HealthCheck[] {
  return chain.flatMap(({ status }, i) => {
    const check = status.lastCheck;
    return check && check.timestamp !== chain[i - 1]?.status.lastCheck?.timestamp ? [check] : [];
  });
}

async function judge(life: Life, written: readonly Written[], store: Store): Promise<void> {
  for (const { due, stored, failed, skipped, outcome } of life.reports) {
    const ids = [stored, failed.map(({ provider }) => provider), skipped.map(({ provider }) => provider)].flat();
    expect(ids, 'T3: stored + failed + skipped').toHaveLength(due);
    expect(new Set(ids).size, 'T3: each once').toBe(due);
    if (outcome === 'taken') expect(due).toBe(0);
  }

  const { statuses, unreadable } = await store.statuses.list();
  const registered = (await store.registrations.list()).map(({ provider }) => provider);
  expect(unreadable).toEqual([]);
  expect(statuses.map(({ provider }) => provider).filter((id) => id === 'gamma')).toEqual(registered);

  for (const status of statuses) {
    const config = life.configs.get(status.provider);
    if (config === undefined) throw new Error(`nobody knows ${status.provider}`);
    const chain = chainTo(status, written, config);
    const checks = checksOf(chain);
    const times = checks.map(({ timestamp }) => timestamp);
    expect(times, 'T4: no older result over a newer one').toEqual([...new Set(times)].toSorted());
    const first = chain[0]?.status;
    const unknown = unknownStatus(config, new Date(first?.lastCheck?.timestamp ?? first?.since ?? START));
    const recorded = await recordedChecks(store, status.provider);
    // One that was removed and came back left its older checks.
    const ofThisLife = recorded.filter(({ timestamp }) => timestamp >= (times[0] ?? unknown.since));
    expect(
      ofThisLife.map(({ timestamp, trigger }) => [timestamp, trigger]),
      'S7: the recorded checks are those that counted',
    ).toEqual(checks.map(({ timestamp, trigger }) => [timestamp, trigger]));
    const replayed = ofThisLife.reduce((before, check) => nextStatus(before, check, config)?.status ?? before, unknown);
    expect({ ...replayed, version: 0 }, 'S3: the replay').toEqual({ ...status, version: 0 });

    const transitions = chain.flatMap(({ status: { lastTransition } }, i) =>
      lastTransition && lastTransition.id !== chain[i - 1]?.status.lastTransition?.id ? [lastTransition] : [],
    );
    transitions.forEach((transition, i) => {
      expect(transition.from).toBe(i === 0 ? 'unknown' : transitions[i - 1]?.to);
      expect(transition.to).not.toBe(transition.from);
      expect(transition.at > (transitions[i - 1]?.at ?? '')).toBe(true);
    });
  }
}

/** Oldest first. */
async function recordedChecks(store: Store, provider: string): Promise<HealthCheck[]> {
  const range = { from: at(-60_000), to: minute(1000), limit: 1000 };
  return (await store.checks.page(provider, range)).items.reverse();
}

/** The status that a PutItem brought, if it brought one. */
function statusWritten({ body }: Call): Written[] {
  const item = unmarshall(body.Item as Parameters<typeof unmarshall>[0]);
  if (item.pk !== STATUS_PARTITION) return [];
  const status = statusFromItem(item);
  const isFirst = String(body.ConditionExpression).includes('attribute_not_exists');
  return [{ status, basedOn: isFirst ? null : status.version - 1 }];
}

describe('S3: after any schedule with faults the status is the replay of its checks, and transitions alternate', () => {
  it('in memory, however the calls of two checkers interleave', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, fc.scheduler(), async (schedule: Schedule, scheduler) => {
        const clock = new StepClock();
        const store = createMemoryStore({ now: clock.now });
        const inTurn = (inner: Store) =>
          eachCall(inner, (name, _parameters, call) => scheduler.schedule(Promise.resolve(), name).then(call));
        const written: Written[] = [];
        const living = live(schedule, recording(store, written), clock, { between: inTurn });
        await scheduler.waitFor(living);
        await judge(await living, written, store);
      }),
      { numRuns: 40 },
    );
  });

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

    it('that also loses the answers of writes it made (S4)', async () => {
      const lost = fc.array(fc.boolean(), { minLength: 1, maxLength: 12, size: 'max' });
      await fc.assert(
        fc.asyncProperty(schedules, lost, async (schedule: Schedule, pattern) => {
          await table.empty();
          const written: Written[] = [];
          const asked = new Set<string>();
          let losing = true;
          for (const operation of ['PutItem', 'UpdateItem', 'BatchWriteItem']) {
            proxy.failAlways(operation, async (call) => {
              // The client asks again with the same words, and is answered then.
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
          // The client tries again only so often: in a table that loses every answer it stops, and so would the ticks.
          const calm = () => {
            losing = false;
          };
          await judge(await live(schedule, store, clock, { calm }), written, store);
          store.close();
        }),
        { numRuns: 4, endOnFailure: true },
      );
    });
  });
});
