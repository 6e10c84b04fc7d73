/**
 * Remembers which checks have an item of their own, as far as this process has seen. A status carries every other
 * check. So each check that counted is in its status or has an item, whenever a process dies; see docs/promises.md, S7.
 *
 *   status 7   last check C7                      item of C7 not confirmed
 *   status 8   last check C8, carries C7          a tick writes C7 and C8, and sees both confirmed
 *   status 9   last check C9, carries nothing
 *
 * Normally a check is confirmed before the next one is made: no status carries a check, and nothing is written twice. A
 * new process has seen no item, so its first tick writes each provider's last check once more.
 */

import { createNewestTexts } from '../base/newest-texts.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderStatus } from '../health/status.ts';
import { MOST_UNRECORDED } from '../store/unrecorded.ts';

/** Remembered checks of each provider: as many as a status can carry, and as many that come while it is written. */
const MOST_REMEMBERED = 2 * MOST_UNRECORDED;

export interface RecordedChecks {
  /** The table has confirmed that it has the item of this check. */
  add(check: HealthCheck): void;
  has(check: HealthCheck): boolean;
  /** Forgets the other providers. */
  keepOnly(isKept: (provider: string) => boolean): void;
}

export function createRecordedChecks(): RecordedChecks {
  const timestamps = createNewestTexts(MOST_REMEMBERED);
  return {
    add: ({ provider, timestamp }) => timestamps.add(provider, timestamp),
    has: ({ provider, timestamp }) => timestamps.has(provider, timestamp),
    keepOnly: timestamps.keepOnly,
  };
}

/** The checks of a status that may have no item, oldest first. */
export function pendingChecks(status: ProviderStatus | null, recorded: Pick<RecordedChecks, 'has'>): HealthCheck[] {
  const { unrecorded = [], lastCheck = null } = status ?? {};
  return [...unrecorded, ...(lastCheck ? [lastCheck] : [])].filter((check) => !recorded.has(check));
}
