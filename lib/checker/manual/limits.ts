/** The limits of manual checks where others than this process's program may ask for them. */

import type { ManualCheckLimit } from '../../store/store.ts';

export const MANUAL_LIMIT: ManualCheckLimit = { perProviderSeconds: 10, perHour: 60 };

export interface ManualLimits extends ManualCheckLimit {
  /** When a check ends at the latest. */
  deadlineMs: number;
}

/** An HTTP API cuts a request at 30 s. */
export const MANUAL_LIMITS: ManualLimits = { ...MANUAL_LIMIT, deadlineMs: 25_000 };
