/** Decides whether a moment is in a planned pause. */

import { Cron } from 'croner';
import { MINUTE_MS } from '../base/time.ts';
import type { MaintenanceWindow } from '../health/provider.ts';

/**
 * @param windows The windows in the provider's settings.
 * @param until End of a pause that an operator set, ISO 8601 UTC; null when there is none.
 */
export function isInMaintenance(windows: readonly MaintenanceWindow[], until: string | null, at: Date): boolean {
  if (until !== null && at.getTime() < Date.parse(until)) return true;
  return windows.some((window) => isWithin(window, at));
}

function isWithin({ cron, timeZone, durationMinutes }: MaintenanceWindow, at: Date): boolean {
  // A pause that still lasts began later than this. croner returns the first beginning after a given time.
  const earliest = new Date(at.getTime() - durationMinutes * MINUTE_MS);
  const began = new Cron(cron, { timezone: timeZone }).nextRun(earliest);
  return began !== null && began <= at;
}
