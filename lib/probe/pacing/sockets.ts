/**
 * Limits the number of open connections. Each is an open file of the process, like name lookups and connections to the
 * table. Beyond the limit of open files they fail, which would look like failures of providers.
 */

import { readdirSync, readFileSync } from 'node:fs';

/**
 * Files reserved for lookups, the table, keys, alerts and witnesses. A process with few free files reserves half of
 * them.
 */
const RESERVE = 64;
const LEAST = 1;
/** Share of all connections that may be kept open between probes. */
const KEPT_SHARE = 0.75;

export interface OpenFiles {
  /** The most files that the process may open; Infinity where the system does not say. */
  limit: number;
  open: number;
}

export function mostSockets({ limit, open }: OpenFiles): number {
  const free = limit - open;
  return Math.max(LEAST, Math.floor(free - Math.min(RESERVE, free / 2)));
}

/** The open files of this process now. */
export function openFiles(): OpenFiles {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return { limit: Number(limit ?? Number.POSITIVE_INFINITY), open: readdirSync('/proc/self/fd').length };
  } catch {
    return { limit: limitOfReport(), open: 0 };
  }
}

let reported: number | undefined;

/** The limit, on systems without /proc. It is kept, since a report takes milliseconds and the limit does not change. */
function limitOfReport(): number {
  reported ??= Number((process.report.getReport() as Report).userLimits?.open_files?.soft);
  return Number.isFinite(reported) ? reported : Number.POSITIVE_INFINITY;
}

interface Report {
  userLimits?: { open_files?: { soft?: number | string } };
}

/** Counts the connections of running probes and the kept ones, and holds both within the limit. */
export class Sockets {
  readonly #most: () => number;
  readonly #kept: () => number;
  readonly #holders = new Set<object>();
  #limit = Number.POSITIVE_INFINITY;

  /**
   * @param most How many more connections may be opened. Called when no probe is running.
   * @param kept Number of kept connections that no probe uses.
   */
  constructor(most: () => number, kept: () => number) {
    this.#most = most;
    this.#kept = kept;
  }

  /** How many more connections may be opened now. */
  get free(): number {
    return this.#limit - this.#holders.size - this.#kept();
  }

  /** Reserves a connection for the holder until `release`. @returns False when the limit is reached. */
  take(holder: object): boolean {
    if (this.#holders.size === 0) this.#limit = this.#most() + this.#kept();
    else if (this.free <= 0) return false;
    this.#holders.add(holder);
    return true;
  }

  release(holder: object): void {
    this.#holders.delete(holder);
  }

  /** Whether one more connection may be kept. With too many kept ones, a provider without one could not open any. */
  get mayKeep(): boolean {
    return this.#kept() < KEPT_SHARE * this.#limit;
  }
}
