/**
 * Days of a router: providers that have outages, partial failures, slow hours and rate limits by a seeded generator, a
 * monitor that checks them once a minute by the real rules, and requests that are routed by each strategy in turn.
 */

import type { HealthCheck } from '../../../lib/health/check.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import { type RankedProvider, rank, spin, wheelOf } from '../../../lib/health/select.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, provider, START } from '../../support/builders.ts';
import { seeded } from '../../support/seeded.ts';

export const DAYS = 10;
const TICKS_A_DAY = 1440;
const REQUESTS_A_TICK = 12;
/** The duration of a failed attempt: most providers refuse at once, some do not answer. */
const REFUSED_MS = 60;
const TIMEOUT_MS = 10_000;

/** In the order of the static list: the program's favourite is first, and it is not the fastest. */
const FLEET = [
  { id: 'large', usualMs: 700 },
  { id: 'quick', usualMs: 300 },
  { id: 'middle', usualMs: 500 },
  { id: 'spare', usualMs: 1200 },
] as const;

/** A fault of a provider from one tick to another. */
interface Fault {
  from: number;
  to: number;
  /** Share of requests that fail. */
  failing: number;
  /** Whether failing ones are not answered at all. */
  silent: boolean;
  /** How many times slower than usual the others are. */
  slower: number;
}

/** About one outage in two days, one partial failure a day, two slow times a day, of each provider. */
function faultsOf(random: () => number): Fault[] {
  const faults: Fault[] = [];
  const add = (perDay: number, minutes: [number, number], make: () => Omit<Fault, 'from' | 'to'>) => {
    for (let i = 0; i < perDay * DAYS; i += 1) {
      const from = Math.floor(random() * DAYS * TICKS_A_DAY);
      faults.push({ from, to: from + minutes[0] + Math.floor(random() * (minutes[1] - minutes[0])), ...make() });
    }
  };
  add(0.5, [4, 90], () => ({ failing: 1, silent: random() < 0.4, slower: 1 }));
  add(1, [5, 60], () => ({ failing: 0.2 + random() * 0.5, silent: random() < 0.2, slower: 1 }));
  add(2, [10, 120], () => ({ failing: 0, silent: false, slower: 3 + random() * 7 }));
  return faults;
}

interface Answer {
  ok: boolean;
  ms: number;
}

/** The result of one request to a provider now. */
function answerOf(usualMs: number, faults: readonly Fault[], random: () => number): Answer {
  for (const { failing, silent } of faults) {
    if (random() < failing) return { ok: false, ms: silent ? TIMEOUT_MS : REFUSED_MS };
  }
  const slower = faults.reduce((most, fault) => Math.max(most, fault.slower), 1);
  // Log-normal, as response times are (Box and Muller).
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ms = usualMs * slower * Math.exp(0.35 * normal);
  return random() < 0.002 ? { ok: false, ms: REFUSED_MS } : { ok: ms < TIMEOUT_MS, ms: Math.min(ms, TIMEOUT_MS) };
}

function checkOf({ id }: ProviderConfig, { ok, ms }: Answer, tick: number): HealthCheck {
  const timestamp = new Date(Date.parse(START) + tick * 60_000).toISOString();
  const fields = { provider: id, timestamp, responseTimeMs: Math.round(ms) };
  return ok ? goodCheck(fields) : failedCheck(ms === TIMEOUT_MS ? 'timeout' : 'server_error', fields);
}

export const STRATEGIES = ['best', 'weighted', 'round robin', 'static order'] as const;
export type Routing = (typeof STRATEGIES)[number];

export interface Figures {
  routing: Routing;
  /** Whether the next provider is asked where one fails. */
  failover: boolean;
  /** Share of requests that got no answer. */
  failed: number;
  p50Ms: number;
  p95Ms: number;
}

/** The results of the requests of one strategy. */
interface Run {
  routing: Routing;
  failover: boolean;
  /** The same numbers in every run. */
  random: () => number;
  times: number[];
  failed: number;
}

/**
 * Runs every strategy through the same days, with a failover and without. One monitor gives the order for all of them.
 */
export function simulate(): Figures[] {
  const faultRandom = seeded(7);
  const checkRandom = seeded(11);
  const fleet = FLEET.map(({ id, usualMs }) => {
    const config = provider({ id });
    return { id, usualMs, config, faults: faultsOf(faultRandom), status: unknownStatus(config, new Date(START)) };
  });
  const runs = [false, true].flatMap((failover) =>
    STRATEGIES.map((routing): Run => ({ routing, failover, random: seeded(13), times: [], failed: 0 })),
  );
  for (let tick = 0; tick < DAYS * TICKS_A_DAY; tick += 1) {
    const asks = new Map<string, (random: () => number) => Answer>();
    for (const one of fleet) {
      const faults = one.faults.filter(({ from, to }) => from <= tick && tick < to);
      const ask = (random: () => number) => answerOf(one.usualMs, faults, random);
      asks.set(one.id, ask);
      one.status = checked(one.status, one.config, () => ask(checkRandom), tick);
    }
    const at = new Date(Date.parse(START) + tick * 60_000);
    const statuses = fleet.map(({ status }) => status);
    const { ranked } = rank(statuses, {}, at, checkRandom);
    const wheel = wheelOf(ranked);
    for (let request = 0; request < REQUESTS_A_TICK; request += 1) {
      for (const run of runs) {
        const order = orderOf(run.routing, ranked, wheel, tick * REQUESTS_A_TICK + request, run.random);
        send(run, run.failover ? order : order.slice(0, 1), asks);
      }
    }
  }
  return runs.map(({ routing, failover, times, failed }) => {
    times.sort((a, b) => a - b);
    const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
    return { routing, failover, failed: failed / times.length, p50Ms: at(0.5), p95Ms: at(0.95) };
  });
}

/** One request: each provider in turn, until one answers. */
function send(run: Run, order: readonly string[], asks: ReadonlyMap<string, (random: () => number) => Answer>): void {
  let ms = 0;
  for (const id of order) {
    const answer = asks.get(id)?.(run.random) ?? { ok: false, ms: 0 };
    ms += answer.ms;
    if (answer.ok) return void run.times.push(ms);
  }
  run.times.push(ms);
  run.failed += 1;
}

/** A failure of a provider that works is confirmed by a second probe, as the monitor does. */
function checked(status: ProviderStatus, config: ProviderConfig, ask: () => Answer, tick: number): ProviderStatus {
  const first = ask();
  const answer = first.ok || !status.isHealthy ? first : ask();
  return nextStatus(status, checkOf(config, answer, tick), config)?.status ?? status;
}

function orderOf(
  routing: Routing,
  ranked: readonly RankedProvider[],
  wheel: readonly number[],
  turn: number,
  random: () => number,
): string[] {
  const ids = ranked.map(({ status }) => status.provider);
  switch (routing) {
    case 'best':
      return ids;
    case 'weighted': {
      const [first = ''] = ids.splice(spin(wheel, random), 1);
      return [first, ...ids];
    }
    case 'round robin':
      return FLEET.map((_, place) => FLEET[(turn + place) % FLEET.length]?.id ?? '');
    case 'static order':
      return FLEET.map(({ id }) => id);
    default: {
      const never: never = routing;
      return never;
    }
  }
}
