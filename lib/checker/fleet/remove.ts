/** Removes the status of a provider that is no longer monitored. */

import { removedStatus } from '../../health/removed-status.ts';
import type { ProviderStatus } from '../../health/status.ts';
import type { CheckContext } from '../context.ts';

/**
 * Ends the provider's incident and open alert, and deletes its status. When another write comes first, the status stays,
 * and the caller must try again with that one.
 *
 * @throws {StoreError}
 */
export async function removeStatus(
  { store, clock, onNotices }: Pick<CheckContext, 'store' | 'clock' | 'onNotices'>,
  status: ProviderStatus,
): Promise<void> {
  const last = removedStatus(status, clock.now());
  if (last !== null) {
    if ((await store.statuses.put(last, status.version, 'transition')) === 'conflict') return;
    await onNotices([{ kind: 'transition', status: last }]);
  }
  await store.statuses.delete(status.provider, (last ?? status).version);
}
