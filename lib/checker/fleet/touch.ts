/** Marks for the next ticks that their copies of statuses are out of date. */

import { messageOf } from '../../base/error-text.ts';
import type { CheckContext } from '../context.ts';

/**
 * To be called after each write of a status outside of a tick. Never rejects: the write is done, and a tick that misses
 * the mark notices the new version when it writes.
 */
export async function touchStatuses({ store, log }: Pick<CheckContext, 'store' | 'log'>): Promise<void> {
  await store.statuses.touch().catch((cause: unknown) => {
    log.warn('mark of a written status not left', { error: messageOf(cause) });
  });
}
