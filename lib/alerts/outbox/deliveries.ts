/** Claims, settles and releases deliveries in the table. Nothing here rejects: failures are logged. */

import { messageOf } from '../../base/error-text.ts';
import type { Log } from '../../base/log.ts';
import { type Alert, MONITOR_SUBJECT } from '../../health/alerting/alert.ts';
import type { DeliveryOutcome, HeldDelivery, Store } from '../../store/store.ts';
import type { DeliveryClock } from './deliver.ts';

/** Outcomes that could not be written yet, by channel and alert. */
export type Unsettled = Map<string, DeliveryOutcome>;

/** Which process holds deliveries, and to which channel. */
export type Holding = Omit<HeldDelivery, 'alert'>;

interface Parts {
  store: Pick<Store, 'alerts'>;
  clock: DeliveryClock;
  log: Pick<Log, 'warn' | 'error'>;
  unsettled: Unsettled;
}

/**
 * Longer than a channel's time (20 s) and its last attempt (5 s) together. After a crash, an alert is at most this
 * late.
 */
const LEASE_MS = 40_000;

/** When the table fails, the delivery counts as held, so that it is tried later. */
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
 * Writes how deliveries ended. Records the alerts for the incident's page too; a failure of that is only logged, since
 * it is not worth a second delivery.
 *
 * @returns The alerts that could not be settled.
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

/** Gives deliveries back. One that cannot be given back can be claimed again when its lease is over. */
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
