/** Limits failed attempts per address, so that nobody can guess a password by trying. */

import { MINUTE_MS } from '../../base/time.ts';

export interface Attempts {
  /**
   * Seconds until this address may try this password; 0: now. A password that was right from this address before is
   * never blocked, so that an attacker cannot lock out callers who share the address.
   */
  waitSeconds(address: string, digest: string): number;
  /** Records that the password was right. */
  pass(address: string, digest: string): void;
  /** Counts one failed attempt. @returns Whether this attempt blocks the address. */
  fail(address: string): boolean;
}

const WINDOW_MS = MINUTE_MS;
/** More failures in a minute than a person makes who mistypes. */
const MOST_FAILURES = 10;
/** Bounds the memory: beyond it, the oldest address is forgotten. */
const MOST_ADDRESSES = 10_000;

interface Window {
  startedAt: number;
  failures: number;
}

/** @param now A clock in milliseconds. */
export function createAttempts(now: () => number): Attempts {
  const windows = new Map<string, Window>();
  /**
   * Right passwords, as address and digest. The digest alone would let a right guess pass from a blocked address, and
   * so show that it is right.
   */
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
      // Move the entry to the end: the set is ordered by age.
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
