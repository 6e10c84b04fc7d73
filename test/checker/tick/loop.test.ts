import { describe, expect, it } from 'vitest';
import { runEvery } from '../../../lib/checker/tick/loop.ts';
import { FakeClock } from '../../support/clock.ts';

const START = '2026-03-01T10:00:07.500Z';

function collect(clock: FakeClock, lasts: (index: number) => number) {
  const stop = new AbortController();
  const times: string[] = [];
  const loop = runEvery(clock, 60, stop.signal, async (time) => {
    times.push(time.toISOString());
    await clock.sleep(lasts(times.length - 1), stop.signal);
  });
  return { times, stop, loop };
}

describe('the schedule', () => {
  it('ticks at once, then at each multiple of the period', async () => {
    const clock = new FakeClock(START);
    const { times, stop, loop } = collect(clock, () => 0);
    await clock.advance(120_000);
    stop.abort();
    await loop;
    expect(times).toEqual([START, '2026-03-01T10:01:00.000Z', '2026-03-01T10:02:00.000Z']);
  });

  it('goes on with the next multiple after a tick that lasted longer, and never overlaps', async () => {
    const clock = new FakeClock(START);
    const { times, stop, loop } = collect(clock, (index) => (index === 0 ? 70_000 : 0));
    await clock.advance(180_000);
    stop.abort();
    await loop;
    expect(times).toEqual([START, '2026-03-01T10:02:00.000Z', '2026-03-01T10:03:00.000Z']);
  });

  it('leaves no timer behind when it is stopped', async () => {
    const clock = new FakeClock(START);
    const { stop, loop } = collect(clock, () => 0);
    await clock.advance(0);
    stop.abort();
    await loop;
    expect(clock.sleeping).toBe(0);
  });
});
