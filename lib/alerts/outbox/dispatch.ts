/**
 * Sends alerts to a channel, if they are routed to it: in order, each delivery once.
 *
 *   claim, held for 40 s ─ send, within 20 s ─ settle (an outcome that the table did not take is settled by the next call)
 *
 * A delivery is sent a second time in three cases: this process died between send and settle, it stood still in a send
 * for longer than its lease, or it got no answer from a channel that had taken the message.
 */

import { randomUUID } from 'node:crypto';
import { messageOf } from '../../base/error-text.ts';

import type { Alert } from '../../health/alerting/alert.ts';
import type { Store } from '../../store/store.ts';
import type { Channel } from '../channels/channel.ts';
import { type AlertMessage, messagesOf } from '../words/message.ts';
import { type DeliveryClock, deliver } from './deliver.ts';
import { claim, type Holding, release, settle, type Unsettled } from './deliveries.ts';
import { isRoutedTo } from './route.ts';

/** The log of the alerts' code. The checker's log fits. */
export interface ChannelLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface DispatchOptions {
  store: Pick<Store, 'alerts'>;
  clock: DeliveryClock;
  log: ChannelLog;
  random?: () => number;
  /**
   * Age of an alert in milliseconds. When a channel fails for an older alert, the alert is given up. Default: never.
   */
  giveUpAfterMs?: number;
  /** For how long a message is retried in one call, in milliseconds. Default: as long as the channel has time. */
  retryMs?: number;
  /** Called with the ids of alerts that a channel refused or that were given up. Default: they are only logged. */
  onLost?: (alerts: readonly string[]) => void;
  /** Called for each message that a channel took. Must not throw. */
  onSent?: (message: AlertMessage, channel: string) => void;
  /** Address of the status page, for links. Default: not known. */
  publicUrl?: string | null;
  /** Aborts the sending. */
  signal: AbortSignal;
  /** Outcomes that could not be written yet. They are kept between calls, so that this process sends nothing twice. */
  unsettled: Unsettled;
  /** Threads of ongoing problems that were announced to the channel. */
  openThreads: (channel: Channel) => ReadonlySet<string>;
}

/** A channel's time for all messages of one call, with retries. */
const CHANNEL_BUDGET_MS = 20_000;

const OUT_OF_TIME = { outcome: 'failed', answer: 'not tried: the messages before took all the time' } as const;

/**
 * Sends alerts to a channel. Never rejects, so that one broken channel does not stop the others.
 *
 * @param alerts In the order in which they are sent.
 * @returns Ids of the alerts that the channel should have got but did not.
 */
export async function sendTo(
  channel: Channel,
  alerts: readonly Alert[],
  options: DispatchOptions,
): Promise<ReadonlySet<string>> {
  const wanted = alerts.filter((alert) => isRoutedTo(channel.settings, alert));
  const left = options.signal.aborted
    ? wanted
    : await sendThrough(channel, wanted, options).catch((cause: unknown) => {
        options.log.error('channel failed', { channel: channel.settings.id, error: messageOf(cause) });
        return wanted;
      });
  return new Set(left.map(({ id }) => id));
}

/** @returns The alerts that the channel did not get. */
async function sendThrough(channel: Channel, alerts: readonly Alert[], options: DispatchOptions): Promise<Alert[]> {
  const { clock, log, signal, random = Math.random, retryMs = CHANNEL_BUDGET_MS } = options;
  const { id } = channel.settings;
  const holder = randomUUID();
  // Taken before the claims: if the process stands still in between, its time ends before its lease.
  const claimedAt = clock.now();
  const endsAt = new Date(claimedAt.getTime() + CHANNEL_BUDGET_MS);
  const claims = await Promise.all(
    alerts.map(async (alert) => ({ alert, claimed: await claim(alert, { channel: id, holder }, claimedAt, options) })),
  );
  const held = claims.filter(({ claimed }) => claimed === 'held').map(({ alert }) => alert);
  const claimed = claims.filter((one) => one.claimed === 'claimed').map(({ alert }) => alert);
  // Another process is sending a held alert, or died while sending it. Later alerts of that provider must not overtake
  // it.
  const waits = (alert: Alert) =>
    held.some((one) => one.provider === alert.provider && alerts.indexOf(one) < alerts.indexOf(alert));
  const waiting = claimed.filter(waits);
  const own = claimed.filter((alert) => !waits(alert));
  const left = [...held, ...waiting];
  await release(waiting, { channel: id, holder }, options);
  const messages = messagesOf(own, options.openThreads(channel), options.publicUrl ?? null);

  for (const [index, message] of messages.entries()) {
    const now = clock.now();
    const retriedUntil = new Date(Math.min(endsAt.getTime(), now.getTime() + retryMs));
    const { outcome, answer } =
      now < endsAt ? await deliver(channel, message, { clock, random, endsAt: retriedUntil, signal }) : OUT_OF_TIME;
    const sent = message.alerts.map((alert) => alert.id);
    const fields = { channel: id, alerts: sent, answer };
    if (outcome === 'failed') {
      log.error('message not sent', fields);
      // Later alerts must not overtake this one.
      const rest = messages.slice(index).flatMap((one) => one.alerts);
      // Neither a stop nor our own lack of time is the channel's failure.
      const mayGiveUp = !signal.aborted && answer !== OUT_OF_TIME.answer;
      return [...left, ...(await putOff(rest, { channel: id, holder }, mayGiveUp, options))];
    }
    if (outcome === 'refused') {
      log.error('message refused; it is not tried again', fields);
      options.onLost?.(sent);
    } else {
      log.info('message sent', fields);
      options.onSent?.(message, id);
    }
    left.push(...(await settle(message.alerts, id, outcome, options)));
  }
  return left;
}

/** Gives up alerts that are too old, and releases the others. @returns The alerts to try again. */
async function putOff(
  alerts: readonly Alert[],
  holding: Holding,
  mayGiveUp: boolean,
  options: DispatchOptions,
): Promise<Alert[]> {
  const { clock, log, onLost, giveUpAfterMs = Number.POSITIVE_INFINITY } = options;
  const isOld = ({ at }: Alert) => mayGiveUp && clock.now().getTime() - Date.parse(at) > giveUpAfterMs;
  const old = alerts.filter(isOld);
  const again = alerts.filter((alert) => !isOld(alert));
  if (old.length > 0) {
    const ids = old.map(({ id }) => id);
    log.error('alerts given up', { channel: holding.channel, alerts: ids });
    onLost?.(ids);
  }
  await release(again, holding, options);
  return [...again, ...(await settle(old, holding.channel, 'refused', options))];
}
