/** Marks checks that were made during maintenance. They count neither as uptime nor as downtime, and cause no alert. */

import { isInMaintenance } from '../../config/maintenance.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';

/** The check with the right mark: by the provider's maintenance windows and the pause in its status. */
export function inPause(
  { maintenance, ...check }: HealthCheck,
  { maintenance: windows }: Pick<ProviderConfig, 'maintenance'>,
  status: Pick<ProviderStatus, 'maintenanceUntil'> | null,
): HealthCheck {
  const isIn = isInMaintenance(windows, status?.maintenanceUntil ?? null, new Date(check.timestamp));
  return isIn ? { ...check, maintenance: true } : check;
}
