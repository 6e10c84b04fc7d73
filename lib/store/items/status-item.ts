/**
 * The STATUS item. Other programs read it too, also in other languages (docs/table.md). Nulls and zeros are left out when
 * absence means the same.
 *
 * A stream filter selects the writes that may lead to an alert by `notice` in the new image: `{ dynamodb: { NewImage: { notice: {
 * S: ["transition", …] } } } }`. With `transition`, `lastTransition` is the change of state. The TICK item has other kinds of
 * notice under the same name (tick-item.ts).
 */

import type { NoticeKind } from '../../health/alerting/notice.ts';
import type { BriefStatus } from '../../health/brief-status.ts';
import { isEnded } from '../../health/ended-status.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { dayOf } from '../../health/uptime/day-counts.ts';
import type { StatusList } from '../store.ts';
import { type Carried, unrecordedChecks, unrecordedTransitions, withinLimit, withUnrecorded } from '../unrecorded.ts';
import { briefStatusFromItem } from './brief-status-item.ts';
import { dayCountsFromText, dayCountsText } from './day-counts-text.ts';
import { isExpired } from './expiry.ts';
import { checkVersion, ItemError, optional, SCHEMA_VERSION } from './fields.ts';
import { NOTICE_ATTRIBUTE, statusKey } from './keys.ts';
import type { Item } from './kinds.ts';
import { readStatus, verifyStatus, writeStatus } from './status-attributes.ts';

/**
 * @param notice The notice of this write; null for none.
 * @param writeId Marks the write, so that it is recognised when its answer was lost.
 */
export function statusItem(status: ProviderStatus, notice: NoticeKind | null, writeId: string): Item {
  const { lastTransition, lastCheck, dayCounts = [] } = status;
  const writtenAt = isEnded(status) ? status.since : lastCheck?.timestamp;
  if (notice === 'transition' && (lastTransition === null || lastTransition.at !== writtenAt)) {
    throw new TypeError(
      `status of ${status.provider}: lastTransition: expected the transition of this write, at ` +
        `${writtenAt ?? 'no check'}, got ${lastTransition?.at ?? 'none'}`,
    );
  }
  const item = {
    ...statusKey(status.provider),
    v: SCHEMA_VERSION,
    w: writeId,
    ...(notice !== null && { [NOTICE_ATTRIBUTE]: notice }),
    // The counts belong to the day of the last check.
    ...(lastCheck !== null && dayCounts.length > 0 && { days: dayCountsText(dayCounts) }),
  };
  writeStatus(status, item);
  return withUnrecorded(withinLimit(item), carriedIn(status), status.model);
}

/** How many unrecorded checks and transitions fit into the status's item. The newest ones are kept. */
export function carriedCounts(status: ProviderStatus): { checks: number; transitions: number } {
  const { checks, transitions } = carriedIn(status);
  if (checks.length + transitions.length === 0) return { checks: 0, transitions: 0 };
  const item = statusItem(status, null, '');
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  return { checks: count(item.unrecorded), transitions: count(item.unrecordedTransitions) };
}

function carriedIn({ unrecorded = [], unrecordedTransitions = [] }: ProviderStatus): Carried {
  return { checks: unrecorded, transitions: unrecordedTransitions };
}

/** The notice of the item's last write; null for none. @throws {ItemError} */
export function noticeFromItem(item: Item): NoticeKind | null {
  return optional(item, NOTICE_ATTRIBUTE, 'notice', null);
}

/** @throws {ItemError} */
export function statusFromItem(item: Item): ProviderStatus {
  checkVersion(item);
  verifyStatus(item);
  const status = readStatus(item);
  const checks = unrecordedChecks(item, status.provider, status.model);
  if (checks.length > 0) status.unrecorded = checks;
  const transitions = unrecordedTransitions(item, status.provider);
  if (transitions.length > 0) status.unrecordedTransitions = transitions;
  const days = optional(item, 'days', 'text', null);
  const { lastCheck } = status;
  if (days !== null && lastCheck) status.dayCounts = dayCountsFromText('days', days, dayOf(lastCheck.timestamp));
  return status;
}

/** All statuses of a Query, in its order. Items that cannot be understood are listed in `unreadable`. */
export function statusesFromItems(items: readonly Item[], now: Date): StatusList {
  return listOf(items, now, statusFromItem);
}

/** The same with brief statuses. An item may be understood as such, and not as a whole status. */
export function briefStatusesFromItems(items: readonly Item[], now: Date): StatusList<BriefStatus> {
  return listOf(items, now, briefStatusFromItem);
}

function listOf<Status>(items: readonly Item[], now: Date, read: (item: Item) => Status): StatusList<Status> {
  const list: StatusList<Status> = { statuses: [], unreadable: [] };
  for (const item of items) {
    if (isExpired(item, now)) continue;
    try {
      list.statuses.push(read(item));
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      list.unreadable.push({ provider: String(item.sk), reason: error.message });
    }
  }
  return list;
}
