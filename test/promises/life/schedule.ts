/**
 * Random schedules of what may happen to monitors that share a table: ticks that come once, twice, late, early, at the
 * same time or from the future; manual checks and checks after reports; providers that are added, disabled and removed,
 * by calls and by another providers.json; a table that fails before or after a call took effect; processes that die at any of their calls.
 */

import fc from 'fast-check';

/** Calls that may fail in a schedule. A tick, a manual check or an alert depends on each of them. */
const CALLS = [
  'statuses.put',
  'statuses.get',
  'statuses.list',
  'statuses.delete',
  'statuses.touch',
  'statuses.touched',
  'checks.put',
  'ticks.claim',
  'ticks.heartbeat',
  'ticks.finish',
  'registrations.list',
  'registrations.put',
  'manualChecks.claim',
  'transitions.put',
  'transitions.page',
  'alerts.list',
  'alerts.put',
  'alerts.claim',
  'alerts.settle',
  'alerts.release',
  'alerts.announce',
  'channel.send',
] as const;

const OUTCOMES = [null, null, 'server_error', 'rate_limited', 'auth', 'timeout'] as const;

const event = fc.oneof(
  { weight: 10, arbitrary: fc.constant('tick' as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'tick again' as const,
      'late tick' as const,
      'next tick' as const,
      'future tick' as const,
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('check alpha' as const, 'check gamma' as const, 'check all' as const, 'report' as const),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('register gamma' as const, 'disable gamma' as const, 'remove gamma' as const),
  },
);

/** What providers.json says about beta. */
const BETAS = ['enabled', 'disabled', 'absent'] as const;

const step = fc.record({
  afterSeconds: fc.constantFrom(10, 11, 60, 400),
  /** Work of the step before was paused until now; otherwise it has already ended. */
  stalled: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** Both processes end, and are started with a providers.json that says this about beta; null: they go on. */
  beta: fc.option(fc.constantFrom(...BETAS), { freq: 5 }),
  /** What happens at the same time. */
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
  /** The first of these calls in this step fails, before or after it took effect. */
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ call: fc.constantFrom(...CALLS), done: fc.boolean(), provider: fc.constantFrom('alpha', 'gamma') }),
        { minLength: 1, maxLength: 2 },
      ),
    },
  ),
  /**
   * One of the two processes dies at a call of this step, before or after it took effect, and is started again after
   * the step.
   */
  crash: fc.option(
    fc.record({
      process: fc.constantFrom(0 as const, 1 as const),
      atCall: fc.integer({ min: 1, max: 30 }),
      done: fc.boolean(),
      /** The tick in which it died is run again with the same owner. */
      retried: fc.boolean(),
    }),
    { freq: 3 },
  ),
});

/** Calls that always fail for some steps; no step needs them to succeed. */
const outage = fc.record({
  call: fc.constantFrom('checks.put', 'transitions.put', 'alerts.put', 'alerts.settle', 'channel.send'),
  done: fc.boolean(),
  firstStep: fc.nat(6),
  steps: fc.integer({ min: 1, max: 4 }),
});

export const schedules = fc.record({
  outage: fc.option(outage, { freq: 2 }),
  steps: fc.array(step, { minLength: 2, maxLength: 9, size: 'max' }),
  /** The results of the probes, one after the other, then from the first again. */
  outcomes: fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 40, size: 'max' }),
  /** For how many turns each call waits while other calls run. */
  turns: fc.array(fc.nat(6), { minLength: 1, maxLength: 30, size: 'max' }),
});

type Of<T> = T extends fc.Arbitrary<infer U> ? U : never;
export type Schedule = Of<typeof schedules>;
type Step = Of<typeof step>;
export type LifeEvent = Of<typeof event>;
export type Fault = Step['faults'][number];
