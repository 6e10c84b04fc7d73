/** A REPORT item: real traffic failed at a provider. It does not say how: the monitor's check finds out what is wrong. */

import { expiring } from './expiry.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { type Key, reportKey } from './keys.ts';

/** Long enough to look it up after an incident. */
const REPORT_DAYS = 7;

export interface ReportItem extends Key {
  v: number;
  /** ISO 8601 UTC. It makes each report another, so that the table's stream shows each. */
  reportedAt: string;
  expiresAt: number;
}

export function reportItem(provider: string, now: Date): ReportItem {
  const reportedAt = now.toISOString();
  return { ...reportKey(provider), v: SCHEMA_VERSION, reportedAt, ...expiring(reportedAt, REPORT_DAYS) };
}
