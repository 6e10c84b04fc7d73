/**
 * How long something may have lain unread in this process before it was seen. A beat every few milliseconds shows when the
 * event loop last went round: only while probes are in flight, and as often as they need it.
 */

/** Above this, a result is marked `uncertain`: more than a shared machine's usual stall, less than a decision depends on. */
export const UNCERTAIN_ABOVE_MS = 5;

/**
 * Milliseconds between two beats. Each costs some 30 µs, so they are few while they can be; every third millisecond while
 * answers come was tried, and marked three times as many.
 */
const BEATS = {
  /** While probes wait for their turn, which beats decide, or an answer may come at any moment. */
  busy: 1,
  /** No answer is expected soon; one that comes all the same is marked. */
  quiet: 10,
} as const;

export type Need = keyof typeof BEATS;

/** Where beats come from: the monotonic clock and a timer of the system, or a test's. */
export interface BeatSource {
  now(): number;
  /** How long this process's event loop has been at work, not waiting for something to happen; it only grows. */
  activeMs(): number;
  /** Calls `beat` about every `ms` until the function it returns is called. */
  every(ms: number, beat: () => void): () => void;
}

export const systemBeats: BeatSource = {
  now: () => performance.now(),
  activeMs: () => performance.eventLoopUtilization().active,
  every(ms, beat) {
    const timer = setInterval(beat, ms);
    return () => clearInterval(timer);
  },
};

export class LoopLag {
  readonly #source: BeatSource;
  readonly #onBeat: (now: number) => Need;
  #users = 0;
  #need: Need = 'busy';
  #stop: (() => void) | null = null;
  #lastBeatAt = 0;
  #lastActiveMs = 0;
  /** What is read from the last beat on came after this. */
  #polledAt = 0;

  /** @param onBeat What else is to be done on each beat. Returns how soon the next one is needed. */
  constructor(source: BeatSource, onBeat: (now: number) => Need) {
    this.#source = source;
    this.#onBeat = onBeat;
  }

  /** Beats until the function it returns was called, once for each call of this. */
  hold(): () => void {
    this.#users += 1;
    if (this.#stop === null) {
      this.#lastBeatAt = this.#polledAt = this.#source.now();
      this.#lastActiveMs = this.#source.activeMs();
    }
    if (this.#stop === null || this.#need !== 'busy') this.#beatAs('busy');
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  }

  /** The longest that what was read at `at` can have waited. */
  unreadMs(at: number): number {
    return at - this.#polledAt;
  }

  /**
   * The loop polls its sockets once a turn, so what is read after this beat came after the poll before it. That poll lies
   * no further back than the loop has been at work since the beat before; the rest of that time it waited, and a wait
   * ends when something comes. Time in which the process was not let run within a wait shows as a late beat.
   */
  #beat(): void {
    const now = this.#source.now();
    const activeMs = this.#source.activeMs();
    this.#polledAt = Math.max(this.#lastBeatAt, now - (activeMs - this.#lastActiveMs));
    this.#lastBeatAt = now;
    this.#lastActiveMs = activeMs;
    const need = this.#onBeat(now);
    // What waited may have ended with this beat, and the last user with it.
    if (this.#stop !== null && need !== this.#need) this.#beatAs(need);
  }

  #beatAs(need: Need): void {
    this.#stop?.();
    this.#need = need;
    this.#stop = this.#source.every(BEATS[need], () => this.#beat());
  }
}
