/** A router, as its users write one: asks for the provider to use, from the table or from the HTTP API. */

import { createHealthReader, type HealthReader } from 'provider-health/reader';

const { HEALTH_TABLE, HEALTH_ENDPOINT, HEALTH_URL, CLOCK_AHEAD_MS = '0', CALLS = '1' } = process.env;
const providers = (process.env.PROVIDERS ?? '').split(',');

const clock = {
  now: () => new Date(Date.now() + Number(CLOCK_AHEAD_MS)),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

const health: HealthReader =
  HEALTH_URL === undefined
    ? createHealthReader({ providers, clock, tableName: `${HEALTH_TABLE}`, endpoint: `${HEALTH_ENDPOINT}` })
    : createHealthReader({ providers, clock, url: HEALTH_URL, auth: { type: 'none' } });

await health.warmUp();
const picks = await Promise.all(Array.from({ length: Number(CALLS) }, () => health.pick()));
const { ranked, panic, source, ageMs, problem } = await health.rank();
const { providers: usable } = await health.getHealthyProviders();
const { totalProviders, healthyProviders } = await health.getHealthSummary();
const [first] = ranked;
const answer = {
  picked: [...new Set(picks.map(({ provider }) => provider))],
  order: ranked.map(({ provider }) => provider),
  usable,
  panic,
  source,
  isAged: ageMs !== null,
  problem: problem?.code ?? null,
  message: problem?.message ?? null,
  firstIsHealthy: first !== undefined && health.isHealthy(first.provider),
  totalProviders,
  healthyProviders,
};
console.log(JSON.stringify(answer));
