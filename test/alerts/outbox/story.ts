/** Stories of an outbox: checks minute by minute, and channels that keep the messages that they receive. */

import type { Channel, SendResult } from '../../../lib/alerts/channels/channel.ts';
import type { Notice } from '../../../lib/alerts/notice.ts';
import { createOutbox, type OutboxOptions } from '../../../lib/alerts/outbox/outbox.ts';
import type { Message } from '../../../lib/alerts/words/message.ts';
import { wordsOf } from '../../../lib/alerts/words/words.ts';
import { silentLog } from '../../../lib/base/log.ts';
import { ALERT_DEFAULTS, type ChannelSettings, SEVERITIES } from '../../../lib/health/alerting/alert-settings.ts';
import { noticeOf } from '../../../lib/health/alerting/notice.ts';
import type { Category } from '../../../lib/health/category.ts';
import { nextStatus, unknownStatus } from '../../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { createMemoryStore, type MemoryStore } from '../../../lib/store/memory/store.ts';
import { failedCheck, goodCheck, minute, provider, START } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';

export const DELIVERED: SendResult = { outcome: 'delivered', answer: 'HTTP 200' };
export const REFUSED: SendResult = { outcome: 'refused', answer: 'HTTP 400: no' };
export const FAILED: SendResult = { outcome: 'failed', answer: 'HTTP 503', retryAfterMs: null };

/**
 * A channel that keeps the messages that it receives. It gives the answers that a test sets, and after them
 * "delivered".
 */
export class RecordingChannel implements Channel {
  readonly settings: ChannelSettings;
  readonly messages: Message[] = [];
  answers: SendResult[] = [];
  /** Its answer by default. */
  usual = DELIVERED;

  constructor(fields: Partial<Pick<ChannelSettings, 'id' | 'tags' | 'severities'>> = {}) {
    this.settings = { id: 'team', tags: [], severities: SEVERITIES, type: 'slack', url: 'env:URL', ...fields };
  }

  async send(message: Message): Promise<SendResult> {
    const answer = this.answers.shift() ?? this.usual;
    if (answer.outcome === 'delivered') this.messages.push(message);
    return answer;
  }

  get titles(): string[] {
    return this.messages.map((message) => wordsOf(message).title);
  }
}

/** Providers whose checks a test makes, minute by minute; the real rules make the notices. */
export class Story {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly #statuses = new Map<string, ProviderStatus>();
  readonly #outbox;
  readonly #configs = new Map<string, ProviderConfig>();

  /** @param beside Another story whose table it uses. */
  constructor(
    channels: readonly Channel[],
    options: Pick<OutboxOptions, 'giveUpAfterMs' | 'onLost' | 'retryMs' | 'sendsAgain'> = {},
    beside?: Pick<Story, 'clock' | 'store'>,
  ) {
    this.clock = beside?.clock ?? new FakeClock();
    this.store = beside?.store ?? createMemoryStore({ now: this.clock.now });
    const parts = { store: this.store, channels, clock: this.clock, log: silentLog, random: () => 0.5 };
    this.#outbox = createOutbox({ ...parts, settings: ALERT_DEFAULTS, ...options });
  }

  configure(config: Partial<ProviderConfig> & { id: string }): this {
    this.#configs.set(config.id, provider(config));
    return this;
  }

  /** The notices of one tick. */
  tick(minutes: number, outcomes: Record<string, Category | 'ok' | 'paused'>): Notice[] {
    return Object.entries(outcomes).flatMap(([id, outcome]) => {
      const config = this.#configs.get(id) ?? provider({ id });
      const before = this.#statuses.get(id) ?? unknownStatus(config, new Date(START));
      const base = { provider: id, timestamp: minute(minutes) };
      const check =
        outcome === 'ok'
          ? goodCheck(base)
          : outcome === 'paused'
            ? failedCheck('server_error', { ...base, maintenance: true })
            : failedCheck(outcome, base);
      const change = nextStatus(before, check, config);
      if (!change) throw new Error('expected a newer check');
      this.#statuses.set(id, change.status);
      const kind = noticeOf(before, change, ALERT_DEFAULTS);
      return kind ? [{ kind, status: change.status }] : [];
    });
  }

  status(id: string): ProviderStatus | undefined {
    return this.#statuses.get(id);
  }

  decide(notices: readonly Notice[]): Promise<ReadonlySet<Notice>> {
    return this.#outbox.decide(notices);
  }

  /** Delivers notices, and lets pauses pass. Gives the notices that must be delivered again. */
  async hand(notices: readonly Notice[]): Promise<Notice[]> {
    return [...(await this.clock.drive(this.#outbox.handle(notices)))];
  }

  async run(ticks: readonly (readonly [number, Record<string, Category | 'ok' | 'paused'>])[]): Promise<void> {
    for (const [minutes, outcomes] of ticks) {
      // A record more than a minute ahead of the clock is ignored.
      if (this.clock.now() < new Date(minute(minutes))) this.clock.set(minute(minutes));
      await this.hand(this.tick(minutes, outcomes));
    }
  }
}

export const each = (from: number, to: number, outcomes: Record<string, Category | 'ok' | 'paused'>) =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, outcomes] as const);
