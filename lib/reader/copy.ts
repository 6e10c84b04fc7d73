/** What one read brought, kept as the copy that answers are made of. */

import type { RegionViews } from '../health/regions.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Moment } from './moment.ts';
import { problem, type ReaderProblem } from './problem.ts';
import type { StatusRead } from './sources/source.ts';

export interface Copy {
  readonly statuses: ReadonlyMap<string, ProviderStatus>;
  /** By provider, what the monitor of each region believes; null: there is one monitor. */
  readonly regions: ReadonlyMap<string, RegionViews> | null;
  /** Whether any of the reader's own providers are in it. */
  readonly isKnown: boolean;
  readonly readAt: Moment;
  /** What is wrong with it; null when nothing is. */
  readonly problem: ReaderProblem | null;
}

/**
 * A provider whose status cannot be understood keeps its last good one, if there was one.
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
