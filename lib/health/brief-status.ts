/**
 * The part of a status that selection, scores and summary need. To read only this part of a thousand statuses costs a
 * process a third of the CPU.
 */

import type { HealthCheck } from './check.ts';
import type { StateDetail, StatusFields } from './status.ts';

/** The last check, as far as a brief status has it. */
export type BriefCheck = Pick<HealthCheck, 'timestamp' | 'responseTimeMs' | 'category' | 'fault' | 'errorMessage'>;

export type BriefStatus = Pick<
  StatusFields,
  | 'provider'
  | 'model'
  | 'tags'
  | 'enabled'
  | 'intervalSeconds'
  | 'targetResponseMs'
  | 'since'
  | 'consecutiveFailures'
  | 'consecutiveSuccesses'
  | 'typicalResponseMs'
  | 'successRate'
  | 'healthScore'
  | 'routingScore'
  | 'trafficShare'
  | 'drainUntil'
> & { lastCheck: BriefCheck | null } & StateDetail;
