import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../lib/alerts/notice.ts';
import { createBackground } from '../../../lib/alerts/outbox/background.ts';
import type { Outbox } from '../../../lib/alerts/outbox/outbox.ts';
import type { Log } from '../../../lib/base/log.ts';
import { unhealthyStatus } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';

const notice = (id: string): Notice => ({ kind: 'transition', status: unhealthyStatus({ id }) });
const idOf = (one: Notice) => ('status' in one ? one.status.provider : '*');

function backgroundOf(handle: (notices: readonly Notice[], signal?: AbortSignal) => Promise<readonly Notice[]>) {
  const clock = new FakeClock();
  const recorded: string[] = [];
  const errors: string[] = [];
  const calls: string[][] = [];
  const outbox: Outbox = {
    async handle(notices, signal) {
      calls.push(notices.map(idOf));
      return new Set(await handle(notices, signal));
    },
  };
  const log: Log = { info: () => {}, warn: () => {}, error: (message) => void errors.push(message) };
  const record = async (notices: readonly Notice[]) => void recorded.push(...notices.map(idOf));
  return { clock, recorded, errors, calls, ...createBackground({ outbox, record, clock, log }) };
}

describe('the outbox of a process that lives', () => {
  it('delays no tick: it records what came, and sends behind', async () => {
    let release = () => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    const background = backgroundOf(async () => {
      await hanging;
      return [];
    });
    await background.onNotices([notice('a')]);
    expect(background.recorded).toEqual(['a']);
    release();
    await background.idle();
    expect(background.calls).toEqual([['a']]);
  });

  it('hands over one batch after the other, in order', async () => {
    let running = 0;
    const background = backgroundOf(async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return [];
    });
    for (const id of ['a', 'b', 'c']) await background.onNotices([notice(id)]);
    await background.idle();
    expect(background.calls.flat()).toEqual(['a', 'b', 'c']);
  });

  it('tries again what failed, before what came meanwhile', async () => {
    let isDown = true;
    const background = backgroundOf(async (notices) => (isDown ? notices : []));
    await background.onNotices([notice('a')]);
    await background.idle();
    isDown = false;
    await background.onNotices([notice('b')]);
    await background.idle();
    expect(background.calls).toEqual([['a'], ['a', 'b']]);
  });

  it('tries again after half a minute, also when nothing more comes, and when the outbox throws', async () => {
    let tries = 0;
    const background = backgroundOf(async () => {
      tries += 1;
      if (tries === 1) throw new Error('simulated: no table');
      return [];
    });
    await background.onNotices([notice('a')]);
    await background.idle();
    await background.clock.untilSleeping();
    await background.clock.advance(30_000);
    await background.idle();
    expect({ tries, sleeping: background.clock.sleeping }).toEqual({ tries: 2, sleeping: 0 });
    expect(background.errors).toHaveLength(1);
  });

  it('gives up what is an hour old', async () => {
    const background = backgroundOf(async (notices) => notices);
    await background.onNotices([notice('a')]);
    await background.clock.advance(3_700_000);
    await background.idle();
    expect(background.errors).toContain('alerts given up');
    expect(background.clock.sleeping).toBe(0);
  });

  it('P8: leaves nothing behind when it is stopped, and goes on when it is used again', async () => {
    let isDown = true;
    const background = backgroundOf(async (notices) => (isDown ? notices : []));
    await background.onNotices([notice('a')]);
    await background.idle();
    await background.clock.untilSleeping();
    await background.stop();
    expect(background.clock.sleeping).toBe(0);
    isDown = false;
    await background.onNotices([notice('b')]);
    await background.idle();
    expect(background.calls.at(-1)).toEqual(['a', 'b']);
  });
});
