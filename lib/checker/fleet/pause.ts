/** Sets pauses by hand: a drained provider is never selected, and a provider in maintenance causes no alert. */

import { unknownStatus } from '../../health/next-status.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { containsKey } from '../../keys/key-like.ts';
import type { CheckContext } from '../context.ts';
import { CheckerOptionError, unknownProvider } from '../errors.ts';
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
 * @throws {CheckerOptionError} When the pause cannot be used.
 * @throws {CheckerError} `unknown_provider`
 * @throws {StoreError}
 */
export async function setPause(
  context: CheckContext,
  provider: string,
  kind: PauseKind,
  pause: Pause | null,
): Promise<ProviderStatus> {
  if (pause !== null) verify(pause);
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

/** The reason is stored and shown, so it must not contain a key. The error does not repeat it. */
function verify({ until, reason }: Pause): void {
  if (Number.isNaN(Date.parse(until))) {
    throw new CheckerOptionError(
      'until',
      `expected a time such as "2026-03-01T12:00:00.000Z", got ${JSON.stringify(until)}.`,
    );
  }
  if (reason !== null && containsKey(reason)) {
    throw new CheckerOptionError(
      'reason',
      'expected a reason, got a text with a key in it. It is stored and shown: write no key.',
    );
  }
}

function fieldsOf(kind: PauseKind, pause: Pause | null) {
  const { until = null, reason = null } = pause ?? {};
  return kind === 'drain'
    ? { drainUntil: until, drainReason: reason }
    : { maintenanceUntil: until, maintenanceReason: reason };
}
