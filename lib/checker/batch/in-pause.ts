/** Whether a check was made in a planned pause: neither uptime nor downtime, and no alert. */

import { isInMaintenance } from '../../config/maintenance.ts';
import type { HealthCheck } from '../../health/check.ts';
import type { ProviderConfig } from '../../health/provider.ts';
import type { ProviderStatus } from '../../health/status.ts';

/** The check, marked or not by the pause that the status has. */
export function inPause(
  { maintenance, ...check }: HealthCheck,
  { maintenance: windows }: Pick<ProviderConfig, 'maintenance'>,
  status: Pick<ProviderStatus, 'maintenanceUntil'> | null,
): HealthCheck {
  const isIn = isInMaintenance(windows, status?.maintenanceUntil ?? null, new Date(check.timestamp));
  return isIn ? { ...check, maintenance: true } : check;
}
