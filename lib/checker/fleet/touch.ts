/** Says to the next ticks that statuses were written which they have copies of. */

import { messageOf } from '../../base/error-text.ts';
import type { CheckContext } from '../context.ts';

/**
 * After each write of a status that no tick made. Never rejects: the write is done, and a tick that has missed it finds out
 * by the version, when it writes.
 */
export async function touchStatuses({ store, log }: Pick<CheckContext, 'store' | 'log'>): Promise<void> {
  await store.statuses.touch().catch((cause: unknown) => {
    log.warn('mark of a written status not left', { error: messageOf(cause) });
  });
}
