import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Need } from '../../../lib/probe/pacing/loop-lag.ts';
import { Pacer } from '../../../lib/probe/pacing/pace.ts';
import { mostSockets, openFiles, Sockets } from '../../../lib/probe/pacing/sockets.ts';

/** Two answers must be this far apart: the time of reading one, with a margin. */
const APART_MS = 0.3;

interface Probe {
  name: string;
  /** Response time; then the probe settles. Default: no answer comes. */
  answerMs?: number;
  /** Null: nothing is known. */
  expectedMs: number | null;
  warm?: boolean;
  /** Duration of its handshake; Infinity for one that hangs. */
  handshakeMs?: number;
}

interface Seen {
  name: string;
  expectedMs: number | null;
  startedAt: number | null;
  connectedAt: number | null;
  sentAt: number | null;
  settledAt: number | null;
}

/** Leads probes through a pacer whose beats come every millisecond, or when a test says. */
class Simulation {
  now = 0;
  readonly pacer: Pacer;
  readonly seen: Seen[] = [];
  readonly signals = new Map<string, AbortController>();
  readonly rejected: string[] = [];
  #waits: { endsAt: number; end: () => void }[] = [];
  /** The need that the last beat returned. */
  need: Need = 'busy';

  /** @param mostSockets Connections that may be open at once. */
  constructor(mostSockets = Number.POSITIVE_INFINITY) {
    const sockets = new Sockets(
      () => mostSockets,
      () => 0,
    );
    this.pacer = new Pacer(() => this.now, sockets);
  }

  add(...probes: Probe[]): this {
    for (const probe of probes) void this.#lead(probe);
    return this;
  }

  /** Beats each millisecond up to and including `untilMs`. */
  async run(untilMs: number): Promise<this> {
    while (this.now < untilMs) await this.beatAt(this.now + 1);
    return this;
  }

  async beatAt(now: number): Promise<void> {
    this.now = now;
    const ended = this.#waits.filter(({ endsAt }) => endsAt <= now);
    this.#waits = this.#waits.filter(({ endsAt }) => endsAt > now);
    for (const { end } of ended) end();
    await settled();
    this.need = this.pacer.beat(now);
    await settled();
  }

  of(name: string): Seen {
    const found = this.seen.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no probe "${name}"`);
    return found;
  }

  get started(): Seen[] {
    return this.seen.filter(({ startedAt }) => startedAt !== null);
  }

  async #lead({ name, expectedMs, warm = false, handshakeMs = 1, answerMs }: Probe): Promise<void> {
    const one: Seen = { name, expectedMs, startedAt: null, connectedAt: null, sentAt: null, settledAt: null };
    const controller = new AbortController();
    this.seen.push(one);
    this.signals.set(name, controller);
    const place = this.pacer.place(expectedMs);
    try {
      await place.start(warm ? 'kept' : 'new', controller.signal);
      one.startedAt = this.now;
      if (!warm) await this.#wait(handshakeMs);
      one.connectedAt = this.now;
      await place.send(controller.signal);
      one.sentAt = this.now;
      await this.#wait(answerMs ?? Number.POSITIVE_INFINITY);
      await place.settle(controller.signal);
      one.settledAt = this.now;
      place.leave();
    } catch (reason) {
      this.rejected.push(`${name}: ${reason}`);
      place.leave();
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((end) => this.#waits.push({ endsAt: this.now + ms, end }));
  }
}

describe('T9: connections are begun', () => {
  test('the slowest provider first, in any order of arrival', async () => {
    const simulation = await new Simulation()
      .add({ name: 'fast', expectedMs: 100 }, { name: 'slow', expectedMs: 900 }, { name: 'middle', expectedMs: 500 })
      .run(10);
    const order = simulation.started.sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
    expect(order.map(({ name }) => name)).toEqual(['slow', 'middle', 'fast']);
  });

  test('one every 1.3 ms', async () => {
    const simulation = await new Simulation().add(...many(200)).run(130);
    expect(simulation.started.length).toBeGreaterThanOrEqual(98);
    expect(simulation.started.length).toBeLessThanOrEqual(102);
  });

  test('one every 0.6 ms where there is no handshake to do', async () => {
    const simulation = await new Simulation().add(...many(300, { warm: true })).run(60);
    expect(simulation.started.length).toBeGreaterThanOrEqual(98);
    expect(simulation.started.length).toBeLessThanOrEqual(103);
  });

  test('not in a burst after the process was stalled', async () => {
    const simulation = await new Simulation().add(...many(50)).run(10);
    const before = simulation.started.length;
    await simulation.beatAt(500);
    expect(simulation.started.length - before).toBeLessThanOrEqual(2);
  });

  test('with at most 4 handshakes at work', async () => {
    const simulation = new Simulation().add(...many(20, { handshakeMs: 100 }));
    // The core is busy with them, so beats come late.
    for (const now of [1, 40, 80]) await simulation.beatAt(now);
    for (const now of [90, 95]) await simulation.beatAt(now);
    expect(simulation.started).toHaveLength(4);
  });

  test('though some providers never answer: these give up their places (T1)', async () => {
    const hanging = many(40, { handshakeMs: Number.POSITIVE_INFINITY, expectedMs: 900 }, 'hanging');
    const simulation = await new Simulation().add(...hanging, { name: 'good', expectedMs: 100 }).run(80);
    expect(simulation.of('good').sentAt).not.toBeNull();
  });
});

describe('a request is sent', () => {
  test('at once when its answer is due after the last handshake', async () => {
    const simulation = await new Simulation().add({ name: 'slow', expectedMs: 5000 }, ...many(100)).run(200);
    const { connectedAt, sentAt } = simulation.of('slow');
    expect(sentAt).toBe(connectedAt);
  });

  test('no sooner than that its answer is due after the last handshake', async () => {
    const simulation = await new Simulation().add(...many(200, { expectedMs: 80 })).run(800);
    const lastHandshakeAt = Math.max(...simulation.seen.map(({ connectedAt }) => connectedAt ?? Infinity));
    const soonestDueAt = Math.min(...simulation.seen.map(({ sentAt }) => (sentAt ?? -Infinity) + 80));
    // The handshakes left are an estimate: a few of the last may overlap the first answers.
    expect(soonestDueAt).toBeGreaterThan(lastHandshakeAt - 10);
  });

  test('so that no two answers are due at the same time', async () => {
    const spread = Array.from({ length: 300 }, (_, i) => ({ name: `p${i}`, expectedMs: 100 + i }));
    const simulation = await new Simulation().add(...spread).run(1000);
    expect(leastApartMs(simulation)).toBeGreaterThanOrEqual(APART_MS);
  });

  test('so that answers are due further apart on a core that takes three times as long', async () => {
    const spread = Array.from({ length: 200 }, (_, i) => ({ name: `p${i}`, expectedMs: 100 + i * 2 }));
    const simulation = new Simulation().add(...spread);
    while (simulation.seen.some(({ sentAt }) => sentAt === null)) await simulation.beatAt(simulation.now + 3.9);
    const due = dueTimes(simulation).filter((time) => time > 500);
    const span = Math.max(...due) - Math.min(...due);
    expect(span / due.length).toBeGreaterThan(3 * APART_MS);
  });

  test.each([
    ['few of many', 10, 60, 100],
    ['most', 90, 10, 300],
    ['a third of a small fleet', 5, 12, 100],
  ])('soon though %s hang in their handshakes (T1)', async (_which, hanging, good, handshakeMs) => {
    const simulation = await new Simulation()
      .add(...many(hanging, { handshakeMs: Number.POSITIVE_INFINITY, expectedMs: 900 }, 'hanging'))
      .add(...many(good, { handshakeMs, expectedMs: 30 }, 'good'))
      .run(1000);
    const ready = simulation.seen.filter(({ name }) => name.startsWith('good'));
    expect(ready.map(({ sentAt, connectedAt }) => (sentAt ?? Infinity) - (connectedAt ?? 0) < 500)).toEqual(
      ready.map(() => true),
    );
  });

  test('soon when nothing is known of the provider', async () => {
    const simulation = await new Simulation().add(...many(100, { expectedMs: null })).run(300);
    expect(simulation.seen.every(({ sentAt }) => sentAt !== null)).toBe(true);
    const first = simulation.seen[0];
    expect(first?.sentAt).toBe(first?.connectedAt);
  });
});

describe('an answer that was read is dealt with', () => {
  /** 40 answers that come at once while another is awaited; returns the times at which they were settled. */
  async function burst(beatEveryMs: number): Promise<number[]> {
    const simulation = await new Simulation().add({ name: 'awaited', expectedMs: 900 }, ...many(40)).run(300);
    const settledAt: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const one = simulation.pacer.place(300);
      void one.settle(new AbortController().signal).then(() => settledAt.push(simulation.now));
    }
    while (settledAt.length < 40) await simulation.beatAt(simulation.now + beatEveryMs);
    return settledAt;
  }

  test('with at most one other on a beat, while more are to be read', async () => {
    expect(mostAtOnce(await burst(1))).toBe(2);
  });

  test('alone on a beat that comes late', async () => {
    expect(mostAtOnce(await burst(5))).toBe(1);
  });

  test('not while there are handshakes to do, but within a second of it in any case (T1, T11)', async () => {
    const simulation = new Simulation().add({ name: 'early', expectedMs: 5000, answerMs: 2 }, ...many(100));
    await simulation.run(1);
    // Each of its handshakes takes long: the core is busy with them for more than a second.
    while (simulation.now < 1500) await simulation.beatAt(simulation.now + 30);
    const lastConnectedAt = Math.max(...simulation.seen.map(({ connectedAt }) => connectedAt ?? Infinity));
    expect(lastConnectedAt).toBeGreaterThan(1100);
    const settledAt = simulation.of('early').settledAt ?? Infinity;
    expect(settledAt).toBeGreaterThan(1000);
    expect(settledAt).toBeLessThan(1100);
  });

  test('soon though a handshake hangs for ever (T1)', async () => {
    const hanging = { name: 'hanging', expectedMs: 900, handshakeMs: Number.POSITIVE_INFINITY };
    const simulation = await new Simulation().add(hanging, { name: 'good', expectedMs: 20, answerMs: 20 }).run(400);
    expect(simulation.of('good').settledAt).toBeLessThan(400);
  });

  test('at once with all others when none is left to be read', async () => {
    const simulation = await new Simulation().add(...many(10, { warm: true, answerMs: 50 })).run(40);
    for (const now of [80, 81]) await simulation.beatAt(now);
    expect(simulation.seen.every(({ settledAt }) => settledAt !== null)).toBe(true);
  });

  test('at once when the caller ends it', async () => {
    const place = new Simulation().pacer.place(100);
    const end = new AbortController();
    const settling = place.settle(end.signal);
    end.abort('enough');
    await expect(settling).resolves.toBeUndefined();
  });
});

describe('T10: connections that are open at once', () => {
  test('are never more than the process may have, and every probe has its turn', async () => {
    const simulation = new Simulation(7).add(...many(40, { answerMs: 30, expectedMs: 30 }));
    let most = 0;
    while (simulation.seen.some(({ settledAt }) => settledAt === null)) {
      await simulation.beatAt(simulation.now + 1);
      const open = simulation.seen.filter(({ startedAt, settledAt }) => startedAt !== null && settledAt === null);
      most = Math.max(most, open.length);
    }
    expect(most).toBe(7);
  });

  test('are one at least, where nothing seems to be left', async () => {
    expect(mostSockets({ limit: 20, open: 25 })).toBe(1);
    const simulation = await new Simulation(1).add(...many(3, { answerMs: 5, expectedMs: 5 })).run(60);
    expect(simulation.seen.every(({ settledAt }) => settledAt !== null)).toBe(true);
  });

  test('leave files to the table and to look-ups: 64, or half where there are few', () => {
    expect(mostSockets({ limit: 1024, open: 30 })).toBe(930);
    expect(mostSockets({ limit: 60, open: 20 })).toBe(20);
    expect(mostSockets({ limit: Number.POSITIVE_INFINITY, open: 20 })).toBe(Number.POSITIVE_INFINITY);
  });

  test('are counted with those that are kept between probes', () => {
    let kept = 6;
    const sockets = new Sockets(
      () => 4,
      () => kept,
    );
    const holders = Array.from({ length: 6 }, () => ({}));
    expect(holders.map((holder) => sockets.take(holder))).toEqual([true, true, true, true, false, false]);
    expect(sockets.mayKeep).toBe(true);
    kept = 8;
    expect(sockets.mayKeep).toBe(false);
  });

  test('are waited for by a probe that is alone, too', async () => {
    const simulation = await new Simulation(1).add({ name: 'first', expectedMs: 20, answerMs: 20 }).run(5);
    const single = simulation.pacer.singlePlace(20);
    let startedAt: number | null = null;
    void single.start('new', new AbortController().signal).then(() => {
      startedAt = simulation.now;
    });
    await simulation.run(60);
    expect(startedAt).toBeGreaterThanOrEqual(simulation.of('first').settledAt ?? Number.POSITIVE_INFINITY);
    single.leave();
  });

  test('are counted of this process as the system counts them', () => {
    const before = openFiles();
    const file = openSync(devNull, 'r');
    const after = openFiles();
    closeSync(file);
    expect(after.limit).toBeGreaterThan(after.open);
    // Where there is no /proc nothing is counted, and the reserve covers it.
    if (before.open > 0) expect(after.open).toBe(before.open + 1);
  });
});

describe('the beats may be far apart', () => {
  test('once the answers are due much later, and until one is near', async () => {
    const simulation = new Simulation().add({ name: 'slow', expectedMs: 2000, answerMs: 2000 });
    await simulation.run(20);
    expect(simulation.need).toBe('quiet');
    await simulation.run(900);
    expect(simulation.need).toBe('busy');
    await simulation.run(1990);
    expect(simulation.need).toBe('busy');
  });

  test('while the only answer left is long overdue', async () => {
    const simulation = await new Simulation().add({ name: 'hanging', expectedMs: 200 }).run(1000);
    expect(simulation.need).toBe('quiet');
  });

  test('but not while one waits for its start, its request or its turn', async () => {
    const simulation = await new Simulation().add(...many(200, { expectedMs: 3000 })).run(100);
    expect(simulation.need).toBe('busy');
  });
});

describe('the caller may end a probe', () => {
  test('that waits for its start', async () => {
    const simulation = new Simulation().add(...many(30));
    simulation.signals.get('p3')?.abort('enough');
    await simulation.run(60);
    expect(simulation.rejected).toEqual(['p3: enough']);
    expect(simulation.started).toHaveLength(29);
  });

  test('that waits for its request when its caller has gone', async () => {
    const simulation = await new Simulation().add(...many(100, { expectedMs: 10 })).run(30);
    const held = simulation.seen.find(({ connectedAt, sentAt }) => connectedAt !== null && sentAt === null);
    simulation.signals.get(held?.name ?? '')?.abort('enough');
    await simulation.run(400);
    expect(simulation.rejected).toEqual([`${held?.name}: enough`]);
    expect(simulation.seen.filter(({ sentAt }) => sentAt === null)).toHaveLength(1);
  });

  test('before it begins', async () => {
    const place = new Simulation().pacer.place(100);
    await expect(place.start('new', AbortSignal.abort('enough'))).rejects.toBe('enough');
  });
});

function many(count: number, fields: Partial<Probe> = {}, name = 'p'): Probe[] {
  return Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, expectedMs: 300, ...fields }));
}

function dueTimes({ seen }: Simulation): number[] {
  return seen
    .map(({ expectedMs, sentAt }) => (sentAt ?? Number.NaN) + (expectedMs ?? Number.NaN))
    .sort((a, b) => a - b);
}

function leastApartMs(simulation: Simulation): number {
  const due = dueTimes(simulation);
  return Math.min(...due.slice(1).map((time, i) => time - (due[i] ?? 0)));
}

function mostAtOnce(times: readonly number[]): number {
  return Math.max(...times.map((time) => times.filter((other) => other === time).length));
}

/** A turn of the event loop: every promise that could settle by now has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
