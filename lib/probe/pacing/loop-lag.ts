/**
 * Measures how long an answer may have lain unread in this process. A beat every few milliseconds shows when the event
 * loop last polled. Beats run only while probes are in flight, and only as often as these need.
 */

/**
 * Above this, a result is marked `uncertain`. It is longer than the usual stall of a shared machine, and shorter than
 * differences that matter.
 */
export const UNCERTAIN_ABOVE_MS = 5;

/**
 * Milliseconds between two beats. A beat costs some 30 µs, so there are as few as possible. With a beat every 3 ms
 * while answers arrive, three times as many results were marked.
 */
const BEATS = {
  /** While probes wait for their turn, or an answer may come at any moment. */
  busy: 1,
  /** While no answer is expected soon. An answer that still comes is marked. */
  quiet: 10,
} as const;

export type Need = keyof typeof BEATS;

/** The clock and timer of beats: the system's, or a test's. */
export interface BeatSource {
  now(): number;
  /** Milliseconds for which the event loop has been working, not waiting. It only grows. */
  activeMs(): number;
  /** Calls `beat` about every `ms` milliseconds. @returns A function that ends it. */
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
  /** Everything that is read after the last beat arrived after this time. */
  #polledAt = 0;

  /** @param onBeat Called on each beat. Returns how soon the next beat is needed. */
  constructor(source: BeatSource, onBeat: (now: number) => Need) {
    this.#source = source;
    this.#onBeat = onBeat;
  }

  /** Keeps the beats running. @returns A function that releases this hold; beats end when no hold is left. */
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

  /** The longest time that something read at `at` can have lain unread. */
  unreadMs(at: number): number {
    return at - this.#polledAt;
  }

  /**
   * The event loop polls its sockets once a turn, so everything read after this beat arrived after the poll before it.
   * Since the former beat, the loop either worked or waited in a poll, and a wait ends when something arrives. So that
   * poll is at most as old as the loop's working time since then. If the system suspends the process during a wait, the
   * beat comes late.
   */
  #beat(): void {
    const now = this.#source.now();
    const activeMs = this.#source.activeMs();
    this.#polledAt = Math.max(this.#lastBeatAt, now - (activeMs - this.#lastActiveMs));
    this.#lastBeatAt = now;
    this.#lastActiveMs = activeMs;
    const need = this.#onBeat(now);
    // This beat may have ended the last hold.
    if (this.#stop !== null && need !== this.#need) this.#beatAs(need);
  }

  #beatAs(need: Need): void {
    this.#stop?.();
    this.#need = need;
    this.#stop = this.#source.every(BEATS[need], () => this.#beat());
  }
}
