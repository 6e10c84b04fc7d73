/** Ends the problem of a provider that is no longer checked, and removes the status of one that no longer exists. */

import { endedStatus } from '../../health/ended-status.ts';
import { noticeOfPolicy } from '../../health/next-status.ts';
import type { ProviderStatus } from '../../health/status.ts';
import { type Store, StoreError } from '../../store/store.ts';
import type { CheckContext } from '../context.ts';
import { repairChecks } from '../repair.ts';

type EndContext = Pick<CheckContext, 'onNotices' | 'onEnded' | 'transitions'> & { store: Pick<Store, 'statuses'> };

/** More writes in a row than this are no checks that were under way. The next tick removes the status then. */
const MOST_TRIES = 5;

/**
 * Writes a status with new settings. When these end a problem, passes the notice on.
 *
 * @param before The status that it was computed from; null when there was none.
 * @throws {StoreError}
 */
export async function putSettings(
  { store, onNotices, onEnded }: EndContext,
  before: ProviderStatus | null,
  after: ProviderStatus,
): Promise<'stored' | 'conflict'> {
  const notice = noticeOfPolicy(before, after);
  const outcome = await store.statuses.put(after, before?.version ?? null, notice);
  if (outcome === 'conflict' || notice === null) return outcome;
  if (after.lastTransition) onEnded(after.lastTransition);
  await onNotices([{ kind: notice, status: after }]);
  return outcome;
}

/**
 * Removes the status of a provider that no longer exists, after its problem has ended. The problem ends in the status
 * first, and the transitions that only the status carries are recorded. So a process that dies in between leaves nothing
 * undone: the next tick finds the status and goes on. When another write comes first, the status stays.
 *
 * @throws {StoreError}
 */
export async function removeOrphan(context: EndContext, status: ProviderStatus): Promise<void> {
  const ended = endedStatus(status);
  if (ended !== null && (await putSettings(context, status, ended)) === 'conflict') return;
  const last = ended ?? status;
  await context.transitions.record(last);
  await context.store.statuses.delete(status.provider, last.version);
}

/**
 * Removes the status of a provider whose registration was deleted. Checks that are under way may write it meanwhile.
 *
 * @throws {StoreError}
 */
export async function removeStatus(context: CheckContext, provider: string): Promise<void> {
  const { statuses } = context.store;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const status = await statuses.get(provider).catch(nullIfUnreadable);
    // One that cannot be read has to go too.
    if (status === null) return statuses.delete(provider);
    await Promise.all([repairChecks(context, [status]), context.catchUp.run([status], null)]);
    await removeOrphan(context, status);
    if ((await statuses.get(provider).catch(nullIfUnreadable)) === null) return;
  }
  context.log.warn('status not removed yet: it is written all the time; the next tick removes it', { provider });
}

function nullIfUnreadable(cause: unknown): null {
  if (cause instanceof StoreError && cause.code === 'unreadable') return null;
  throw cause;
}
