import { describe, expect, test } from 'vitest';
import { type BeatSource, LoopLag, type Need } from '../../../lib/probe/pacing/loop-lag.ts';

/** Beats when the test says so. */
class FakeBeats implements BeatSource {
  at = 0;
  everyMs = 0;
  #beat: (() => void) | null = null;

  /** Time for which the loop waited in its poll. */
  waitedMs = 0;

  now(): number {
    return this.at;
  }

  activeMs(): number {
    return this.at - this.waitedMs;
  }

  every(ms: number, beat: () => void): () => void {
    this.everyMs = ms;
    this.#beat = beat;
    return () => {
      this.#beat = null;
    };
  }

  get running(): boolean {
    return this.#beat !== null;
  }

  beatAt(...times: number[]): void {
    for (const time of times) {
      this.at = time;
      this.#beat?.();
    }
  }
}

describe('what is read can have lain unread', () => {
  const cases: [string, number[], number, number][] = [
    ['a beat or two while the loop goes round', [1, 2, 3], 3.5, 1.5],
    ['since the beat before the last: it may have come just after the poll that followed it', [1, 2, 9], 9.2, 7.2],
    ['all the time that the loop is busy now', [1, 2, 3], 11, 9],
    ['since the start when there was no beat yet', [], 0.4, 0.4],
    ['since the start when there was one beat', [6], 6.3, 6.3],
    ['no longer once the loop has gone round again twice', [1, 9, 10, 11], 11.5, 1.5],
  ];
  test.each(cases)('%s', (_what, beats, readAt, expected) => {
    const source = new FakeBeats();
    const loopLag = new LoopLag(source, () => 'busy');
    loopLag.hold();
    source.beatAt(...beats);
    expect(loopLag.unreadMs(readAt)).toBeCloseTo(expected);
  });

  test('no longer than the loop was at work before the last beat, and since', () => {
    const source = new FakeBeats();
    const loopLag = new LoopLag(source, () => 'busy');
    loopLag.hold();
    source.beatAt(3);
    source.waitedMs += 2.5;
    source.beatAt(6);
    // The poll before this beat was half a millisecond before it.
    expect(loopLag.unreadMs(7)).toBeCloseTo(1.5);
  });

  test('all the time that a beat is late, though the loop says that it waited', () => {
    const source = new FakeBeats();
    const loopLag = new LoopLag(source, () => 'busy');
    loopLag.hold();
    source.beatAt(3);
    source.waitedMs += 2.9;
    source.beatAt(6);
    source.waitedMs += 17.9;
    expect(loopLag.unreadMs(24)).toBeCloseTo(18.1);
  });

  test('not before the beats were started again', () => {
    const source = new FakeBeats();
    const loopLag = new LoopLag(source, () => 'busy');
    const release = loopLag.hold();
    source.beatAt(1, 2);
    release();
    source.at = 60_000;
    loopLag.hold();
    expect(loopLag.unreadMs(60_001)).toBe(1);
  });
});

describe('the beats', () => {
  test('runs from the first hold to the last release, each counted once (P8)', () => {
    const source = new FakeBeats();
    const loopLag = new LoopLag(source, () => 'busy');
    expect(source.running).toBe(false);
    const [first, second] = [loopLag.hold(), loopLag.hold()];
    first();
    first();
    expect(source.running).toBe(true);
    second();
    expect(source.running).toBe(false);
  });

  test('says each beat', () => {
    const source = new FakeBeats();
    const beats: number[] = [];
    const loopLag = new LoopLag(source, (now) => {
      beats.push(now);
      return 'busy';
    });
    loopLag.hold();
    source.beatAt(1, 2.5);
    expect(beats).toEqual([1, 2.5]);
  });

  test('beats as often as is needed, and every millisecond again as soon as one more holds it', () => {
    const source = new FakeBeats();
    let need: Need = 'quiet';
    const loopLag = new LoopLag(source, () => need);
    loopLag.hold();
    expect(source.everyMs).toBe(1);
    source.beatAt(1);
    expect(source.everyMs).toBe(10);
    loopLag.hold();
    expect(source.everyMs).toBe(1);
    source.beatAt(2);
    expect(source.everyMs).toBe(10);
    need = 'busy';
    source.beatAt(12);
    expect(source.everyMs).toBe(1);
  });

  test('does not begin again when its last user leaves on a beat', () => {
    const source = new FakeBeats();
    let release = () => {};
    const loopLag = new LoopLag(source, () => {
      release();
      return 'quiet';
    });
    release = loopLag.hold();
    source.beatAt(1);
    expect(source.running).toBe(false);
  });
});
