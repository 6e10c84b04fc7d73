/**
 * How long something may have lain unread in this process before it was seen. A beat every millisecond shows when the
 * event loop last went round: only while probes are in flight, and every ten while all of them wait.
 */

/** Above this, a result is marked `uncertain`: more than a shared machine's usual stall, less than anyone acts upon. */
export const UNCERTAIN_ABOVE_MS = 5;

const BEAT_MS = 1;
/** While nothing waits and no answer is near: a tick that waits for one slow provider costs a tenth so. */
const QUIET_BEAT_MS = 10;

/** Where beats come from: the monotonic clock and a timer of the system, or a test's. */
export interface BeatSource {
  now(): number;
  /** Calls `beat` about every `ms` until the function it returns is called. */
  every(ms: number, beat: () => void): () => void;
}

export const systemBeats: BeatSource = {
  now: () => performance.now(),
  every(ms, beat) {
    const timer = setInterval(beat, ms);
    return () => clearInterval(timer);
  },
};

export class Heartbeat {
  readonly #source: BeatSource;
  readonly #onBeat: (now: number) => boolean;
  #users = 0;
  #everyMs = BEAT_MS;
  #stop: (() => void) | null = null;
  #lastBeatAt = 0;
  #beatBeforeAt = 0;

  /** @param onBeat What else is to be done every millisecond. Returns whether the next beat may be later. */
  constructor(source: BeatSource, onBeat: (now: number) => boolean) {
    this.#source = source;
    this.#onBeat = onBeat;
  }

  /** Beats until the function it returns was called, once for each call of this. */
  hold(): () => void {
    this.#users += 1;
    if (this.#stop === null) this.#lastBeatAt = this.#beatBeforeAt = this.#source.now();
    if (this.#stop === null || this.#everyMs !== BEAT_MS) this.#beatEvery(BEAT_MS);
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

  /**
   * The longest that what was read at `at` can have waited. The loop polls its sockets once a turn and beats at the end
   * of a turn, so what is read now came after the poll before, and that one lies after the beat before the last.
   */
  unreadMs(at: number): number {
    return at - this.#beatBeforeAt;
  }

  #beat(): void {
    this.#beatBeforeAt = this.#lastBeatAt;
    this.#lastBeatAt = this.#source.now();
    const everyMs = this.#onBeat(this.#lastBeatAt) ? QUIET_BEAT_MS : BEAT_MS;
    // What waited may have ended with this beat, and the last user with it.
    if (this.#stop !== null && everyMs !== this.#everyMs) this.#beatEvery(everyMs);
  }

  #beatEvery(ms: number): void {
    this.#stop?.();
    this.#everyMs = ms;
    this.#stop = this.#source.every(ms, () => this.#beat());
  }
}
