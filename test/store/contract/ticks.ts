/** Scenarios of ticks: who runs one, and what it leaves behind. */

import { describe, expect, it } from 'vitest';
import type { Heartbeat } from '../../../lib/store/store.ts';
import { at, minute } from '../../support/builders.ts';
import type { Scenario } from '../contract.ts';

const LEASE_MS = 30_000;

/** @param nowMs Milliseconds after the first tick's time. */
const claim = (tick: number, owner: string, nowMs: number, shard = '0') => ({
  shard,
  tick: minute(tick),
  owner,
  now: new Date(at(nowMs)),
  leaseMs: LEASE_MS,
});

const heartbeat = (tick: number, fields: Partial<Heartbeat> = {}): Heartbeat => ({
  tick: minute(tick),
  finishedAt: at(tick * 60_000 + 1500),
  due: 10,
  stored: 8,
  failed: 1,
  skipped: 1,
  monitorFault: false,
  ...fields,
});

export function describeTicks(scenario: () => Scenario): void {
  describe('ticks', () => {
    it('T4: gives a tick to one owner only, however many ask at once', async () => {
      const { store, other } = scenario();
      const results = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((owner, index) =>
          (index % 2 === 0 ? store : other).ticks.claim(claim(0, owner, 0)),
        ),
      );
      expect(results.filter((result) => result === 'claimed')).toHaveLength(1);
    });

    it('T5: gives a tick again to the owner that holds it', async () => {
      const { store } = scenario();
      expect(await store.ticks.claim(claim(0, 'a', 0))).toBe('claimed');
      expect(await store.ticks.claim(claim(0, 'a', 100))).toBe('claimed');
    });

    it('T5: gives a tick to another owner when the lease of the first is over, not before', async () => {
      const { store } = scenario();
      await store.ticks.claim(claim(0, 'a', 0));
      expect(await store.ticks.claim(claim(0, 'b', LEASE_MS - 1))).toBe('taken');
      expect(await store.ticks.claim(claim(0, 'b', LEASE_MS))).toBe('claimed');
      expect(await store.ticks.claim(claim(0, 'a', LEASE_MS + 1))).toBe('taken');
    });

    it('T4: gives a finished tick to no owner, not even its own or after the lease', async () => {
      const { store } = scenario();
      await store.ticks.claim(claim(0, 'a', 0));
      await store.ticks.finish('0', heartbeat(0));
      expect(await store.ticks.claim(claim(0, 'a', 2000))).toBe('taken');
      expect(await store.ticks.claim(claim(0, 'b', 10 * LEASE_MS))).toBe('taken');
    });

    it('T4: gives a late tick to no owner, when a newer one was claimed or finished', async () => {
      const { store } = scenario();
      await store.ticks.claim(claim(2, 'a', 120_000));
      expect(await store.ticks.claim(claim(1, 'b', 121_000))).toBe('taken');
      expect(await store.ticks.claim(claim(1, 'a', 121_000))).toBe('taken');
      await store.ticks.finish('0', heartbeat(2));
      expect(await store.ticks.claim(claim(1, 'b', 10 * LEASE_MS))).toBe('taken');
    });

    it('gives the next tick while the one before is still claimed, since that may hang', async () => {
      const { store } = scenario();
      await store.ticks.claim(claim(0, 'a', 0));
      expect(await store.ticks.claim(claim(1, 'b', 1))).toBe('claimed');
    });

    it('keeps shards apart', async () => {
      const { store } = scenario();
      expect(await store.ticks.claim(claim(0, 'a', 0, '0'))).toBe('claimed');
      expect(await store.ticks.claim(claim(0, 'b', 0, '1'))).toBe('claimed');
      await store.ticks.finish('1', heartbeat(0));
      expect(await store.ticks.heartbeat('0')).toBeNull();
    });

    it.each([
      ['a claim', async ({ store }: Scenario) => store.ticks.claim(claim(60, 'ahead', 3_600_000))],
      ['a heartbeat', async ({ store }: Scenario) => store.ticks.finish('0', heartbeat(60))],
      ['a claim with a lease', async ({ store }: Scenario) => store.ticks.claim(claim(1, 'ahead', 3_600_000))],
      [
        'a claim and a heartbeat of the year 2099',
        async ({ store }: Scenario) => {
          const tick = '2099-01-01T00:00:00.000Z';
          await store.ticks.claim({ ...claim(0, 'ahead', 0), tick, now: new Date(tick) });
          await store.ticks.finish('0', { ...heartbeat(0), tick, finishedAt: tick });
        },
      ],
    ])('T12: %s from the future takes no tick, is reported, and is overwritten', async (_, leave) => {
      const { store, other } = scenario();
      await leave(scenario());
      expect(await store.ticks.claim(claim(1, 'a', 60_000))).toBe('overridden');
      expect(await other.ticks.claim(claim(1, 'b', 60_000))).toBe('taken');
      await store.ticks.finish('0', heartbeat(1));
      expect(await other.ticks.heartbeat('0')).toEqual(heartbeat(1));
      expect(await other.ticks.claim(claim(2, 'b', 120_000))).toBe('claimed');
    });

    it('T12: a claim up to a minute ahead of the clock is valid: clocks differ a little', async () => {
      const { store } = scenario();
      await store.ticks.claim(claim(2, 'ahead', 60_000));
      expect(await store.ticks.claim(claim(1, 'a', 60_000))).toBe('taken');
      expect(await store.ticks.claim(claim(1, 'a', 59_999))).toBe('overridden');
    });

    it('has no heartbeat before the first tick was finished', async () => {
      const { store } = scenario();
      expect(await store.ticks.heartbeat('0')).toBeNull();
      await store.ticks.claim(claim(0, 'a', 0));
      expect(await store.ticks.heartbeat('0')).toBeNull();
    });

    it('gives the heartbeats of many shards in the order that was asked for', async () => {
      const { store } = scenario();
      await store.ticks.finish('2', heartbeat(2));
      await store.ticks.finish('0', heartbeat(1));
      await store.ticks.claim(claim(1, 'a', 60_000, '3'));
      const shards = [...Array.from({ length: 120 }, (_, i) => String(i + 5)), '2', '1', '0', '3'];
      expect((await store.ticks.heartbeats(shards)).slice(-4)).toEqual([heartbeat(2), null, heartbeat(1), null]);
      expect(await store.ticks.heartbeats([])).toEqual([]);
    });

    it('keeps the heartbeat of the newest tick, in any order of finishing', async () => {
      const { store } = scenario();
      await store.ticks.finish('0', heartbeat(1));
      expect(await store.ticks.heartbeat('0')).toEqual(heartbeat(1));
      await store.ticks.finish('0', heartbeat(3, { monitorFault: true }));
      await store.ticks.finish('0', heartbeat(2));
      expect(await store.ticks.heartbeat('0')).toEqual(heartbeat(3, { monitorFault: true }));
      await store.ticks.finish('0', heartbeat(3, { stored: 9, failed: 0 }));
      expect(await store.ticks.heartbeat('0')).toEqual(heartbeat(3, { stored: 9, failed: 0 }));
    });

    it('keeps the heartbeat when the next tick is claimed', async () => {
      const { store } = scenario();
      await store.ticks.finish('0', heartbeat(1));
      expect(await store.ticks.claim(claim(2, 'a', 120_000))).toBe('claimed');
      expect(await store.ticks.heartbeat('0')).toEqual(heartbeat(1));
    });
  });
}
