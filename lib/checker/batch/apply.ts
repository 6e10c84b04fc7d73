/**
 * Brings a check into the table: status first, on condition that nobody changed it meanwhile, then the check itself is
 * for the caller to keep. What the check means for the status is lib/health's.
 */

import { ALERT_DEFAULTS, type NoticeSettings } from '../../health/alerting/alert-settings.ts';
import { type NoticeKind, noticeOf } from '../../health/alerting/notice.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import { nextStatus, type ProviderStatus, type StatusChange, unknownStatus } from '../../health/status.ts';
import type { StatusStore } from '../../store/store.ts';

/** More losses in a row than this are not a race but a fault. */
const MAXIMUM_TRIES = 8;

/**
 * `outdated`: a newer check was applied before. `removed`: the provider was deleted meanwhile; it stays so.
 */
export type Applied =
  | ({ outcome: 'applied' /** What somebody may have to be told of it. */; notice: NoticeKind | null } & StatusChange)
  | { outcome: 'outdated' | 'removed' };

/**
 * Applies a check to the status that is stored, reading it again for as long as somebody else's write comes between.
 *
 * @param known The status as last read; null when there was none.
 * @param mayCreate Whether a provider without a status gets one: not so for registered ones, whose status is made when
 *   they are registered and gone when they are deleted.
 */
export async function applyCheck(
  statuses: StatusStore,
  check: HealthCheck,
  config: ProviderConfig,
  known: ProviderStatus | null,
  mayCreate: boolean,
  notices: NoticeSettings = ALERT_DEFAULTS,
): Promise<Applied> {
  let current = known;
  let existed = known !== null;
  for (let tries = 0; tries < MAXIMUM_TRIES; tries++) {
    if (current === null && (existed || !mayCreate)) return { outcome: 'removed' };
    const before = current ?? unknownStatus(config, new Date(check.timestamp));
    const change = nextStatus(before, check, config);
    if (change === null) return { outcome: 'outdated' };
    const notice = noticeOf(before, change, notices);
    const written = await statuses.put(change.status, current?.version ?? null, notice);
    if (written === 'stored') return { outcome: 'applied', notice, ...change };
    current = await statuses.get(check.provider);
    existed ||= current !== null;
  }
  throw new Error(
    `status of ${check.provider}: expected to win one of ${MAXIMUM_TRIES} conditional writes, lost all of them. ` +
      'Something else writes this status all the time: look for a second monitor on the same table.',
  );
}
