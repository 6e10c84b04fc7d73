import { describe, expect, it } from 'vitest';
import { incidentsOf } from '../../../lib/health/alerting/incident.ts';
import type { Category } from '../../../lib/health/category.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { Transition } from '../../../lib/health/transition.ts';
import { failedCheck, goodCheck, minute, provider, START } from '../../support/builders.ts';

/** The transitions that the rules make of these checks. */
function transitionsOf(checks: readonly (readonly [number, 'ok' | Category])[], id = 'alpha'): Transition[] {
  const config = provider({ id });
  let status = unknownStatus(config, new Date(START));
  return checks.flatMap(([minutes, outcome]) => {
    const base = { provider: id, timestamp: minute(minutes) };
    const change = nextStatus(status, outcome === 'ok' ? goodCheck(base) : failedCheck(outcome, base), config);
    if (!change) throw new Error('expected a newer check');
    status = change.status;
    return change.transition ?? [];
  });
}

describe('incidents', () => {
  it('last from the first failed check to the recovery, with every reason that the transitions name', () => {
    const transitions = transitionsOf([
      [0, 'ok'],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'server_error'],
      [4, 'ok'],
      [5, 'ok'],
    ]);
    expect(incidentsOf(transitions)).toEqual([
      {
        id: `${minute(1)}#alpha`,
        provider: 'alpha',
        openedAt: minute(1),
        closedAt: minute(5),
        ending: 'recovered',
        fault: 'provider',
        categories: ['timeout', 'server_error'],
        errorMessage: 'simulated timeout',
        ordinal: 1,
      },
    ]);
  });

  it('are open while they last', () => {
    expect(
      incidentsOf(
        transitionsOf([
          [0, 'ok'],
          [1, 'auth'],
        ]),
      ),
    ).toMatchObject([{ closedAt: null, ending: null, fault: 'ours' }]);
  });

  const removed = { provider: 'alpha', to: 'unknown', category: null, fault: null, errorMessage: null } as const;

  it('end when the provider is no longer checked', () => {
    const [, down] = transitionsOf([
      [0, 'ok'],
      [1, 'auth'],
    ]);
    if (!down) throw new Error('expected an outage');
    const end: Transition = { ...removed, id: `${minute(2)}#alpha`, from: down.to, at: minute(2), lastedMs: 60_000 };
    expect(incidentsOf([down, end])).toMatchObject([{ closedAt: minute(2), ending: 'not_checked' }]);
  });

  it('end at the latest when the provider is checked again as a new one', () => {
    const first = transitionsOf([
      [0, 'ok'],
      [1, 'auth'],
    ]);
    const again = transitionsOf([[30, 'timeout']]);
    const late = again.map((one) => ({ ...one, lastedMs: 10 * 60_000 }));
    expect(incidentsOf([...first, ...late])).toMatchObject([
      { openedAt: minute(30), closedAt: null, categories: ['timeout'], ordinal: 2 },
      { openedAt: minute(1), closedAt: minute(20), ending: 'not_checked', categories: ['auth'] },
    ]);
    // After a wrong clock the new life can seem to begin before the outage.
    const early = again.map((one) => ({ ...one, lastedMs: 100 * 60_000 }));
    expect(incidentsOf([...first, ...early])[1]).toMatchObject({ openedAt: minute(1), closedAt: minute(1) });
  });

  it('are the newest first, and counted over 24 hours', () => {
    const day = 24 * 60;
    const transitions = transitionsOf(
      [0, 100, 200, day + 99, 2 * day + 300].flatMap((at) => [[at, 'auth'] as const, [at + 1, 'ok'] as const]),
    );
    expect(incidentsOf(transitions).map(({ openedAt, ordinal }) => [openedAt, ordinal])).toEqual([
      [minute(2 * day + 300), 1],
      [minute(day + 99), 3],
      [minute(200), 3],
      [minute(100), 2],
      [minute(0), 1],
    ]);
  });

  it('of several providers are kept apart', () => {
    const mixed = [
      ...transitionsOf(
        [
          [0, 'ok'],
          [1, 'auth'],
          [9, 'ok'],
        ],
        'a',
      ),
      ...transitionsOf(
        [
          [0, 'ok'],
          [2, 'quota'],
          [5, 'ok'],
        ],
        'b',
      ),
    ];
    mixed.sort((a, b) => (a.at < b.at ? -1 : 1));
    expect(incidentsOf(mixed)).toMatchObject([
      { provider: 'b', openedAt: minute(2), closedAt: minute(5) },
      { provider: 'a', openedAt: minute(1), closedAt: minute(9) },
    ]);
  });

  it('that began before what is known are left out', () => {
    const [, , ...later] = transitionsOf([
      [0, 'ok'],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
      [4, 'ok'],
      [5, 'ok'],
      [6, 'auth'],
    ]);
    expect(incidentsOf(later)).toMatchObject([{ openedAt: minute(6) }]);
  });

  it('are none of degrading and coming back', () => {
    expect(
      incidentsOf(
        transitionsOf([
          [0, 'ok'],
          [1, 'rate_limited'],
          [2, 'ok'],
        ]),
      ),
    ).toEqual([]);
  });
});

describe('incidents of transitions that name little', () => {
  const transition = (minutes: number, from: Transition['from'], to: Transition['to'], category: Category | null) => ({
    id: `${minute(minutes)}#alpha`,
    provider: 'alpha',
    from,
    to,
    at: minute(minutes),
    category,
    fault: category && ('provider' as const),
    errorMessage: null,
    lastedMs: 0,
  });

  it('have no reason where none is known, and each of several once', () => {
    const [unknown] = incidentsOf([transition(1, 'healthy', 'unhealthy', null)]);
    expect(unknown?.categories).toEqual([]);
    const [worse] = incidentsOf([
      transition(1, 'healthy', 'unhealthy', 'timeout'),
      transition(2, 'unhealthy', 'blacklisted', 'timeout'),
      transition(3, 'blacklisted', 'unhealthy', null),
      transition(4, 'unhealthy', 'blacklisted', 'dns'),
    ]);
    expect(worse?.categories).toEqual(['timeout', 'dns']);
  });

  it('begin only from a state in which the provider was not down, and end only where one began', () => {
    expect(incidentsOf([transition(1, 'unhealthy', 'blacklisted', 'timeout')])).toEqual([]);
    expect(
      incidentsOf([transition(1, 'unhealthy', 'healthy', null), transition(2, 'healthy', 'degraded', null)]),
    ).toEqual([]);
    const ended = incidentsOf([
      transition(1, 'healthy', 'unhealthy', 'timeout'),
      transition(2, 'unhealthy', 'healthy', null),
      transition(3, 'healthy', 'degraded', null),
    ]);
    expect(ended).toMatchObject([{ openedAt: minute(1), closedAt: minute(2) }]);
  });

  it('count in a day that ends a moment before the same time of the next', () => {
    const day = 24 * 60;
    const down = (minutes: number) => transition(minutes, 'healthy', 'unhealthy', 'timeout');
    const up = (minutes: number) => transition(minutes, 'unhealthy', 'healthy', null);
    const ordinals = (next: number) => incidentsOf([down(0), up(1), down(next)]).map(({ ordinal }) => ordinal);
    expect(ordinals(day)).toEqual([1, 1]);
    expect(ordinals(day - 1)).toEqual([2, 1]);
  });
});
