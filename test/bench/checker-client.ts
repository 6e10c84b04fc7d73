/**
 * The product in the comparison: ticks of a HealthChecker, a minute of its own time apart, from half past noon on. The
 * ticks before are rehearsed with answers that cost no time, so that statuses, hours and days are as in the middle of a
 * day.
 */

import { type Clock, systemClock } from '../../lib/base/clock.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { EVERY_KEY } from '../../lib/egress/key-rights.ts';
import { createProber } from '../../lib/probe/create-prober.ts';
import type { Prober } from '../../lib/probe/prober.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { goodCheck } from '../support/builders.ts';
import { baseUrlOf, CA, idOf, type Tick } from './client.ts';
import { latencies, noise } from './latency.ts';
import type { ClientOrder, History } from './protocol.ts';

const MINUTE_MS = 60_000;
const MIDNIGHT_MS = Date.parse('2026-03-02T00:00:00.000Z');
/** When the measured ticks begin. */
const NOON_MINUTE = 12 * 60 + 30;
/** Ticks of the rehearsal: one in each hour of the morning, then every minute until all hours are made. */
const REHEARSED = [
  ...Array.from({ length: 11 }, (_, hour) => hour * 60 + 30),
  ...Array.from({ length: 50 }, (_, minute) => NOON_MINUTE - 50 + minute),
];

type CheckerOrder = Pick<ClientOrder, 'ports' | 'warm' | 'history' | 'table' | 'shard'>;

/** @param tls Whether TLS sessions of the tick before are resumed, as in a process that has run before. */
export async function checkerTick(
  { ports, warm, history, table, shard }: CheckerOrder,
  tls: { resume: boolean },
): Promise<Tick> {
  const prober = createProber({
    keyRights: EVERY_KEY,
    keys: { resolve: () => Promise.reject(new Error('no provider here has a key')) },
    addressPolicy: 'loopback',
    tls: { ca: CA, ...tls },
    connections: warm ? 'kept' : 'fresh',
  });
  const rehearsal = rehearsed(withHistory(prober, history), ports.length);
  const clock = new TickClock();
  const store = table && createDynamoStore({ ...table, now: () => clock.now() });
  const providers = ports.map((port, index) => ({
    id: idOf(index),
    type: 'openai-compatible',
    model: 'bench',
    baseUrl: baseUrlOf(port),
  }));
  const checker = new HealthChecker({
    config: parseConfig({ providers, witnesses: [] }, { addressPolicy: 'loopback' }),
    prober: rehearsal.prober,
    addressPolicy: 'loopback',
    clock,
    // As deployed: the function on the table's stream sends the notices.
    onNotices: async () => {},
    ...(store && { store }),
  });
  const measured = new Map<string, { ms: number; uncertain: boolean }>();
  checker.on('check', ({ isHealthy, provider: id, responseTimeMs, uncertain }) => {
    if (isHealthy) measured.set(id, { ms: responseTimeMs, uncertain });
  });
  const runTick = async (minute: number) => {
    const tick = new Date(MIDNIGHT_MS + minute * MINUTE_MS);
    clock.set(tick);
    await checker.runTick(tick, { owner: 'bench', deadlineAt: null, ...(shard && { shard }) });
  };

  for (const minute of REHEARSED) await runTick(minute);
  rehearsal.end();
  let minute = NOON_MINUTE;
  return async () => {
    measured.clear();
    await runTick(minute++);
    const checks = ports.map((_, index) => measured.get(idOf(index)) ?? null);
    return {
      measuredMs: checks.map((check) => check?.ms ?? null),
      uncertain: checks.map((check) => check?.uncertain ?? false),
    };
  };
}

/** The time of the tick, going on from there as time does. */
class TickClock implements Clock {
  #aheadMs = 0;
  readonly sleep = systemClock.sleep;

  set(time: Date): void {
    this.#aheadMs = time.getTime() - Date.now();
  }

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }
}

/** Gives each provider's usual response time at once, without a request, until the rehearsal is over. */
function rehearsed(prober: Prober, count: number): { prober: Prober; end(): void } {
  const usualMs = new Map(latencies(count).map((ms, index) => [idOf(index), ms]));
  let over = false;
  return {
    prober: {
      ...prober,
      probeAll: (targets, signal) =>
        over
          ? prober.probeAll(targets, signal)
          : targets.map(async ({ config }) =>
              goodCheck({ responseTimeMs: Math.round((usualMs.get(config.id) ?? 0) * noise()) }),
            ),
    },
    end: () => {
      over = true;
    },
  };
}

/** The same prober, given another past than it was. */
function withHistory(prober: Prober, history: History): Prober {
  if (history === 'known') return prober;
  const given = (expectedMs: number | null): number | null => {
    if (expectedMs === null || history === 'unknown') return null;
    return history === 'half' ? expectedMs / 2 : expectedMs * 2;
  };
  return {
    ...prober,
    probeAll: (targets, signal) =>
      prober.probeAll(
        targets.map((target) => ({ ...target, expectedMs: given(target.expectedMs) })),
        signal,
      ),
  };
}
