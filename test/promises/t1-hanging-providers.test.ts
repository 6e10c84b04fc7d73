import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../lib/base/clock.ts';
import { HealthChecker } from '../../lib/checker/checker.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { FakeClock } from '../support/clock.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Peer, type PeerOptions, startPeer } from '../support/servers/peer.ts';
import { testProber } from '../support/servers/probing.ts';

const peers: Peer[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

type Behaviour = Parameters<typeof startPeer>[0];
const answers: Behaviour = (socket) => void socket.end(answer(GOOD));
const silent: Behaviour = () => {};

/** One real server for each kind of provider; `count` providers use each. */
async function fleetOf(
  kinds: Record<string, { count: number; behave: Behaviour; options?: PeerOptions }>,
  settings: Record<string, unknown>,
  clock: Clock = systemClock,
) {
  const providers = [];
  for (const [kind, { count, behave, options }] of Object.entries(kinds)) {
    const peer = await startPeer(behave, options);
    peers.push(peer);
    for (let i = 0; i < count; i++) {
      providers.push({
        id: `${kind}-${i}`,
        type: 'openai-compatible',
        model: 'test-model',
        baseUrl: `${peer.origin}/${i}/v1`,
        ...settings,
      });
    }
  }
  const config = parseConfig({ providers, witnesses: [] }, { addressPolicy: 'loopback' });
  return new HealthChecker({ config, addressPolicy: 'loopback', prober: testProber(), clock });
}

const HANGING = {
  'never-answers': { count: 8, behave: silent },
  'stops-half-way': { count: 4, behave: (socket) => void socket.write(answer(GOOD).subarray(0, -3)) },
  'never-begins-tls': {
    count: 8,
    behave: silent,
    options: { scheme: 'https', onConnection: (socket) => void socket.resume() },
  },
} satisfies Parameters<typeof fleetOf>[0];

/** Names the requests that are still open, so that a failure shows them. */
const openSockets = () => peers.flatMap(({ origin, open }) => [...open].map(() => origin));

describe('a tick over real providers of which most hang', () => {
  const TIMEOUT_SECONDS = 2;

  it('T1: stores each result as it settles: those that hang here answer only when the others are stored', async () => {
    let release = () => {};
    const othersStored = new Promise<void>((resolve) => {
      release = resolve;
    });
    const late: Behaviour = (socket) => void othersStored.then(() => socket.end(answer(GOOD)));
    const fleet = { late: { count: 20, behave: late }, good: { count: 12, behave: answers } };
    const checker = await fleetOf(fleet, { timeoutSeconds: 20 });
    let stored = 0;
    checker.on('check', () => {
      stored += 1;
      if (stored === 12) release();
    });
    const report = await checker.runTick(new Date(), { owner: 'one', deadlineAt: null });
    expect(report).toMatchObject({ due: 32, failed: [], skipped: [], unhealthy: 0 });
    await checker.stopHealthChecks();
  });

  it('T1: lasts one timeout, not their sum', async () => {
    const fleet = { ...HANGING, good: { count: 12, behave: answers } };
    const checker = await fleetOf(fleet, { timeoutSeconds: TIMEOUT_SECONDS });
    const report = await checker.runTick(new Date(), { owner: 'one', deadlineAt: null });
    expect(report).toMatchObject({ due: 32, failed: [], skipped: [], unhealthy: 20 });
    expect(report.durationMs).toBeLessThan((20 * TIMEOUT_SECONDS * 1000) / 4);

    await Promise.all(peers.map((peer) => peer.idle()));
    expect(openSockets(), 'P8: sockets after the tick').toEqual([]);
    await checker.stopHealthChecks();
  });

  /** Ends the tick as its deadline does, once the good ones are checked. Gives its report and their response times. */
  async function tickUntilGood(checker: HealthChecker, clock: FakeClock) {
    const times: number[] = [];
    const deadlineAt = new Date(clock.now().getTime() + 10_000);
    const onCheck = ({ responseTimeMs }: HealthCheck) => {
      times.push(responseTimeMs);
      if (times.length === 12) void clock.advance(7_000);
    };
    checker.on('check', onCheck);
    const report = await checker.runTick(clock.now(), { owner: 'one', deadlineAt });
    checker.off('check', onCheck);
    return { report, times, deadlineAt };
  }

  it('T1: measures the others as if none hung', async () => {
    const good = { good: { count: 12, behave: answers } };
    /** The slowest of the good ones: the least of three ticks, since a machine that stalls makes one of them slow. */
    const slowest = async (kinds: Parameters<typeof fleetOf>[0]): Promise<number> => {
      const clock = new FakeClock();
      const checker = await fleetOf(kinds, { timeoutSeconds: 20 }, clock);
      const each: number[] = [];
      for (let tick = 0; tick < 3; tick += 1) {
        const { times } = await tickUntilGood(checker, clock);
        expect(times).toHaveLength(12);
        each.push(Math.max(...times));
        await clock.advance(60_000);
      }
      await checker.stopHealthChecks();
      return Math.min(...each);
    };
    const [quiet, loud] = [await slowest(good), await slowest({ ...HANGING, ...good })];
    // Far below the timeout that they would share if one waited for another.
    expect(loud).toBeLessThan(Math.max(1000, 20 * quiet));
  });

  it('T2, T3: ends before the deadline with what it has, skips the rest, and the rest keep their state', async () => {
    const clock = new FakeClock();
    const fleet = { ...HANGING, good: { count: 12, behave: answers } };
    const checker = await fleetOf(fleet, { timeoutSeconds: 20 }, clock);
    const { report, deadlineAt } = await tickUntilGood(checker, clock);
    expect(clock.now().getTime()).toBeLessThan(deadlineAt.getTime());
    expect(report.stored.toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => `good-${i}`).toSorted());
    expect(report.skipped).toHaveLength(20);
    expect(new Set(report.skipped.map(({ reason }) => reason))).toEqual(new Set(['deadline']));
    expect(report.stored.length + report.failed.length + report.skipped.length).toBe(report.due);
    expect(checker.getHealthStatus('never-answers-0')).toMatchObject({ state: 'unknown', timestamp: null });

    await Promise.all(peers.map((peer) => peer.idle()));
    expect(openSockets(), 'P8: sockets after the tick').toEqual([]);
    await checker.stopHealthChecks();
  });
});
