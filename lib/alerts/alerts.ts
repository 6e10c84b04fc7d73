/** The alerts of a configuration: its channels, and the outbox in front of them. Notices come from the caller. */

import type { AddressPolicy } from '../egress/guard.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { AlertSettings } from '../health/alerting/alert-settings.ts';
import type { KeyResolver } from '../keys/keys.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channels/channel.ts';
import { createHttp, type Http } from './channels/http.ts';
import { warnOfMissingKeys } from './channels/missing-keys.ts';
import { type ChannelTest, testChannels } from './channels/test-channels.ts';
import { createChannel } from './channels.ts';
import type { DeliveryClock } from './outbox/deliver.ts';
import type { ChannelLog } from './outbox/dispatch.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';

export interface AlertsOptions {
  settings: AlertSettings;
  store: Pick<Store, 'alerts' | 'transitions'>;
  keys: KeyResolver;
  /** The addresses that may be called. */
  addressPolicy: AddressPolicy;
  /** The proxies to call through. Default: none. */
  proxies?: ProxySettings | null;
  clock: DeliveryClock;
  log: ChannelLog;
  /** From 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  random?: () => number;
  /** See {@link OutboxOptions}. */
  transitions?: OutboxOptions['transitions'];
  /** See {@link OutboxOptions}. */
  publicUrl?: string | null;
  /** See {@link OutboxOptions}. */
  retryMs?: OutboxOptions['retryMs'];
  /** See {@link OutboxOptions}. */
  sendsAgain?: OutboxOptions['sendsAgain'];
  /** See {@link OutboxOptions}. */
  giveUpAfterMs?: OutboxOptions['giveUpAfterMs'];
  /** See {@link OutboxOptions}. */
  onLost?: OutboxOptions['onLost'];
  /** See {@link OutboxOptions}. */
  onSent?: OutboxOptions['onSent'];
  /** Default: a new client. `close` leaves a client open that is passed in. */
  http?: Http;
}

export interface Alerts extends Outbox {
  /**
   * Sends a test message to each channel, in the order of the configuration, and returns the answer of each.
   *
   * @param signal Aborts the test. Default: it cannot be aborted.
   */
  test(signal?: AbortSignal): Promise<ChannelTest[]>;
  /** Logs a warning for each key of a channel that cannot be read. Never rejects. */
  warnOfMissingKeys(): Promise<void>;
  /** Closes the connections. Resolves when no socket is left. */
  close(): Promise<void>;
}

export function createAlerts(options: AlertsOptions): Alerts {
  const { settings, keys, addressPolicy, clock } = options;
  const http = options.http ?? createHttp(addressPolicy, options.proxies);
  const parts = { http, keys, addressPolicy, now: () => clock.now() };
  const channels: Channel[] = settings.channels.map((channel) => createChannel(channel, parts));
  return {
    ...createOutbox({ ...options, channels }),
    test: (signal) => testChannels(channels, { ...options, ...(signal && { signal }) }),
    warnOfMissingKeys: () => warnOfMissingKeys(settings.channels, keys, options.log),
    close: async () => {
      if (!options.http) await http.close();
    },
  };
}
