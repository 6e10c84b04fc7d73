/** The metrics for Prometheus, of each provider and of the monitor itself. Units: seconds, and ratios from 0 to 1. */

import type { AgedStatus } from '../../health/aged-status.ts';
import { CATEGORIES } from '../../health/category.ts';
import type { Timings } from '../../health/check.ts';
import { STATES } from '../../health/transition.ts';
import type { DayCounts } from '../../health/uptime/day-counts.ts';
import type { Unreadable } from '../../store/store.ts';
import type { Pulse } from '../read/heartbeat.ts';
import type { Metric, Sample } from './prometheus.ts';

const PREFIX = 'provider_health_';

const PHASES: readonly (readonly [label: string, phase: keyof Timings])[] = [
  ['dns', 'dnsMs'],
  ['connect', 'connectMs'],
  ['tls', 'tlsMs'],
  ['first_byte', 'firstByteMs'],
  ['first_token', 'firstTokenMs'],
  ['total', 'totalMs'],
];

export interface Measured {
  statuses: readonly AgedStatus[];
  unreadable: readonly Unreadable[];
  /** Counts of the current UTC day, by provider. */
  today: ReadonlyMap<string, DayCounts>;
  /** The last heartbeat of each shard. */
  pulses: ReadonlyMap<string, Pulse | null>;
}

export function metricsOf({ statuses, unreadable, today, pulses }: Measured): Metric[] {
  return [
    ...providerMetrics(statuses),
    ...checkMetrics(statuses),
    checksTotal(today),
    ...monitorMetrics(unreadable, pulses),
  ];
}

function providerMetrics(statuses: readonly AgedStatus[]): Metric[] {
  const each = (value: (status: AgedStatus) => Sample['value']): Sample[] =>
    statuses.map((status) => ({ labels: { provider: status.provider }, value: value(status) }));
  return [
    gauge(
      'provider_info',
      'Type and model of the provider. The value is always 1.',
      statuses.map(({ provider, type, model }) => ({ labels: { provider, type, model }, value: 1 })),
    ),
    gauge(
      'state',
      'Whether the provider is in this state: 1 for its state, 0 for the others.',
      statuses.flatMap(({ provider, state }) =>
        STATES.map((one) => ({ labels: { provider, state: one }, value: one === state })),
      ),
    ),
    gauge(
      'up',
      'Whether the provider is healthy or degraded.',
      each(({ isHealthy }) => isHealthy),
    ),
    gauge(
      'enabled',
      'Whether the provider is probed and may be selected.',
      each(({ enabled }) => enabled),
    ),
    gauge(
      'stale',
      'Whether the status is older than 3 intervals.',
      each(({ stale }) => stale),
    ),
    gauge(
      'flapping',
      'Whether the state changed 4 times in 30 minutes.',
      each(({ flapping }) => flapping),
    ),
    gauge(
      'health_score',
      'Health score of the last check, 0 to 1.',
      each(({ healthScore }) => healthScore),
    ),
    gauge(
      'routing_score',
      'Routing score over the last 20 checks, 0 to 1.',
      each(({ routingScore }) => routingScore),
    ),
    gauge(
      'success_ratio',
      'Share of good checks among the last 20.',
      each(({ successRate }) => successRate),
    ),
    gauge(
      'response_time_median_seconds',
      'Median response time of the good checks among the last 20.',
      each(({ medianResponseMs }) => seconds(medianResponseMs)),
    ),
    gauge(
      'consecutive_failures',
      'Failed checks in a row.',
      each(({ consecutiveFailures }) => consecutiveFailures),
    ),
    gauge(
      'state_since_timestamp_seconds',
      'When the state began.',
      each(({ since }) => epochSeconds(since)),
    ),
    gauge(
      'tokens_today',
      'Tokens that probes used on the current UTC day.',
      each(({ tokensToday }) => tokensToday?.count ?? 0),
    ),
  ];
}

function checkMetrics(statuses: readonly AgedStatus[]): Metric[] {
  const checked = statuses.flatMap(({ lastCheck }) => lastCheck ?? []);
  return [
    gauge(
      'last_check_timestamp_seconds',
      'Time of the last check.',
      checked.map(({ provider, timestamp }) => ({ labels: { provider }, value: epochSeconds(timestamp) })),
    ),
    gauge(
      'response_time_seconds',
      'Response time of the last check: from the written request to the complete answer; for a failed check, until it failed.',
      checked.map(({ provider, responseTimeMs }) => ({ labels: { provider }, value: seconds(responseTimeMs) })),
    ),
    gauge(
      'phase_seconds',
      'Duration of each phase of the last check. A phase that did not happen has no sample.',
      checked.flatMap(({ provider, timings }) =>
        PHASES.map(([phase, key]) => ({ labels: { provider, phase }, value: seconds(timings[key]) })),
      ),
    ),
    gauge(
      'failure',
      'Category and fault of a failed last check. A good check has no sample.',
      checked.flatMap((check) =>
        check.isHealthy
          ? []
          : { labels: { provider: check.provider, category: check.category, fault: check.fault }, value: 1 },
      ),
    ),
  ];
}

/** The counts come from the statuses, so every process answers the same. */
function checksTotal(today: Measured['today']): Metric {
  return {
    name: `${PREFIX}checks_total`,
    help: 'Checks by outcome: good, or the category of the failure. Resets at midnight UTC, as counters may.',
    type: 'counter',
    samples: [...today].flatMap(([provider, { checks, failures }]) => {
      const failed = CATEGORIES.map((category) => [category, failures[category] ?? 0] as const);
      const good = checks - failed.reduce((sum, [, count]) => sum + count, 0);
      return [['good', good] as const, ...failed].map(([outcome, value]) => ({ labels: { provider, outcome }, value }));
    }),
  };
}

function monitorMetrics(unreadable: readonly Unreadable[], pulses: Measured['pulses']): Metric[] {
  const each = (value: (pulse: Pulse) => Sample['value']): Sample[] =>
    [...pulses].map(([shard, pulse]) => ({ labels: { shard }, value: pulse && value(pulse) }));
  return [
    gauge('unreadable_statuses', 'Providers with a stored status that cannot be understood.', [
      { value: unreadable.length },
    ]),
    gauge(
      'tick_timestamp_seconds',
      'When the last tick finished.',
      each(({ heartbeat }) => epochSeconds(heartbeat.finishedAt)),
    ),
    gauge(
      'tick_age_seconds',
      'Time since the last tick finished.',
      each(({ ageMs }) => seconds(ageMs)),
    ),
    gauge(
      'tick_due_providers',
      'Providers that were due in the last tick.',
      each(({ heartbeat }) => heartbeat.due),
    ),
    gauge(
      'tick_providers',
      'Providers of the last tick by the outcome of their check.',
      [...pulses].flatMap(([shard, pulse]) =>
        (['stored', 'failed', 'skipped'] as const).map((outcome) => ({
          labels: { shard, outcome },
          value: pulse?.heartbeat[outcome] ?? null,
        })),
      ),
    ),
    gauge(
      'tick_monitor_fault',
      "Whether the monitor's own network failed in the last tick.",
      each(({ heartbeat }) => heartbeat.monitorFault),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: PREFIX + name, help, type: 'gauge', samples };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function epochSeconds(time: string): number {
  return Date.parse(time) / 1000;
}
