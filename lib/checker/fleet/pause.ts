/** Sets pauses by hand: a drained provider is never selected, and a provider in maintenance causes no alert. */

import { unknownStatus } from '../../health/next-status.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { CheckContext } from '../context.ts';
import { unknownProvider } from '../errors.ts';
import { readMember } from './fleet.ts';
import { touchStatuses } from './touch.ts';

export interface Pause {
  /** When the pause ends by itself, ISO 8601 UTC. */
  until: string;
  /** Shown in the status; null when none was given. At most 80 characters. */
  reason: string | null;
}

export type PauseKind = 'drain' | 'maintenance';

/**
 * Sets or ends a pause. Does not change the provider's health.
 *
 * @param pause Null ends it.
 * @throws {CheckerError} `unknown_provider`
 * @throws {StoreError}
 */
export async function setPause(
  context: CheckContext,
  provider: string,
  kind: PauseKind,
  pause: Pause | null,
): Promise<ProviderStatus> {
  const { store, clock } = context;
  const member = await readMember(context, provider);
  if (!member) throw unknownProvider(provider);
  for (let current = member.status; ; current = await store.statuses.get(provider)) {
    // A registered provider has a status for as long as it exists.
    if (current === null && !member.declared) throw unknownProvider(provider);
    const next = {
      ...(current ?? unknownStatus(member.config, clock.now())),
      version: (current?.version ?? 0) + 1,
      ...fieldsOf(kind, pause),
    };
    if ((await store.statuses.put(next, current?.version ?? null, null)) === 'conflict') continue;
    await touchStatuses(context);
    return next;
  }
}

function fieldsOf(kind: PauseKind, pause: Pause | null) {
  const { until = null, reason = null } = pause ?? {};
  return kind === 'drain'
    ? { drainUntil: until, drainReason: reason }
    : { maintenanceUntil: until, maintenanceReason: reason };
}
