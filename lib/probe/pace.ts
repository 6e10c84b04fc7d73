/**
 * When each of many probes may open its connection and when it may send its request, so that one core measures the
 * providers and not itself. Four rules: start the slowest first, start paced, keep few handshakes at work at once, and
 * send a request only when its answer will find the core free. How answers are spread is landings.ts's.
 */

import { Landings } from './landings.ts';

/** What a TLS handshake costs on a core of a Lambda; started faster, they would queue, and answers among them. */
const COLD_START_EVERY_MS = 1.3;
/** A request over a kept connection costs less than half of that. */
const WARM_START_EVERY_MS = 0.6;
/**
 * Handshakes that may be at work at once. More gain nothing, since the core is what they wait for.
 */
const MAX_HANDSHAKES = 4;
/**
 * After so many beats a handshake waits for the network and not for the core, so its place is free again: over a real
 * network the pace alone holds them back, and a provider that never answers holds back nobody. Counted in beats, which
 * come late while the core is busy, so that handshakes which do wait for the core keep their places.
 */
const HANDSHAKE_LEASE_BEATS = 5;
/** What a provider without history is taken for. Too low only makes its request wait, too high spoils the measurement. */
const UNKNOWN_EXPECTED_MS = 300;

/** One probe's way through the pacing. */
export interface Place {
  /**
   * Resolves when the connection may be opened. Rejects with what the signal aborted with.
   *
   * @param cold Whether there is a handshake to do.
   */
  start(cold: boolean, signal: AbortSignal): Promise<void>;
  /** Resolves when the request may be sent. Call it when the connection is ready. Rejects with what the signal aborted with. */
  send(signal: AbortSignal): Promise<void>;
  /** Always to be called at the end. */
  leave(): void;
}

/** For a probe that is alone: no waiting. */
export const UNPACED: Place = {
  start: () => Promise.resolve(),
  send: () => Promise.resolve(),
  leave: () => {},
};

type Step = 'new' | 'waiting' | 'connecting' | 'held' | 'sent' | 'left';

interface Member {
  readonly expectedMs: number;
  step: Step;
  cold: boolean;
  /** Number of the beat. */
  startedOnBeat: number;
  go: () => void;
}

export class Pacer {
  readonly #now: () => number;
  readonly #landings = new Landings();
  readonly #members = new Set<Member>();
  /** Fastest first, so that the slowest is popped. */
  #waiting: Member[] = [];
  #waitingSorted = true;
  /** Slowest first. */
  #held: Member[] = [];
  readonly #connecting = new Set<Member>();
  #coldWaiting = 0;
  #beats = 0;
  #nextStartAt = 0;
  #coldStarts = 0;
  #firstStartAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param expectedMs The provider's usual response time; null when nothing is known. */
  place(expectedMs: number | null): Place {
    const member: Member = {
      expectedMs: expectedMs ?? UNKNOWN_EXPECTED_MS,
      step: 'new',
      cold: true,
      startedOnBeat: 0,
      go: () => {},
    };
    this.#members.add(member);
    return {
      start: (cold, signal) => {
        member.cold = cold;
        return this.#wait(member, 'waiting', signal);
      },
      send: (signal) => {
        this.#connecting.delete(member);
        return this.#wait(member, 'held', signal);
      },
      leave: () => this.#leave(member),
    };
  }

  /** To be called about every millisecond while any place is taken. */
  beat(now: number): void {
    this.#beats += 1;
    this.#startSome(now);
    this.#sendSome(now);
  }

  #wait(member: Member, step: 'waiting' | 'held', signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#forget(member);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      member.step = step;
      member.go = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      if (step === 'waiting') {
        this.#waiting.push(member);
        this.#waitingSorted = false;
        if (member.cold) this.#coldWaiting += 1;
      } else if (this.#maySend(member, this.#now(), this.#handshakesLeftMs(this.#now()))) {
        this.#send(member);
      } else {
        this.#held.push(member);
        this.#held.sort((a, b) => b.expectedMs - a.expectedMs);
      }
    });
  }

  #startSome(now: number): void {
    if (!this.#waitingSorted) {
      this.#waiting.sort((a, b) => a.expectedMs - b.expectedMs);
      this.#waitingSorted = true;
    }
    // Lateness earns one start at most, or a stall would be followed by a burst.
    this.#nextStartAt = Math.max(this.#nextStartAt, now - COLD_START_EVERY_MS);
    while (now >= this.#nextStartAt && this.#handshakesAtWork() < MAX_HANDSHAKES) {
      const member = this.#waiting.pop();
      if (member === undefined) return;
      this.#nextStartAt += member.cold ? COLD_START_EVERY_MS : WARM_START_EVERY_MS;
      if (member.cold) {
        this.#coldWaiting -= 1;
        if (this.#coldStarts === 0) this.#firstStartAt = now;
        this.#coldStarts += 1;
        this.#connecting.add(member);
      }
      member.step = 'connecting';
      member.startedOnBeat = this.#beats;
      member.go();
    }
  }

  #sendSome(now: number): void {
    if (this.#held.length === 0) return;
    const handshakesLeftMs = this.#handshakesLeftMs(now);
    this.#held = this.#held.filter((member) => {
      if (!this.#maySend(member, now, handshakesLeftMs)) return true;
      this.#send(member);
      return false;
    });
  }

  #maySend(member: Member, now: number, handshakesLeftMs: number): boolean {
    return member.expectedMs >= handshakesLeftMs && this.#landings.take(now + member.expectedMs);
  }

  #send(member: Member): void {
    member.step = 'sent';
    member.go();
  }

  #handshakesAtWork(): number {
    let count = 0;
    for (const { startedOnBeat } of this.#connecting) {
      if (this.#beats - startedOnBeat < HANDSHAKE_LEASE_BEATS) count += 1;
    }
    return count;
  }

  /** How long the handshakes still to do will take, at the pace seen since the first of them. */
  #handshakesLeftMs(now: number): number {
    const left = this.#connecting.size + this.#coldWaiting;
    const everyMs = this.#coldStarts < 10 ? COLD_START_EVERY_MS : (now - this.#firstStartAt) / this.#coldStarts;
    return left * Math.max(COLD_START_EVERY_MS, everyMs);
  }

  #leave(member: Member): void {
    this.#forget(member);
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#landings.clear();
    this.#coldStarts = 0;
  }

  #forget(member: Member): void {
    this.#connecting.delete(member);
    if (member.step === 'waiting') {
      this.#waiting = this.#waiting.filter((other) => other !== member);
      if (member.cold) this.#coldWaiting -= 1;
    }
    if (member.step === 'held') this.#held = this.#held.filter((other) => other !== member);
    member.step = 'left';
  }
}
