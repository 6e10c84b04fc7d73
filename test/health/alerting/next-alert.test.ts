import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, type AlertRecord, MONITOR_SUBJECT, newRecord } from '../../../lib/health/alerting/alert.ts';
import { ALERT_DEFAULTS, type NoticeSettings } from '../../../lib/health/alerting/alert-settings.ts';
import { endedRecord, nextAlert, nextMonitorAlert } from '../../../lib/health/alerting/next-alert.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { endedStatus } from '../../../lib/health/ended-status.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { failedCheck, goodCheck, minute, provider, START } from '../../support/builders.ts';

type Outcome = 'ok' | 'timeout' | 'auth' | 'paused';

function checkOf(outcome: Outcome, timestamp: string): HealthCheck {
  if (outcome === 'ok') return goodCheck({ timestamp });
  return outcome === 'paused'
    ? failedCheck('timeout', { timestamp, maintenance: true })
    : failedCheck(outcome, { timestamp });
}

/** The status after each check, one a minute. */
function statusesOf(outcomes: readonly Outcome[]): ProviderStatus[] {
  const config = provider();
  let status = unknownStatus(config, new Date(START));
  return outcomes.map((outcome, index) => {
    status = nextStatus(status, checkOf(outcome, minute(index)), config)?.status ?? status;
    return status;
  });
}

function announcedBy(
  statuses: readonly ProviderStatus[],
  settings: NoticeSettings = ALERT_DEFAULTS,
): { record: AlertRecord; alerts: Alert[] } {
  const alerts: Alert[] = [];
  const record = statuses.reduce((before, status) => {
    const step = nextAlert(before, status, settings);
    alerts.push(...step.alerts);
    return step.record;
  }, newRecord('alpha'));
  return { record, alerts };
}

const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);
const short = ({ phase, problem, at }: Alert) => `${(Date.parse(at) - Date.parse(START)) / 60_000} ${phase} ${problem}`;

describe('the next alert of a provider', () => {
  it('is nothing of a status that is not newer than the record, the same one included', () => {
    const [first, second] = statusesOf(['auth', 'ok']);
    if (!first || !second) throw new Error('expected two statuses');
    const opened = nextAlert(newRecord('alpha'), first, ALERT_DEFAULTS);
    expect(nextAlert(opened.record, first, ALERT_DEFAULTS)).toEqual({ record: opened.record, alerts: [] });
    const over = nextAlert(opened.record, second, ALERT_DEFAULTS);
    expect(nextAlert(over.record, first, ALERT_DEFAULTS)).toEqual({ record: over.record, alerts: [] });
  });

  it('is the end of a problem whose recovery was missed, and the next one, with the times of both', () => {
    const statuses = statusesOf(['ok', 'auth', 'auth', 'ok', 'ok', 'auth', 'auth', 'auth']);
    const seen = [1, 5].flatMap((index) => statuses[index] ?? []);
    const { alerts, record } = announcedBy(seen);
    expect(alerts.map(short)).toEqual([
      '1 opened action_needed',
      '3 recovered action_needed',
      '5 opened action_needed',
    ]);
    expect(alerts.map(({ thread }) => thread)).toEqual([1, 1, 5].map((at) => `${minute(at)}#alpha`));
    expect(alerts[1]).toMatchObject({ state: 'healthy', category: null, lastedMs: 120_000 });
    expect(record.open).toMatchObject({ since: minute(5) });
  });

  it('is the end of a problem whose provider is no longer checked, at its last check', () => {
    const statuses = statusesOf(['ok', 'auth', 'auth']);
    const last = statuses.at(-1);
    const ended = last && endedStatus(last);
    if (!ended) throw new Error('expected an end');
    const { alerts, record } = announcedBy([...statuses, ended, ended, last]);
    expect(alerts.map(({ phase, state, at }) => [phase, state, at])).toEqual([
      ['opened', 'unhealthy', minute(1)],
      ['recovered', 'unknown', ended.since],
    ]);
    expect(record).toMatchObject({ open: null, quiet: false, asOf: ended.since });
    // Where nothing was announced, there is nothing to end.
    expect(announcedBy([ended]).alerts).toEqual([]);
  });

  it('is the end of a problem of a removed provider that is checked again, when the notice of its removal was lost', () => {
    const old = statusesOf(['ok', 'auth', 'auth']);
    const check = failedCheck('auth', { timestamp: minute(5) });
    const fresh = nextStatus(unknownStatus(provider(), new Date(minute(5))), check, provider())?.status;
    if (!fresh) throw new Error('expected a status');
    const { alerts } = announcedBy([...old, fresh]);
    expect(alerts.map(({ phase, state }) => [phase, state])).toEqual([
      ['opened', 'unhealthy'],
      ['recovered', 'unknown'],
      ['opened', 'unhealthy'],
    ]);
    // Channels get alerts in the order of their times.
    const [, end, next] = alerts.map(({ at }) => at);
    expect(end && next && end < next).toBe(true);
    expect(end).toBe(new Date(Date.parse(minute(2)) + 1).toISOString());
  });

  it('is the end of a record that no status ends, later than everything in it', () => {
    const { record } = announcedBy(statusesOf(['ok', 'auth']));
    const { open } = record;
    if (open === null) throw new Error('expected a problem');
    const step = endedRecord({ ...record, open }, new Date(minute(7)));
    expect(step.record).toMatchObject({ open: null, asOf: minute(7), quiet: false });
    expect(step.alerts).toMatchObject([{ phase: 'recovered', state: 'unknown', at: minute(7), thread: open.thread }]);
    expect(step.alerts[0]?.id).toBe(`${minute(7)}#alpha/recovered`);
    const behind = endedRecord({ ...record, open }, new Date(minute(-7)));
    expect(Date.parse(behind.record.asOf)).toBe(Date.parse(record.asOf) + 1);
  });

  it('is nothing of an end that is older than the record', () => {
    const [status] = statusesOf(['auth']);
    const ended = status && endedStatus(status);
    if (!ended) throw new Error('expected an end');
    const { record } = announcedBy(statusesOf(['ok', 'ok', 'auth', 'auth']));
    expect(nextAlert(record, ended, ALERT_DEFAULTS)).toEqual({ record, alerts: [] });
  });

  it('is the same of one that was blacklisted when it was seen again, as far as its status knows', () => {
    const statuses = statusesOf(['ok', 'auth', 'ok', 'ok', ...times(4, 'auth')]);
    const { alerts } = announcedBy([1, 7].flatMap((index) => statuses[index] ?? []));
    // Its last transition is the blacklisting by now; what is left is when it last worked.
    expect(alerts.map(short).slice(0, 2)).toEqual(['1 opened action_needed', '3 recovered action_needed']);
    expect(alerts).toHaveLength(3);
  });

  it('is that an outage needs our fix now, in its thread, and nothing the other way round', () => {
    const { alerts } = announcedBy(statusesOf(['ok', 'timeout', 'timeout', 'auth']));
    expect(alerts.map(short)).toEqual(['2 opened outage', '3 opened action_needed']);
    expect(alerts.map(({ severity }) => severity)).toEqual(['critical', 'error']);
    expect(alerts.map(({ id }) => id)).toEqual([2, 3].map((at) => `${minute(at)}#alpha/opened`));
    expect(new Set(alerts.map(({ thread }) => thread)).size).toBe(1);
    expect(announcedBy(statusesOf(['ok', 'auth', 'timeout', 'timeout'])).alerts.map(short)).toEqual([
      '1 opened action_needed',
    ]);
  });

  it('is no end of a problem that goes on', () => {
    const statuses = statusesOf(['ok', ...times(9, 'auth')]);
    expect(announcedBy([1, 4, 9].flatMap((index) => statuses[index] ?? [])).alerts.map(short)).toEqual([
      '1 opened action_needed',
    ]);
  });

  it('is no reminder in a planned pause, and one after it', () => {
    const { alerts } = announcedBy(statusesOf(['ok', ...times(3, 'timeout'), ...times(70, 'paused'), 'timeout']));
    expect(alerts.map(short)).toEqual(['2 opened outage', '74 reminder outage']);
  });

  it('is no flapping in a planned pause', () => {
    const { alerts, record } = announcedBy(statusesOf(['ok', 'paused', 'ok', 'paused', 'ok', 'paused']));
    expect({ alerts, quiet: record.quiet }).toEqual({ alerts: [], quiet: false });
  });

  it('announces the recovery of an announced problem, also in a planned pause', () => {
    const statuses = statusesOf(['ok', 'auth', 'ok']);
    const paused = statuses.map((status, index) =>
      index === 2 && status.lastCheck
        ? { ...status, lastCheck: { ...status.lastCheck, maintenance: true as const } }
        : status,
    );
    expect(announcedBy(paused).alerts.map(short)).toEqual(['1 opened action_needed', '2 recovered action_needed']);
  });

  it('is no second time that it is down when a lost reminder is all that was missed', () => {
    const statuses = statusesOf(['ok', ...times(200, 'timeout')]);
    const some = statuses.filter((_, index) => index < 5 || index > 150);
    expect(announcedBy(some).alerts.map(short)).toEqual([
      '2 opened outage',
      '151 reminder outage',
      '181 reminder outage',
    ]);
  });

  it('is that it is down, late, when the writes that said so were lost', () => {
    const statuses = statusesOf(['ok', ...times(70, 'timeout')]);
    expect(announcedBy(statuses.slice(61)).alerts.map(short)).toEqual(['61 opened outage']);
  });

  it('is never two openings of one kind without an end between', () => {
    const outcome = fc.constantFrom<Outcome>('ok', 'timeout', 'auth', 'paused');
    const history = fc.array(fc.tuple(outcome, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(history, (stretches) => {
        const outcomes = stretches.flatMap(([one, count]) => times(count, one));
        const { alerts, record } = announcedBy(statusesOf(outcomes));
        let open: Alert | null = null;
        for (const alert of alerts) {
          expect(alert.lastedMs).toBeGreaterThanOrEqual(0);
          if (alert.phase === 'opened') expect(open?.problem).not.toBe(alert.problem);
          else expect(open?.thread).toBe(alert.thread);
          open = alert.phase === 'recovered' ? null : alert;
        }
        expect(record.open?.thread).toBe(open?.thread);
        expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
      }),
    );
  });
});

describe('a provider that flaps', () => {
  const flapping: Outcome[] = ['ok', 'timeout', 'ok', 'timeout', 'ok', 'timeout'];

  it.each<[string, Outcome[], string[]]>([
    [
      'is announced once, and its end after 30 minutes in one state',
      times(40, 'ok'),
      ['5 opened flapping', '36 recovered flapping'],
    ],
    [
      'is an outage from when it is blacklisted, and no other when it has kept that state',
      times(40, 'timeout'),
      ['5 opened flapping', '7 opened outage'],
    ],
    [
      'is an outage once, also where it is blacklisted again',
      [...times(3, 'timeout'), ...times(3, 'ok'), ...times(5, 'timeout'), ...times(40, 'ok')],
      ['5 opened flapping', '7 opened outage', '48 recovered outage'],
    ],
    [
      'needs our fix where that is why it is blacklisted',
      ['timeout', ...times(40, 'auth')],
      ['5 opened flapping', '7 opened action_needed'],
    ],
    [
      'is quiet for another 30 minutes where it changes before they are over',
      [...times(28, 'timeout'), ...times(40, 'ok')],
      ['5 opened flapping', '7 opened outage', '65 recovered outage'],
    ],
    [
      'is announced again where it changes just when they are over',
      [...times(30, 'ok'), 'auth'],
      ['5 opened flapping', '36 opened action_needed'],
    ],
    [
      'is an outage where it went down once more before',
      ['ok', ...times(40, 'timeout')],
      ['5 opened flapping', '9 opened outage'],
    ],
    [
      'is quiet where it changes just before they are over',
      [...times(29, 'ok'), 'auth', 'auth'],
      ['5 opened flapping'],
    ],
  ])('%s', (_, after, expected) => {
    const { alerts } = announcedBy(statusesOf([...flapping, ...after]));
    expect(alerts.map(short)).toEqual(expected);
    expect(new Set(alerts.map(({ thread }) => thread))).toEqual(new Set([`${minute(5)}#alpha`]));
  });

  it('is no news where what it does is announced as an outage', () => {
    const outcomes: Outcome[] = ['ok', 'timeout', 'ok', 'timeout', 'timeout', 'timeout'];
    const statuses = statusesOf(outcomes);
    expect(statuses.at(-1)).toMatchObject({ state: 'blacklisted', flapping: true });
    expect(announcedBy(statuses).alerts.map(short)).toEqual(['4 opened outage']);
  });

  it('is no outage in a planned pause where its blacklisting was missed, and one after it', () => {
    const statuses = statusesOf([...flapping, 'timeout', 'timeout', 'paused', 'timeout']);
    const { alerts } = announcedBy(statuses.filter((_, index) => index !== 7));
    expect(alerts.map(short)).toEqual(['5 opened flapping', '9 opened outage']);
  });

  it.each([
    [2, ['6 opened flapping']],
    [3, []],
  ])('is announced late where its fall was missed, once it is down for %i checks', (alertAfter, expected) => {
    const statuses = statusesOf([...flapping, 'timeout']).filter((_, index) => index !== 5);
    expect(announcedBy(statuses, { ...ALERT_DEFAULTS, alertAfter }).alerts.map(short)).toEqual(expected);
  });

  it('began with the oldest change of state that is known', () => {
    const { alerts, record } = announcedBy(statusesOf(flapping));
    expect(alerts).toMatchObject([{ since: minute(2), severity: 'warning', tags: [] }]);
    expect(record).toMatchObject({ quiet: true, open: { since: minute(2), announcedAt: minute(5), tags: [] } });
  });
});

describe('the next alert of the monitor', () => {
  const pulses = (...list: (readonly [number, number | null])[]) => {
    const announced: string[] = [];
    list.reduce((record, [tick, since]) => {
      const pulse = { tick: minute(tick), faultSince: since === null ? null : minute(since) };
      const step = nextMonitorAlert(record, pulse, ALERT_DEFAULTS);
      for (const alert of step.alerts) announced.push(`${short(alert)} ${alert.lastedMs / 60_000}`);
      return step.record;
    }, newRecord('*'));
    return announced;
  };

  it('is its fault once, a reminder each hour, and its end', () => {
    const hours = Array.from({ length: 130 }, (_, index) => [index + 1, 1] as const);
    expect(pulses(...hours, [131, null], [132, null])).toEqual([
      '1 opened monitor_fault 0',
      '61 reminder monitor_fault 60',
      '121 reminder monitor_fault 120',
      '131 recovered monitor_fault 130',
    ]);
  });

  it('is nothing of an older tick, nor of one that works', () => {
    expect(pulses([5, null], [4, 4], [5, 5])).toEqual([]);
  });
});

describe('a record of alerts', () => {
  it('is of nothing yet when it is new, and of the monitor under the name that the table has', () => {
    expect(newRecord(MONITOR_SUBJECT)).toEqual({
      ...{ subject: '*', version: 0, asOf: '1970-01-01T00:00:00.000Z', open: null, quiet: false, unsent: [] },
    });
  });

  it('does not change for a provider that was never checked', () => {
    const record = newRecord('alpha');
    expect(nextAlert(record, unknownStatus(provider(), new Date(START)), ALERT_DEFAULTS)).toEqual({
      record,
      alerts: [],
    });
  });

  it('of the monitor has alerts with a thread and ids of their own, and no provider', () => {
    const failing = { tick: minute(1), faultSince: minute(1) };
    const opened = nextMonitorAlert(newRecord(MONITOR_SUBJECT), failing, ALERT_DEFAULTS);
    expect(opened.alerts).toMatchObject([
      { id: `${minute(1)}#*/opened`, thread: `${minute(1)}#*`, provider: null, tags: [], severity: 'warning' },
    ]);
    expect(opened.record.open?.tags).toEqual([]);
    const over = nextMonitorAlert(opened.record, { tick: minute(5), faultSince: null }, ALERT_DEFAULTS);
    expect(over.alerts).toMatchObject([
      { id: `${minute(5)}#*/recovered`, thread: `${minute(1)}#*`, lastedMs: 240_000 },
    ]);
  });

  it('of a failure has its words, category and fault in the alert', () => {
    const { alerts } = announcedBy(statusesOf(['auth']));
    expect(alerts).toMatchObject([{ errorMessage: 'simulated auth', category: 'auth', fault: 'ours' }]);
  });
});
