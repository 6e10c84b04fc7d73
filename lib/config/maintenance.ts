/** Whether a moment lies in a planned pause. The rules for alerts and for uptime say what a pause changes. */

import { Cron } from 'croner';
import { MINUTE_MS } from '../base/time.ts';
import type { MaintenanceWindow } from '../health/provider.ts';

/**
 * @param windows Those of the provider's settings.
 * @param until End of a pause set by hand, ISO 8601 UTC; null when there is none.
 */
export function isInMaintenance(windows: readonly MaintenanceWindow[], until: string | null, at: Date): boolean {
  if (until !== null && at.getTime() < Date.parse(until)) return true;
  return windows.some((window) => isWithin(window, at));
}

function isWithin({ cron, timeZone, durationMinutes }: MaintenanceWindow, at: Date): boolean {
  // A pause that lasts began after this; croner finds the first beginning later than the time it is given.
  const earliest = new Date(at.getTime() - durationMinutes * MINUTE_MS);
  const began = new Cron(cron, { timezone: timeZone }).nextRun(earliest);
  return began !== null && began <= at;
}
