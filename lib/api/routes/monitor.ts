/** Routes about the monitor itself: whether it works, its metrics, its OpenAPI document. */

import * as z from 'zod';
import { withAge } from '../../health/aged-status.ts';
import { dayOf, emptyDay } from '../../health/uptime/day-counts.ts';
import type { Api } from '../api.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { readFleet } from '../read/fleet.ts';
import { type Pulse, readPulses } from '../read/heartbeat.ts';
import { healthzAnswer } from '../shapes/answers.ts';
import { metricsOf } from '../views/metrics.ts';
import { formatMetrics, PROMETHEUS_MEDIA } from '../views/prometheus.ts';

/** The document changes only with a deployment. */
const OPENAPI_CACHE_SECONDS = 300;

/** @param document Makes the OpenAPI document of all routes, these included. */
export function monitorRoutes(api: Api, document: () => Promise<Record<string, unknown>>): Route[] {
  return [
    defineRoute({
      path: '/healthz',
      operationId: 'getHealthz',
      summary: 'Whether the monitor itself works: 503 when the last tick is too old',
      group: 'Monitor',
      query: null,
      answers: healthzAnswer,
      problems: ['monitor_silent'],
      cacheSeconds: 0,
      async handle() {
        const { heartbeat, ageMs } = oldestOf(await readPulses(api), api.monitor);
        return { body: { status: 'ok' as const, asOf: api.now().toISOString(), lastTick: heartbeat.tick, ageMs } };
      },
    }),
    defineRoute({
      path: '/metrics',
      operationId: 'getMetrics',
      summary: 'Metrics in the text format of Prometheus',
      group: 'Monitor',
      query: null,
      media: PROMETHEUS_MEDIA,
      answers: z.string(),
      cacheSeconds: 0,
      async handle() {
        const [{ statuses, unreadable }, pulses] = await Promise.all([readFleet(api), readPulses(api)]);
        const now = api.now();
        const day = dayOf(now.getTime());
        const today = new Map(
          statuses.map(({ provider, dayCounts = [] }) => [
            provider,
            dayCounts.find((counts) => counts.day === day) ?? emptyDay(day),
          ]),
        );
        const byShard = new Map(api.monitor.shards.map((shard, i) => [shard, pulses[i] ?? null]));
        const aged = statuses.map((status) => withAge(status, now));
        const measured = { statuses: aged, unreadable, today, pulses: byShard };
        return { body: formatMetrics(metricsOf(measured)) };
      },
    }),
    defineRoute({
      path: '/v1/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This description of the API',
      group: 'Monitor',
      answers: z.record(z.string(), z.unknown()),
      cacheSeconds: OPENAPI_CACHE_SECONDS,
      handle: async () => ({ body: await document() }),
    }),
  ];
}

/** @throws {Problem} `monitor_silent` when a shard had no tick, or none for too long. */
function oldestOf(pulses: readonly (Pulse | null)[], { tickSeconds, shards }: Api['monitor']): Pulse {
  const silent = pulses.flatMap((pulse, i) =>
    pulse === null || pulse.silent ? [`${shards.length > 1 ? `of shard ${shards[i]} ` : ''}${endOf(pulse)}`] : [],
  );
  const [oldest] = pulses.flatMap((pulse) => pulse ?? []).sort((a, b) => b.ageMs - a.ageMs);
  if (oldest && silent.length === 0) return oldest;
  const got = silent.join('; ') || endOf(null);
  throw new Problem('monitor_silent', `Expected a tick every ${tickSeconds} s; ${got}. Statuses may be out of date.`, {
    retryAfterSeconds: Math.ceil(tickSeconds),
  });
}

function endOf(pulse: Pulse | null): string {
  if (pulse === null) return 'there was none yet';
  const { ageMs, fromFuture } = pulse;
  const seconds = Math.round(ageMs / 1000);
  if (!fromFuture) return `the last one ended ${seconds} s ago`;
  return `the last one says that it ended ${seconds} s from now, so the clock of the monitor or of this API is wrong`;
}
