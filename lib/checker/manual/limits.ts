/** The limits of manual checks, for monitors where others than the program itself may ask for them. */

import type { ManualCheckLimit } from '../../store/store.ts';

export const MANUAL_LIMIT: ManualCheckLimit = { perProviderSeconds: 10, perHour: 60 };

export interface ManualLimits extends ManualCheckLimit {
  /** Longest duration of a check, in milliseconds. */
  deadlineMs: number;
}

/** Below the 30 s after which API Gateway ends a request. */
export const MANUAL_LIMITS: ManualLimits = { ...MANUAL_LIMIT, deadlineMs: 25_000 };
