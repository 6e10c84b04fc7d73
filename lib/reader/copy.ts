/** The copy of the statuses that a reader answers from, made from one read. */

import type { RegionViews } from '../health/regions.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Moment } from './moment.ts';
import { problem, type ReaderProblem } from './problem.ts';
import type { StatusRead } from './sources/source.ts';

export interface Copy {
  readonly statuses: ReadonlyMap<string, ProviderStatus>;
  /** By provider: its status in the monitor of each region; null: there is only one monitor. */
  readonly regions: ReadonlyMap<string, RegionViews> | null;
  /** Whether the copy contains at least one of the reader's own providers. */
  readonly isKnown: boolean;
  readonly readAt: Moment;
  /** What is wrong with the copy; null when nothing is. */
  readonly problem: ReaderProblem | null;
}

/**
 * Makes a copy from a read. If a provider's status cannot be understood, its status from the previous copy stays.
 *
 * @param ids The reader's own providers.
 */
export function copyOf(read: StatusRead, previous: Copy | null, ids: readonly string[], readAt: Moment): Copy {
  const statuses = new Map(read.statuses.map((status) => [status.provider, status]));
  const unreadable = read.unreadable.map(({ provider }) => provider);
  for (const id of unreadable) {
    const known = previous?.statuses.get(id);
    if (known) statuses.set(id, known);
  }
  const isKnown = ids.some((id) => statuses.has(id));
  const spoilt = unreadable.length > 0 && problem('malformed', `unknown ones of ${unreadable.join(', ')}`);
  const strange = !isKnown && problem('unmonitored', `none of ${ids.join(', ')}`);
  const { regions = null, problem: partial = null } = read;
  return { statuses, regions, isKnown, readAt, problem: spoilt || strange || partial };
}
