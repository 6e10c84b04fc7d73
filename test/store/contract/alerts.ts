/** Scenarios of alerts: what was announced is remembered, and each delivery is claimed once. */

import { randomUUID } from 'node:crypto';
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
  version: 0,
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
      expect(await other.alerts.list()).toEqual([{ ...written, version: 1 }]);
      expect(await other.alerts.get(written.subject)).toEqual({ ...written, version: 1 });
      expect(await other.alerts.get('another')).toBeNull();
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
      expect(itemSize(alertItem(written, 'AbCdEfGhIjKl', new Date(minute(10))))).toBeLessThan(4096);
    });

    it('is listed in the order of the subjects', async () => {
      const { store } = scenario();
      for (const subject of ['glm', '*', 'a-b', 'a']) await store.alerts.put(record({ subject }));
      expect((await store.alerts.list()).map(({ subject }) => subject)).toEqual(['*', 'a', 'a-b', 'glm']);
    });

    it('S1: replaces only the record that it was made from, so that no decision undoes another', async () => {
      const { store, other } = scenario();
      const written = record({ asOf: minute(5), open: null });
      expect(await store.alerts.put(record())).toBe('stored');
      expect(await other.alerts.put(record({ quiet: true }))).toBe('conflict');
      expect(await other.alerts.put({ ...written, version: 1 })).toBe('stored');
      expect(await store.alerts.put({ ...record({ quiet: true }), version: 1 })).toBe('conflict');
      expect(await store.alerts.put({ ...record({ quiet: true }), version: 3 })).toBe('conflict');
      expect(await store.alerts.list()).toEqual([{ ...written, version: 2 }]);
    });

    it('S1: is written once, however many that read the same decide at once', async () => {
      const { store, other } = scenario();
      const puts = [0, 1, 2, 3, 4].map((index) =>
        (index % 2 ? store : other).alerts.put(record({ asOf: minute(index) })),
      );
      const outcomes = await Promise.all(puts);
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      const [kept] = await store.alerts.list();
      expect(kept).toEqual(record({ asOf: minute(outcomes.indexOf('stored')), version: 1 }));
    });

    it('T12: from the future holds nothing back, and is replaced; open problems stay open', async () => {
      const { store, other } = scenario();
      await store.alerts.put(record({ asOf: '2099-01-01T00:00:00.000Z' }));
      expect(await other.alerts.list()).toEqual([record({ asOf: new Date(0).toISOString(), version: 1 })]);
      // As it was read: an open problem is kept, although its time is ignored.
      const read = record({ asOf: new Date(0).toISOString(), version: 1 });
      expect(await store.alerts.put(read)).toBe('stored');
      expect(await other.alerts.list()).toEqual([{ ...read, version: 2 }]);
      await other.alerts.put(record({ version: 2 }));
      expect(await store.alerts.list()).toEqual([record({ version: 3 })]);
    });

    it('is deleted when nothing was announced for 30 days', async () => {
      const { store, clock } = scenario();
      await store.alerts.put(record());
      clock.set(new Date(Date.parse(minute(10)) + 30 * DAY_MS));
      expect(await store.alerts.list()).toEqual([]);
      const fresh = record({ asOf: clock.now().toISOString() });
      expect(await store.alerts.put(fresh)).toBe('stored');
      expect(await store.alerts.list()).toEqual([{ ...fresh, version: 1 }]);
    });
  });

  describe('a delivery', () => {
    const delivery = { alert: `${minute(2)}#alpha/opened`, channel: 'team' };
    const claim = (store: Scenario['store'], now: Date, fields = {}) =>
      store.alerts.claim({ ...delivery, holder: randomUUID(), ...fields, now, leaseMs: LEASE_MS });

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
      await claim(store, clock.now(), { holder: 'first' });
      await store.alerts.settle(delivery, outcome);
      await clock.advance(10 * LEASE_MS);
      expect(await claim(other, clock.now())).toBe('settled');
      await other.alerts.release({ ...delivery, holder: 'first' });
      expect(await claim(other, clock.now())).toBe('settled');
    });

    it('that was released is given again at once', async () => {
      const { store, other, clock } = scenario();
      await claim(store, clock.now(), { holder: 'first' });
      await store.alerts.release({ ...delivery, holder: 'first' });
      expect(await claim(other, clock.now())).toBe('claimed');
    });

    it('S1: that another process took over is not released by the process that held it before', async () => {
      const { store, other, clock } = scenario();
      await claim(store, clock.now(), { holder: 'first' });
      await clock.advance(LEASE_MS);
      expect(await claim(other, clock.now(), { holder: 'second' })).toBe('claimed');
      await store.alerts.release({ ...delivery, holder: 'first' });
      expect(await claim(store, clock.now())).toBe('held');
    });

    it('is given again to the one that holds it, whose answer was lost', async () => {
      const { store, clock } = scenario();
      await claim(store, clock.now(), { holder: 'first' });
      expect(await claim(store, clock.now(), { holder: 'first' })).toBe('claimed');
      await clock.advance(LEASE_MS - 1);
      expect(await claim(store, clock.now(), { holder: 'second' })).toBe('held');
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
