/** The alerts of a configuration: its channels, and the outbox in front of them. Notices come from the caller. */

import type { AddressPolicy } from '../egress/guard.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { AlertSettings } from '../health/alerting/alert-settings.ts';
import type { KeyResolver } from '../keys/keys.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channels/channel.ts';
import { createHttp, type Http } from './channels/http.ts';
import { type ChannelTest, testChannels } from './channels/test-channels.ts';
import { createChannel } from './channels.ts';
import type { DeliveryClock } from './outbox/deliver.ts';
import type { ChannelLog } from './outbox/dispatch.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';

export interface AlertsOptions {
  settings: AlertSettings;
  store: Pick<Store, 'alerts' | 'transitions'>;
  keys: KeyResolver;
  /** Which addresses may be called. */
  addressPolicy: AddressPolicy;
  /** Through which proxies. Default: none. */
  proxies?: ProxySettings | null;
  clock: DeliveryClock;
  log: ChannelLog;
  /** From 0 (inclusive) to 1 (exclusive). Default: `Math.random`. */
  random?: () => number;
  /** As of the outbox. */
  transitions?: OutboxOptions['transitions'];
  /** As of the outbox. */
  publicUrl?: string | null;
  /** As of the outbox. */
  giveUpAfterMs?: OutboxOptions['giveUpAfterMs'];
  /** As of the outbox. */
  onLost?: OutboxOptions['onLost'];
  /** As of the outbox. */
  onSent?: OutboxOptions['onSent'];
  /** Default: one of its own. One that is passed in is not closed. */
  http?: Http;
}

export interface Alerts extends Outbox {
  /**
   * Sends a test message to each channel, in the order of the configuration, and says what each answered.
   *
   * @param signal Ends it. Default: nothing does.
   */
  test(signal?: AbortSignal): Promise<ChannelTest[]>;
  /** Resolves when no socket is left. */
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
    close: async () => {
      if (!options.http) await http.close();
    },
  };
}
