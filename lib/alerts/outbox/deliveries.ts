/** What the table knows of deliveries: who holds one, and how it ended. Nothing here rejects. */

import { messageOf } from '../../base/error-text.ts';
import type { Log } from '../../base/log.ts';
import { type Alert, MONITOR_SUBJECT } from '../../health/alerting/alert.ts';
import type { DeliveryOutcome, HeldDelivery, Store } from '../../store/store.ts';
import type { DeliveryClock } from './deliver.ts';

/** Outcomes that the table has not taken yet, by channel and alert. */
export type Unsettled = Map<string, DeliveryOutcome>;

/** Who holds deliveries to which channel. */
export type Holding = Omit<HeldDelivery, 'alert'>;

interface Parts {
  store: Pick<Store, 'alerts'>;
  clock: DeliveryClock;
  log: Pick<Log, 'warn' | 'error'>;
  unsettled: Unsettled;
}

/** Longer than a channel's time and its last attempt together, shorter than people mind. */
const LEASE_MS = 40_000;

/** A delivery that the table cannot say anything of now counts as held, so that it is left for later. */
export async function claim(
  { id: alert }: Alert,
  holding: Holding,
  now: Date,
  { store, log, unsettled }: Parts,
): Promise<'claimed' | 'settled' | 'held'> {
  const key = keyOf(alert, holding.channel);
  try {
    const outcome = unsettled.get(key);
    if (outcome === undefined) return await store.alerts.claim({ alert, ...holding, now, leaseMs: LEASE_MS });
    await store.alerts.settle({ alert, channel: holding.channel }, outcome);
    unsettled.delete(key);
    return 'settled';
  } catch (cause) {
    log.error('delivery not claimed', { channel: holding.channel, alert, error: messageOf(cause) });
    return 'held';
  }
}

/**
 * Notes how deliveries ended; and for the page of an incident, which is worth no second delivery.
 *
 * @returns Those whose outcome the table did not take.
 */
export async function settle(
  alerts: readonly Alert[],
  channel: string,
  outcome: DeliveryOutcome,
  { store, clock, log, unsettled }: Parts,
): Promise<Alert[]> {
  const endings = await Promise.allSettled(
    alerts.map(({ id }) => store.alerts.settle({ alert: id, channel }, outcome)),
  );
  const left = alerts.filter((_, index) => endings[index]?.status === 'rejected');
  for (const { id } of left) unsettled.set(keyOf(id, channel), outcome);
  reportFailure(endings, 'deliveries not settled');
  const at = clock.now().toISOString();
  const notes = alerts.map(({ provider, at: alertAt, phase, problem }) =>
    store.alerts.announce({ subject: provider ?? MONITOR_SUBJECT, alertAt, phase, problem, channel, outcome, at }),
  );
  reportFailure(await Promise.allSettled(notes), 'sent alerts not recorded');
  return left;

  function reportFailure(results: readonly PromiseSettledResult<void>[], message: string): void {
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) log.warn(message, { channel, error: String(failed.reason) });
  }
}

/** What is not given back is claimed again when the lease is over. */
export async function release(alerts: readonly Alert[], holding: Holding, { store, log }: Parts): Promise<void> {
  await Promise.all(
    alerts.map(({ id: alert }) =>
      store.alerts.release({ alert, ...holding }).catch((cause: unknown) => {
        log.warn('delivery not given back', { channel: holding.channel, alert, error: messageOf(cause) });
      }),
    ),
  );
}

function keyOf(alert: string, channel: string): string {
  return `${channel} ${alert}`;
}
