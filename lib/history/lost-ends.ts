/**
 * Ends incidents that nothing else would end. Earlier releases deleted the status of a provider that was removed while it was
 * down, without a transition, so its incident seems to last. Their end is written once, as the transition that is missing.
 */

import { DAY_MS, HOUR_MS } from '../base/time.ts';
import { endOfChecks, type Transition } from '../health/transition.ts';
import type { Store } from '../store/store.ts';
import { readLasting } from './incidents.ts';
import { readNewest } from './newest.ts';

/** Younger changes may be about a provider that another process has just registered or removed. */
const LEAST_AGE_MS = HOUR_MS;
/** Hours are kept this long. */
const HOURS_MS = 90 * DAY_MS;

export interface LostEnds {
  /**
   * Does its work once; after a failure, the next call tries again.
   *
   * @param exists Whether a provider with this id exists.
   * @returns The transitions that were written.
   * @throws {StoreError}
   */
  end(exists: (provider: string) => boolean, now: Date): Promise<Transition[]>;
}

type EndStore = Pick<Store, 'transitions' | 'checks' | 'hours'>;

export function createLostEnds(store: EndStore): LostEnds {
  let isDone = false;
  return {
    async end(exists, now) {
      if (isDone) return [];
      const written: Transition[] = [];
      for (const { last } of await readLasting(store.transitions, now)) {
        const { provider, at, to } = last;
        if (exists(provider) || now.getTime() - Date.parse(at) < LEAST_AGE_MS) continue;
        const end = endOfChecks(provider, await lastCheckedMs(store, last, now), to, at);
        await store.transitions.put(end);
        written.push(end);
      }
      isDone = true;
      return written;
    },
  };
}

/** When the provider was last checked, as far as that is still kept; at least the time of its last transition. */
async function lastCheckedMs({ checks, hours }: EndStore, { provider, at }: Transition, now: Date): Promise<number> {
  const to = now.toISOString();
  const { items } = await readNewest((page) => checks.page(provider, { from: at, to, ...page }), { items: 1 });
  const check = items.at(-1);
  if (check) return Date.parse(check.timestamp);
  const from = new Date(Math.max(Date.parse(at), now.getTime() - HOURS_MS)).toISOString();
  const observation = (await hours.list(provider, { from, to })).at(-1)?.observations.at(-1);
  return Math.max(Date.parse(at), observation?.atMs ?? 0);
}
