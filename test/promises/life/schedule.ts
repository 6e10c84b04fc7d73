/**
 * Random lives of a monitor: ticks that come once, twice, late or at the same time, checks by hand, providers that come
 * and go, and a table that fails before or after it did what it was asked. Two checkers share the table, as two
 * functions do. What must hold of it is judged by the test.
 */

import fc from 'fast-check';
import type { Clock } from '../../lib/base/clock.ts';
import type { Log } from '../../lib/base/log.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { CheckerError } from '../../lib/checker/errors.ts';
import type { TickReport } from '../../lib/checker/tick/report.ts';
import { parseConfig, parseProvider } from '../../lib/config/parse.ts';
import type { Category } from '../../lib/health/category.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import type { ProviderStatus } from '../../lib/health/status.ts';
import { type Store, StoreError } from '../../lib/store/store.ts';
import { START } from '../support/builders.ts';
import { bad, good, ScriptedProber } from '../support/scripted-prober.ts';

/** Calls that a schedule may have fail, each of which a tick or a manual check depends on. */
const CALLS = [
  'statuses.put',
  'statuses.get',
  'statuses.list',
  'checks.put',
  'ticks.claim',
  'ticks.finish',
  'registrations.list',
] as const;

const OUTCOMES = [null, null, 'server_error', 'rate_limited', 'auth', 'timeout'] as const;

const step = fc.record({
  afterSeconds: fc.constantFrom(10, 11, 60, 400),
  /** What happens at the same time. */
  events: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constant('tick' as const) },
      { weight: 1, arbitrary: fc.constantFrom('tick again' as const, 'late tick' as const, 'next tick' as const) },
      { weight: 2, arbitrary: fc.constantFrom('check alpha' as const, 'check gamma' as const) },
      { weight: 1, arbitrary: fc.constantFrom('register gamma' as const, 'remove gamma' as const) },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  /** The first of these calls in this step fails, having done nothing or everything. */
  faults: fc.array(
    fc.record({ call: fc.constantFrom(...CALLS), done: fc.boolean(), provider: fc.constantFrom('alpha', 'gamma') }),
    { maxLength: 2 },
  ),
});

export const schedules = fc.record({
  steps: fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }),
  outcomes: fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 40, size: 'max' }),
});

type Step = (typeof step extends fc.Arbitrary<infer T> ? T : never) & object;
export type Schedule = typeof schedules extends fc.Arbitrary<infer T> ? T : never;

/** A status as the table took it. */
export interface Written {
  status: ProviderStatus;
  basedOn: number | null;
}

export interface Life {
  reports: TickReport[];
  /** Every line of the log, as JSON. */
  logged: string[];
  configs: ReadonlyMap<string, ProviderConfig>;
}

const ENTRIES = ['alpha', 'beta', 'gamma'].map((id) => ({
  id,
  type: 'openai-compatible',
  model: 'test-model',
  baseUrl: 'https://alpha.example.com/v1',
  intervalSeconds: 10,
  blacklistAfter: 2,
}));
const [ALPHA, BETA, GAMMA] = ENTRIES;
const POLICY = { addressPolicy: 'public' } as const;

interface Surroundings {
  /** Puts something between the checkers and the store, such as waiting for one's turn. */
  between?: (store: Store) => Store;
  /** Called before the last ticks, which nothing disturbs any more. */
  calm?: () => void;
}

export async function live(
  { steps, outcomes }: Schedule,
  store: Store,
  clock: StepClock,
  { between = (same) => same, calm = () => {} }: Surroundings = {},
): Promise<Life> {
  const life: Life = {
    reports: [],
    logged: [],
    configs: new Map(ENTRIES.map((entry) => [entry.id, parseProvider(entry, POLICY)])),
  };
  let faults: Step['faults'] = [];
  const seen = between(faulty(store, () => faults));
  const write = (message: string, fields?: Record<string, unknown>) =>
    void life.logged.push(JSON.stringify([message, fields]));
  const log: Log = { info: write, warn: write, error: write };
  const prober = randomProber(outcomes);
  const config = parseConfig({ providers: [ALPHA, BETA], witnesses: [] }, POLICY);
  const checkers = [0, 1].map(() => new HealthChecker({ config, store: seen, prober, clock, log }));
  const checker = (index: number) => checkers[index % 2] ?? checkers[0];

  let owners = 0;
  const tickAt = async (time: Date, index: number) => {
    owners += 1;
    const report = await checker(index)?.runTick(time, { owner: `owner ${owners}`, deadlineAt: null });
    if (report) life.reports.push(report);
  };
  const happen = (event: Step['events'][number], index: number): Promise<unknown> | undefined => {
    const now = clock.now();
    switch (event) {
      case 'tick':
      case 'tick again':
        return tickAt(now, index);
      case 'late tick':
        return tickAt(new Date(now.getTime() - 15_000), index);
      case 'next tick':
        return tickAt(new Date(now.getTime() + 5_000), index);
      case 'check alpha':
      case 'check gamma':
        return checker(index)?.manualHealthCheck(event.slice('check '.length));
      case 'register gamma':
        return checker(index)?.registerProvider(GAMMA);
      case 'remove gamma':
        return checker(index)?.unregisterProvider('gamma');
      default: {
        const never: never = event;
        return never;
      }
    }
  };

  for (const { afterSeconds, events, faults: ofStep } of steps) {
    clock.advance(afterSeconds * 1000);
    faults = [...ofStep];
    await Promise.all(events.map((event, index) => happen(event, index)?.catch(expected)));
  }
  // What was lost is repaired by the next tick, and what was removed is tidied away by it.
  faults = [];
  calm();
  for (const index of [0, 1, 2]) {
    clock.advance(10_000);
    await tickAt(clock.now(), index).catch(expected);
  }
  return life;
}

/** A clock that is moved by hand; short pauses are over at once, deadlines never come. */
export class StepClock implements Clock {
  #nowMs = Date.parse(START);
  readonly now = (): Date => new Date(this.#nowMs);

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 1000) return Promise.resolve();
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  }
}

/** The faults of the table, and what a caller may not do, are what a schedule is about; everything else is a bug. */
function expected(cause: unknown): void {
  if (!(cause instanceof StoreError) && !(cause instanceof CheckerError)) throw cause;
}

function randomProber(outcomes: readonly (Category | null)[]): ScriptedProber {
  let next = 0;
  const prober = new ScriptedProber();
  for (const { id } of ENTRIES) {
    prober.script(id, (target, signal) => {
      const outcome = outcomes[next++ % outcomes.length] ?? null;
      return (outcome === null ? good(150) : bad(outcome))(target, signal);
    });
  }
  return prober;
}

/** The store, with each status that it takes put down. */
export function recording(store: Store, written: Written[]): Store {
  return {
    ...store,
    statuses: {
      ...store.statuses,
      async put(status, basedOn, notice) {
        const result = await store.statuses.put(status, basedOn, notice);
        if (result === 'stored') written.push({ status, basedOn });
        return result;
      },
    },
  };
}

function faulty(store: Store, faultsNow: () => Step['faults']): Store {
  return eachCall(store, async (name, parameters, call) => {
    const faults = faultsNow();
    const about = JSON.stringify(parameters[0] ?? '');
    const index = faults.findIndex(
      (fault) => fault.call === name && (name !== 'statuses.put' || about.includes(`"${fault.provider}"`)),
    );
    const [fault] = index < 0 ? [] : faults.splice(index, 1);
    if (fault === undefined) return call();
    if (fault.done) await call();
    throw new StoreError('unreachable', `${name}: no answer`);
  });
}

/** The store with `around` in place of each of its calls. */
export function eachCall(
  store: Store,
  around: (name: string, parameters: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>,
): Store {
  const wrap = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        const name = `${prefix}${String(key)}`;
        if (typeof value === 'object' && value !== null) return wrap(value, `${name}.`);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]) =>
          around(name, parameters, async () => Reflect.apply(value, object, parameters));
      },
    });
  return wrap(store, '');
}
