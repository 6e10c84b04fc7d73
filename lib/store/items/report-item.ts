/** A REPORT item: requests of a router failed at a provider. It contains no reason; the check that follows finds it. */

import { expiring } from './expiry.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { type Key, reportKey } from './keys.ts';

/** Reports are kept long enough to read them after an incident. */
const REPORT_DAYS = 7;

export interface ReportItem extends Key {
  v: number;
  /** ISO 8601 UTC. The stream passes only items that change, and the time makes each report different. */
  reportedAt: string;
  expiresAt: number;
}

export function reportItem(provider: string, now: Date): ReportItem {
  const reportedAt = now.toISOString();
  return { ...reportKey(provider), v: SCHEMA_VERSION, reportedAt, ...expiring(reportedAt, REPORT_DAYS) };
}
