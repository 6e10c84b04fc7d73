/** Scenarios of alerts: what was announced is remembered, and each delivery is claimed once. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Alert, AlertRecord } from '../../../lib/health/alerting/alert.ts';
import type { Announcement } from '../../../lib/health/alerting/announcement.ts';
import { itemSize } from '../../../lib/store/item-size.ts';
import { alertItem } from '../../../lib/store/items/alert-item.ts';
import { minute } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const LEASE_MS = 30_000;
const DAY_MS = 86_400_000;

const record = (fields: Partial<AlertRecord> = {}): AlertRecord => ({
  subject: 'alpha',
  asOf: minute(2),
  open: {
    problem: 'outage',
    since: minute(1),
    announcedAt: minute(2),
    thread: `${minute(1)}#alpha`,
    tags: ['production'],
  },
  quiet: false,
  unsent: [],
  ...fields,
});

/** As long as an alert gets: every text at its limit, in characters of three bytes. */
const longAlert = (phase: Alert['phase'], at: string): Alert => ({
  id: `${at}#alpha/${phase}`,
  phase,
  problem: 'action_needed',
  severity: 'error',
  provider: 'a'.repeat(63),
  model: 'm'.repeat(100),
  tags: ['production'],
  state: 'blacklisted',
  since: minute(1),
  at,
  lastedMs: 60_000,
  category: 'invalid_response',
  fault: 'provider',
  errorMessage: '\u20ac'.repeat(300),
  thread: `${at}#alpha`,
  ordinal: 12,
});

export function describeAlerts(scenario: () => Scenario): void {
  describe('what was announced', () => {
    beforeEach(() => scenario().clock.set(minute(10)));

    it.each([
      ['of a problem that lasts', record()],
      ['of one that is over', record({ open: null })],
      ['of one that flaps', record({ quiet: true })],
      ['of the monitor', record({ subject: '*' })],
    ])('%s is given back as it was put', async (_, written) => {
      const { store, other } = scenario();
      await store.alerts.put(written);
      expect(await other.alerts.list()).toEqual([written]);
    });

    it('keeps the alerts that are unsent, with their texts cut where they are long, in less than 4 KB', async () => {
      const { store, other } = scenario();
      const short = { ...longAlert('opened', minute(2)), errorMessage: 'HTTP 503' };
      const long = (['opened', 'recovered', 'opened'] as const).map((phase, index) =>
        longAlert(phase, minute(index + 3)),
      );
      const written = record({ unsent: [short, ...long] });
      await store.alerts.put(written);
      const [read] = await other.alerts.list();
      expect(read?.unsent[0]).toEqual(short);
      expect(read?.unsent.map(({ id }) => id)).toEqual(written.unsent.map(({ id }) => id));
      expect(itemSize(alertItem(written))).toBeLessThan(4096);
    });

    it('is listed in the order of the subjects', async () => {
      const { store } = scenario();
      for (const subject of ['glm', '*', 'a-b', 'a']) await store.alerts.put(record({ subject }));
      expect((await store.alerts.list()).map(({ subject }) => subject)).toEqual(['*', 'a', 'a-b', 'glm']);
    });

    it('is never replaced by something older', async () => {
      const { store } = scenario();
      const newer = record({ asOf: minute(5), open: null });
      await store.alerts.put(record());
      await store.alerts.put(newer);
      await store.alerts.put(record({ asOf: minute(4) }));
      expect(await store.alerts.list()).toEqual([newer]);
      const again = record({ asOf: minute(5), quiet: true });
      await store.alerts.put(again);
      expect(await store.alerts.list()).toEqual([again]);
    });

    it('T12: from the future holds nothing back, and is replaced; what is open stays so', async () => {
      const { store, other } = scenario();
      await store.alerts.put(record({ asOf: '2099-01-01T00:00:00.000Z' }));
      expect(await other.alerts.list()).toEqual([record({ asOf: new Date(0).toISOString() })]);
      await other.alerts.put(record());
      expect(await store.alerts.list()).toEqual([record()]);
    });

    it('is forgotten when nothing was announced for 30 days', async () => {
      const { store, clock } = scenario();
      await store.alerts.put(record());
      clock.set(new Date(Date.parse(minute(2)) + 30 * DAY_MS));
      expect(await store.alerts.list()).toEqual([]);
    });
  });

  describe('a delivery', () => {
    const delivery = { alert: `${minute(2)}#alpha/opened`, channel: 'team' };
    const claim = (store: Scenario['store'], now: Date, fields = {}) =>
      store.alerts.claim({ ...delivery, ...fields, now, leaseMs: LEASE_MS });

    it('is given to one only, however many ask at once', async () => {
      const { store, other, clock } = scenario();
      const results = await Promise.all([0, 1, 2, 3, 4].map((index) => claim(index % 2 ? store : other, clock.now())));
      expect(results.filter((result) => result === 'claimed')).toHaveLength(1);
      expect(results.filter((result) => result === 'held')).toHaveLength(4);
    });

    it('of another alert, or to another channel, is another delivery', async () => {
      const { store, clock } = scenario();
      await claim(store, clock.now());
      expect(await claim(store, clock.now(), { channel: 'on-call' })).toBe('claimed');
      expect(await claim(store, clock.now(), { alert: `${minute(3)}#alpha/reminder` })).toBe('claimed');
    });

    it('is given again when the lease of a process that died is past, not before', async () => {
      const { store, other, clock } = scenario();
      await claim(store, clock.now());
      await clock.advance(LEASE_MS - 1);
      expect(await claim(other, clock.now())).toBe('held');
      await clock.advance(1);
      expect(await claim(other, clock.now())).toBe('claimed');
      expect(await claim(store, clock.now())).toBe('held');
    });

    it('T12: is given again when its lease is from the future', async () => {
      const { store, other, clock } = scenario();
      await claim(store, new Date('2099-01-01T00:00:00.000Z'));
      expect(await claim(other, clock.now())).toBe('claimed');
      expect(await claim(store, clock.now())).toBe('held');
    });

    it.each(['delivered', 'refused'] as const)('that was %s is never given again', async (outcome) => {
      const { store, other, clock } = scenario();
      await claim(store, clock.now());
      await store.alerts.settle(delivery, outcome);
      await clock.advance(10 * LEASE_MS);
      expect(await claim(other, clock.now())).toBe('settled');
      await other.alerts.release(delivery);
      expect(await claim(other, clock.now())).toBe('settled');
    });

    it('that was given back is given again at once', async () => {
      const { store, other, clock } = scenario();
      await claim(store, clock.now());
      await store.alerts.release(delivery);
      expect(await claim(other, clock.now())).toBe('claimed');
    });

    it('is remembered for two days, longer than a stream delivers it', async () => {
      const { store, clock } = scenario();
      await claim(store, clock.now());
      await store.alerts.settle(delivery, 'delivered');
      await clock.advance(2 * DAY_MS - 1000);
      expect(await claim(store, clock.now())).toBe('settled');
      await clock.advance(1000);
      expect(await claim(store, clock.now())).toBe('claimed');
    });
  });

  describe('what was announced', () => {
    const announcement = (fields: Partial<Announcement> = {}): Announcement => ({
      ...{ subject: 'alpha', alertAt: minute(2), phase: 'opened', problem: 'outage', channel: 'team' },
      ...{ outcome: 'delivered', at: minute(3) },
      ...fields,
    });
    const all = { from: minute(0), to: minute(60) };

    it('is given back by subject and time, in the order of the alerts, each once', async () => {
      const { store, other } = scenario();
      const opened = announcement();
      const onCall = announcement({ channel: 'on-call', outcome: 'refused' });
      const recovered = announcement({ alertAt: minute(5), phase: 'recovered', at: minute(5) });
      for (const one of [recovered, opened, onCall, opened]) await store.alerts.announce(one);
      await store.alerts.announce(announcement({ subject: '*', problem: 'monitor_fault' }));
      expect(await other.alerts.announced('alpha', all)).toEqual([onCall, opened, recovered]);
      expect(await other.alerts.announced('alpha', { from: minute(3), to: minute(5) })).toEqual([recovered]);
      expect(await other.alerts.announced('alpha', { from: minute(2), to: minute(2) })).toEqual([onCall, opened]);
      expect(await other.alerts.announced('*', all)).toHaveLength(1);
    });

    it('is kept as long as transitions are: 400 days', async () => {
      const { store, clock } = scenario();
      await store.alerts.announce(announcement());
      clock.set(new Date(Date.parse(minute(2)) + 400 * DAY_MS - 1000));
      expect(await store.alerts.announced('alpha', all)).toHaveLength(1);
      await clock.advance(1000);
      expect(await store.alerts.announced('alpha', all)).toEqual([]);
    });
  });
}
