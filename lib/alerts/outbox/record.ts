/** Keeps the transitions among some notices, so that they can be listed and incidents be made of them. */

import type { Store } from '../../store/store.ts';
import { isMonitorNotice, type Notice, type OnNotices } from '../notice.ts';

/** Idempotent: a transition that is there already stays as it is. */
export function recordTransitions({ transitions }: Pick<Store, 'transitions'>): OnNotices {
  return async (notices) => {
    await Promise.all(notices.map((notice) => recordTransition({ transitions }, notice)));
  };
}

/** Of a notice that is none, nothing. */
export async function recordTransition({ transitions }: Pick<Store, 'transitions'>, notice: Notice): Promise<void> {
  if (isMonitorNotice(notice) || notice.kind !== 'transition') return;
  const { lastTransition } = notice.status;
  if (lastTransition) await transitions.put(lastTransition);
}
