/** How the check of each member of a batch ended, and the batch's result. */

import type { HealthCheck } from '../../health/check.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { Transition } from '../../health/transition.ts';
import type { Member, Problem } from '../fleet/fleet.ts';
import type { Skipped, SkipReason } from '../tick/report.ts';

/** `check` is null where no check was made. */
export type Ending =
  | { kind: 'applied'; member: Member; check: HealthCheck; status: ProviderStatus; transition: Transition | null }
  | { kind: 'skipped'; member: Member; check: HealthCheck | null; reason: SkipReason; because: string | null }
  | { kind: 'failed'; member: Member; check: HealthCheck | null; reason: string };

/** Each member is in exactly one of `stored`, `failed` and `skipped`. */
export interface BatchResult {
  /** Every check that was made, also those that were not stored. */
  checks: HealthCheck[];
  stored: HealthCheck[];
  /** Every check that changed its provider's status, also where the check's own item is not written yet. */
  applied: HealthCheck[];
  /** The statuses that were written. */
  statuses: ProviderStatus[];
  failed: Problem[];
  skipped: Skipped[];
  transitions: Transition[];
  monitorFault: boolean;
}

export function skippedFor(
  member: Member,
  reason: SkipReason,
  check: HealthCheck | null = null,
  because: string | null = null,
): Ending {
  return { kind: 'skipped', member, check, reason, because };
}

export function failedWith(member: Member, reason: string, check: HealthCheck | null): Ending {
  return { kind: 'failed', member, check, reason };
}

/** @param unwritten Ids of providers with a stored status and an unwritten check item. */
export function resultOf(
  endings: readonly Ending[],
  unwritten: ReadonlySet<string>,
  monitorFault: boolean,
): BatchResult {
  const applied = endings.flatMap((ending) => (ending.kind === 'applied' ? [ending] : []));
  const late = applied.filter(({ check }) => unwritten.has(check.provider));
  return {
    checks: endings.flatMap(({ check }) => check ?? []),
    applied: applied.map(({ check }) => check),
    statuses: applied.map(({ status }) => status),
    stored: applied.flatMap(({ check }) => (unwritten.has(check.provider) ? [] : [check])),
    failed: [
      ...endings.flatMap((ending) =>
        ending.kind === 'failed' ? [{ provider: ending.member.config.id, reason: ending.reason }] : [],
      ),
      ...late.map(({ check }) => ({
        provider: check.provider,
        reason: 'its check item was not written; a later tick writes it',
      })),
    ],
    skipped: endings.flatMap((ending) => {
      if (ending.kind !== 'skipped') return [];
      const { member, reason, because } = ending;
      return [{ provider: member.config.id, reason, ...(because !== null && { because }) }];
    }),
    transitions: applied.flatMap(({ transition }) => transition ?? []),
    monitorFault,
  };
}
