/** Sends a test message to each channel, and returns the answers. */

import type { ChannelType } from '../../health/alerting/alert-settings.ts';
import { type DeliveryClock, deliver } from '../outbox/deliver.ts';
import type { Channel, SendResult } from './channel.ts';

export interface ChannelTest {
  /** The channel's id. */
  channel: string;
  type: ChannelType;
  /** `failed`: the channel gave no usable answer in time. It may take a message later. */
  outcome: SendResult['outcome'];
  /** The channel's own answer: at most 300 characters, without secrets. */
  answer: string;
}

/** A person waits for the answer, and API Gateway ends a request after 30 s. */
const BUDGET_MS = 10_000;

export interface TestOptions {
  clock: DeliveryClock;
  random?: () => number;
  /** Aborts the test. Default: it cannot be aborted. */
  signal?: AbortSignal;
}

export async function testChannels(channels: readonly Channel[], options: TestOptions): Promise<ChannelTest[]> {
  const { clock, random = Math.random, signal = new AbortController().signal } = options;
  const now = clock.now();
  const endsAt = new Date(now.getTime() + BUDGET_MS);
  return Promise.all(
    channels.map(async (channel) => {
      const message = { kind: 'test', at: now.toISOString() } as const;
      const { outcome, answer } = await deliver(channel, message, { clock, random, endsAt, signal });
      return { channel: channel.settings.id, type: channel.settings.type, outcome, answer };
    }),
  );
}
