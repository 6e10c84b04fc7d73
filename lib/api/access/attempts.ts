/** Counts failed attempts by the address that they come from, so that a password cannot be guessed by trying. */

import { MINUTE_MS } from '../../base/time.ts';

export interface Attempts {
  /**
   * Seconds until this address may try this password; 0: now. One that was right from this address may be tried while it is
   * blocked, so that a guesser locks out no caller who shares the address.
   */
  waitSeconds(address: string, digest: string): number;
  /** Remembers that the password was right. */
  pass(address: string, digest: string): void;
  /** Counts one failed attempt. Whether it is the one that blocks the address. */
  fail(address: string): boolean;
}

const WINDOW_MS = MINUTE_MS;
/** More than a person who mistypes needs. */
const MOST_FAILURES = 10;
/** Bounds the memory. With more, the oldest is forgotten first. */
const MOST_ADDRESSES = 10_000;

interface Window {
  startedAt: number;
  failures: number;
}

/** @param now Milliseconds of any clock. */
export function createAttempts(now: () => number): Attempts {
  const windows = new Map<string, Window>();
  /** Address and digest. Not the digest alone: from elsewhere the right guess must be refused as the wrong ones are. */
  const proven = new Set<string>();

  function windowOf(address: string): Window | null {
    const window = windows.get(address);
    if (!window) return null;
    const ageMs = now() - window.startedAt;
    if (ageMs >= 0 && ageMs < WINDOW_MS) return window;
    windows.delete(address);
    return null;
  }

  return {
    waitSeconds(address, digest) {
      const window = windowOf(address);
      if (!window || window.failures < MOST_FAILURES || proven.has(`${address} ${digest}`)) return 0;
      return Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - now()) / 1000));
    },
    pass(address, digest) {
      const entry = `${address} ${digest}`;
      // The newest stands last.
      proven.delete(entry);
      proven.add(entry);
      if (proven.size > MOST_ADDRESSES) proven.delete(proven.values().next().value ?? entry);
    },
    fail(address) {
      const window = windowOf(address) ?? { startedAt: now(), failures: 0 };
      window.failures += 1;
      windows.set(address, window);
      if (windows.size > MOST_ADDRESSES) windows.delete(windows.keys().next().value ?? address);
      return window.failures === MOST_FAILURES;
    },
  };
}
