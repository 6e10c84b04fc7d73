/**
 * A monitor that behaves like a process: a checker and an outbox, on a table that exists longer than they do. It can
 * die at any call: then it never gets an answer again and does nothing more, as after `kill -9`.
 */

import type { Channel } from '../../../lib/alerts/channels/channel.ts';
import { createBackground } from '../../../lib/alerts/outbox/background.ts';
import { createOutbox, type Outbox } from '../../../lib/alerts/outbox/outbox.ts';
import { createTransitionLog } from '../../../lib/alerts/transition-log.ts';
import type { Log } from '../../../lib/base/log.ts';
import { HealthChecker } from '../../../lib/checker/checker.ts';
import type { MonitorConfig } from '../../../lib/config/schema.ts';
import { ALERT_DEFAULTS, SEVERITIES } from '../../../lib/health/alerting/alert-settings.ts';
import type { Prober } from '../../../lib/probe/prober.ts';
import { type Store, StoreError } from '../../../lib/store/store.ts';
import { type Around, eachCall } from './around.ts';
import type { Deliveries } from './deliveries.ts';
import type { ProcessClock } from './step-clock.ts';

export interface MonitorParts {
  config: MonitorConfig;
  store: Store;
  clock: ProcessClock;
  prober: Prober;
  log: Log;
  /** Wraps each call that leaves the process: those of the store, and `channel.send`. */
  around: Around;
  /** The alerts that the channel of all monitors received. */
  deliveries: Deliveries;
}

export interface Monitor {
  checker: HealthChecker;
  /** Dies at the given call from now, before or after it takes effect; null: never. */
  dieAt(crash: { atCall: number; done: boolean } | null): void;
  /** Resolves when it has died. */
  died: Promise<'died'>;
  /** Ends it at once, as `kill -9` does. */
  kill(): void;
  isDead(): boolean;
  /** Decides on pending notices and ends. */
  stop(): Promise<void>;
  /** Sends the unsent alerts of the table; resolves with those that are still unsent. */
  flush: () => Promise<ReadonlySet<string>>;
}

export function startMonitor({ config, store, clock, prober, log, around, deliveries }: MonitorParts): Monitor {
  const desk = deliveries.desk(clock);
  let isDead = false;
  let callsLeft = Number.POSITIVE_INFINITY;
  let isDone = false;
  let die = () => {};
  const died = new Promise<'died'>((resolve) => {
    die = () => {
      isDead = true;
      resolve('died');
    };
  });
  const never = new Promise<never>(() => {});

  const mortal: Around = async (name, parameters, call) => {
    if (isDead) return never;
    let isLast = false;
    const answer = await around(name, parameters, async () => {
      if (isDead) return never;
      callsLeft -= 1;
      isLast = callsLeft <= 0;
      clock.enter();
      if (!isLast) return desk.watch(name, parameters, call);
      // Dead from now on, also while the last call still takes effect: otherwise the schedule could go on with a process that
      // dies a moment later and never answers.
      die();
      if (isDone) await desk.watch(name, parameters, call);
      return never;
    });
    return isDead ? never : answer;
  };

  const channel: Channel = {
    settings: {
      id: 'people',
      type: 'webhook',
      url: 'https://people.example.com/',
      secret: null,
      tags: [],
      severities: SEVERITIES,
    },
    async send(message) {
      try {
        await mortal('channel.send', [], async () => {
          if (message.kind === 'alerts') desk.take(message.alerts);
        });
        return { outcome: 'delivered', answer: '' };
      } catch (cause) {
        if (!(cause instanceof StoreError)) throw cause;
        if (message.kind === 'alerts') desk.loseAnswer(message.alerts);
        return { outcome: 'failed', answer: cause.message, retryAfterMs: 60_000 };
      }
    },
  };
  const own = eachCall(store, mortal);
  const transitions = createTransitionLog(own);
  const outbox: Outbox = createOutbox({
    ...{ store: own, channels: [channel], settings: ALERT_DEFAULTS, clock, log, transitions },
    random: () => 0,
  });
  const channels = [channel.settings.id];
  const { onNotices, compare, stop } = createBackground({ outbox, transitions, channels, clock, log });
  const checker = new HealthChecker({ config, store: own, prober, clock, log, onNotices, compare });
  return {
    checker,
    dieAt: (crash) => {
      callsLeft = crash?.atCall ?? Number.POSITIVE_INFINITY;
      isDone = crash?.done ?? false;
    },
    died,
    kill: () => die(),
    isDead: () => isDead,
    stop,
    flush: () => outbox.send(new AbortController().signal),
  };
}
