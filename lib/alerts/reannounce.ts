/**
 * Finds what the table's stream gave up. Lambda retries a stream record for an hour; after that, only the status shows the
 * transition. A status with an unrecorded transition is written again, unchanged, with a notice, so that the stream
 * carries it once more. An open problem of a provider that is no longer checked ends in its record; that write has a
 * notice too. So has a record with alerts that a channel did not take: it is written again, unchanged, every minute.
 */

import { messageOf } from '../base/error-text.ts';
import { MINUTE_MS } from '../base/time.ts';
import { type ProviderStatus, transitionsIn } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { Heartbeat, Store } from '../store/store.ts';
import type { ChannelLog } from './outbox/dispatch.ts';
import { endUnchecked } from './outbox/unchecked.ts';

export interface ReannounceOptions {
  store: Pick<Store, 'alerts' | 'statuses' | 'transitions'>;
  log: ChannelLog;
  /** Default: the system's clock. */
  now?: () => Date;
}

/** Longer than the hour of retries: a younger record may still arrive. */
const GIVEN_UP_AFTER_MS = 65 * MINUTE_MS;
const PAGE_LIMIT = 1000;
/** The pause before an alert that a channel did not take is sent again. Ticks are a minute apart. */
const SEND_AGAIN_MS = MINUTE_MS / 2;

/** Never rejects: the repair of an old notice must not fail a tick, and the next process compares again. */
export function createReannounce({ store, log, now = () => new Date() }: ReannounceOptions) {
  async function lost(statuses: readonly ProviderStatus[]): Promise<Transition[]> {
    const latest = new Date(now().getTime() - GIVEN_UP_AFTER_MS).toISOString();
    const old = statuses.flatMap(transitionsIn).filter(({ at }) => at <= latest);
    const times = old.map(({ at }) => at).sort();
    const [from] = times;
    const to = times.at(-1);
    if (from === undefined || to === undefined) return [];
    const { items, next } = await store.transitions.page(null, { from, to, limit: PAGE_LIMIT });
    const recorded = new Set(items.map(({ id }) => id));
    // A full page may leave out older transitions, so these are not judged.
    const since = next === null ? from : (items.at(-1)?.at ?? to);
    return old.filter(({ at, id }) => at >= since && !recorded.has(id));
  }

  let lookedAtMs = Number.NEGATIVE_INFINITY;

  /** Passes records with unsent alerts on to the alerts function again. A record that it writes at the same time can wait. */
  async function sendAgain(): Promise<void> {
    const nowMs = now().getTime();
    if (Math.abs(nowMs - lookedAtMs) < SEND_AGAIN_MS) return;
    lookedAtMs = nowMs;
    for (const record of await store.alerts.list()) {
      const isOld = record.unsent.some(({ at }) => nowMs - Date.parse(at) >= SEND_AGAIN_MS);
      if (isOld) await store.alerts.put(record, 'unsent');
    }
  }

  return async (
    statuses: readonly ProviderStatus[],
    _heartbeat: Heartbeat | null = null,
    isChecked: ((provider: string) => boolean) | null = null,
  ): Promise<void> => {
    try {
      if (isChecked !== null) await endUnchecked(store.alerts, isChecked, now(), { log, notice: 'unsent' });
    } catch (cause) {
      log.error('open problems not compared with the providers', { error: messageOf(cause) });
    }
    try {
      await sendAgain();
    } catch (cause) {
      log.error('alerts that a channel did not take are not sent again yet', { error: messageOf(cause) });
    }
    try {
      const transitions = await lost(statuses);
      for (const status of statuses) {
        const own = transitions.filter(({ provider }) => provider === status.provider).map(({ id }) => id);
        if (own.length === 0) continue;
        log.warn('transitions were never recorded; they are announced again', {
          provider: status.provider,
          transitions: own,
        });
        await store.statuses.put({ ...status, version: status.version + 1 }, status.version, 'alert_due');
      }
    } catch (cause) {
      log.error('transitions not compared with the record', { error: messageOf(cause) });
    }
  };
}
