/**
 * How many connections may be open at once. Each is an open file of the process, and so are name look-ups and the table's
 * connections: past the limit they fail, and would look like failures of the providers.
 */

import { readdirSync, readFileSync } from 'node:fs';

/** Kept for look-ups, the table, keys, alerts and witnesses; of a process that may have few files, half of what is free. */
const RESERVE = 64;
const LEAST = 1;
/** Of all connections, those that may be kept open between probes. */
const KEPT_SHARE = 0.75;

export interface OpenFiles {
  /** Most that the process may have; Infinity where the system does not say. */
  limit: number;
  open: number;
}

export function mostSockets({ limit, open }: OpenFiles): number {
  const free = limit - open;
  return Math.max(LEAST, Math.floor(free - Math.min(RESERVE, free / 2)));
}

/** Of this process, now. */
export function openFiles(): OpenFiles {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return { limit: Number(limit ?? Number.POSITIVE_INFINITY), open: readdirSync('/proc/self/fd').length };
  } catch {
    return { limit: limitOfReport(), open: 0 };
  }
}

let reported: number | undefined;

/** Where there is no /proc. A report takes milliseconds, and its limits stay. */
function limitOfReport(): number {
  reported ??= Number((process.report.getReport() as Report).userLimits?.open_files?.soft);
  return Number.isFinite(reported) ? reported : Number.POSITIVE_INFINITY;
}

interface Report {
  userLimits?: { open_files?: { soft?: number | string } };
}

/** The connections of the probes under way, and of those kept between probes, within the limit. */
export class Sockets {
  readonly #most: () => number;
  readonly #kept: () => number;
  readonly #holders = new Set<object>();
  #limit = Number.POSITIVE_INFINITY;

  /**
   * @param most How many more than are open now may be opened. Asked when no probe is under way.
   * @param kept How many are kept open that no probe uses.
   */
  constructor(most: () => number, kept: () => number) {
    this.#most = most;
    this.#kept = kept;
  }

  /** How many more may be opened now. */
  get free(): number {
    return this.#limit - this.#holders.size - this.#kept();
  }

  /** Whether the holder may open a connection. It has one until it is released. */
  take(holder: object): boolean {
    if (this.#holders.size === 0) this.#limit = this.#most() + this.#kept();
    else if (this.free <= 0) return false;
    this.#holders.add(holder);
    return true;
  }

  release(holder: object): void {
    this.#holders.delete(holder);
  }

  /** Whether one more may be kept: with too many of them, a provider that has none could open none. */
  get mayKeep(): boolean {
    return this.#kept() < KEPT_SHARE * this.#limit;
  }
}
