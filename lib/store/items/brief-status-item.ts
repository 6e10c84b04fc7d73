/** Reads the part of a STATUS item that a brief status needs. */

import type { BriefCheck, BriefStatus } from '../../health/brief-status.ts';
import { isWorking } from '../../health/state.ts';
import type { StatusFields } from '../../health/status.ts';
import { type AttributeTable, namesIn, parseAttributes } from './attribute-table.ts';
import { FAILURE, FIGURES, GOOD } from './check-attributes.ts';
import { checkVersion, optional, required } from './fields.ts';
import { SORT_KEY, TTL_ATTRIBUTE } from './keys.ts';
import type { Item } from './kinds.ts';
import { DETAILS, FIELDS } from './status-attributes.ts';

/** Fields that depend on other attributes than their own. */
type Apart = 'provider' | 'isHealthy' | 'lastCheck';

const BRIEF: AttributeTable<
  Pick<BriefStatus, Exclude<keyof BriefStatus, Apart>> & Pick<StatusFields, 'medianResponseMs'>
> = {
  state: FIELDS.state,
  model: FIELDS.model,
  tags: FIELDS.tags,
  enabled: FIELDS.enabled,
  intervalSeconds: FIELDS.intervalSeconds,
  targetResponseMs: FIELDS.targetResponseMs,
  since: FIELDS.since,
  consecutiveFailures: FIELDS.consecutiveFailures,
  consecutiveSuccesses: FIELDS.consecutiveSuccesses,
  typicalResponseMs: FIELDS.typicalResponseMs,
  medianResponseMs: FIELDS.medianResponseMs,
  successRate: FIELDS.successRate,
  healthScore: FIELDS.healthScore,
  routingScore: FIELDS.routingScore,
  trafficShare: FIELDS.trafficShare,
  drainUntil: FIELDS.drainUntil,
};

/** The attributes that {@link briefStatusFromItem} reads, and the one by which an item expires. */
export const BRIEF_ATTRIBUTES: readonly string[] = [
  SORT_KEY,
  'v',
  TTL_ATTRIBUTE,
  'lastCheckAt',
  ...[BRIEF, ...Object.values(DETAILS), FIGURES, FAILURE].flatMap(namesIn),
];

/** @throws {ItemError} */
export function briefStatusFromItem(item: Item): BriefStatus {
  checkVersion(item);
  const provider = required(item, SORT_KEY, 'text');
  const { medianResponseMs, ...fields } = parseAttributes(BRIEF, item);
  return {
    ...parseAttributes<object>(DETAILS[fields.state], item),
    ...fields,
    provider,
    isHealthy: isWorking(fields.state),
    // Older releases wrote only the median.
    typicalResponseMs: fields.typicalResponseMs ?? medianResponseMs,
    lastCheck: briefCheckFrom(item),
    // The compiler cannot see that each state's table reads the fields of that state.
  } as BriefStatus;
}

function briefCheckFrom(item: Item): BriefCheck | null {
  const timestamp = optional(item, 'lastCheckAt', 'time', null);
  if (timestamp === null) return null;
  const { responseTimeMs } = parseAttributes(FIGURES, item);
  const { category, fault, errorMessage } = item.category === undefined ? GOOD : parseAttributes(FAILURE, item);
  return { timestamp, responseTimeMs, category, fault, errorMessage };
}
