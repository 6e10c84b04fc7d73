/**
 * HealthChecker: the monitor as one object. It joins the schedule, the probe, the rules and the store; what each of them
 * does is in its own file.
 */

import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Alerts, createAlerts } from '../alerts/alerts.ts';
import { createHttp, type Http } from '../alerts/channels/http.ts';
import type { ChannelTest } from '../alerts/channels/test-channels.ts';
import { callHeartbeat } from '../alerts/heartbeat.ts';
import type { Notice, OnNotices } from '../alerts/notice.ts';
import { type Background, createBackground } from '../alerts/outbox/background.ts';
import { type SentAlert, sentAlert } from '../alerts/sent.ts';
import { createTransitionLog } from '../alerts/transition-log.ts';
import { messageOf } from '../base/error-text.ts';
import { DEFAULT_WITNESSES } from '../config/defaults.ts';
import { parseProvider } from '../config/parse.ts';
import { type AgedStatus, withAge } from '../health/aged-status.ts';
import { ALERT_DEFAULTS } from '../health/alerting/alert-settings.ts';
import type { HealthCheck } from '../health/check.ts';
import { rank } from '../health/select.ts';
import type { ProviderStatus, StatusChange } from '../health/status.ts';
import { type HealthSummary, summarize } from '../health/summary.ts';
import type { Transition } from '../health/transition.ts';
import { createHistoryKeeper } from '../history/keeper.ts';
import type { ClosableKeyResolver } from '../keys/keys.ts';
import { createProber } from '../probe/probe.ts';
import type { Prober } from '../probe/prober.ts';
import { createCatchUp } from './catch-up.ts';
import type { CheckContext } from './context.ts';
import { type KnownStatuses, remembering } from './fleet/known.ts';
import { type Pause, setPause } from './fleet/pause.ts';
import { register, unregister } from './fleet/register.ts';
import { checkAll, checkOne, type ManualCheck } from './manual/manual.ts';
import { checkReported } from './manual/reported.ts';
import { type HealthCheckerOptions, withDefaults } from './options.ts';
import { createRecordedChecks } from './recorded.ts';
import { runEvery } from './tick/loop.ts';
import type { TickReport } from './tick/report.ts';
import { runTick, type TickOptions } from './tick/tick.ts';

/** An alert of an hour ago is no news: the problem's next reminder says the same. */
const WORTH_SENDING_MS = 3_600_000;

interface HealthCheckerEvents {
  /** Each check that was stored and counted. */
  check: [HealthCheck];
  /** Each change of state. */
  transition: [Transition];
  /** Each tick of the schedule that ended. */
  tick: [TickReport];
  /** Each tick in which this monitor's own network failed, so that nothing was believed of any provider. */
  monitorFault: [TickReport];
  /** Each message about alerts that a channel of `config` took. */
  alert: [SentAlert];
}

/** The summary of a process that checks: it also says whether its own network works. */
export interface CheckerSummary extends HealthSummary {
  /** Since which tick the monitor's own network fails, ISO 8601 UTC; null while it works. */
  monitorFaultSince: string | null;
}

/**
 * Monitors providers in this process.
 *
 * @example
 * const checker = new HealthChecker();
 * await checker.registerProvider({ type: 'openai', apiKey: 'env:OPENAI_API_KEY' });
 * checker.on('transition', ({ provider, from, to }) => console.log(`${provider}: ${from} -> ${to}`));
 * checker.startHealthChecks();
 */
export class HealthChecker extends EventEmitter<HealthCheckerEvents> {
  readonly #context: CheckContext;
  readonly #known: KnownStatuses;
  readonly #periodSeconds: number;
  readonly #alerts: Alerts;
  readonly #background: Background;
  readonly #http: Http;
  readonly #ownKeys: ClosableKeyResolver | null;
  readonly #manual = new Map<string, Promise<ManualCheck>>();
  /** Everything that may call out, so that a stop can wait for its end. */
  readonly #underWay = new Set<Promise<unknown>>();
  #stop: Promise<void> | null = null;
  #stopping = new AbortController();
  readonly #makeProber: () => Prober;
  #loop: Promise<void> | null = null;
  #monitorFaultSince: string | null = null;

  /** @throws {CheckerOptionError} When an option, or a variable of the environment, cannot be used. */
  constructor(options: HealthCheckerOptions = {}) {
    super();
    const settled = withDefaults(options);
    const { config, keys, keyRights, ownKeys, addressPolicy, defaults, tickSeconds, manualLimits, clock, log } =
      settled;
    const declared = config?.providers ?? [];
    const { store, known } = remembering(settled.store, declared, () => clock.now());
    this.#known = known;
    this.#ownKeys = ownKeys;
    this.#makeProber = () => options.prober ?? createProber({ keys, keyRights, addressPolicy });
    const settings = config?.alerts ?? ALERT_DEFAULTS;
    const heartbeatUrl = config?.heartbeatUrl ?? null;
    this.#http = createHttp(addressPolicy);
    const transitions = createTransitionLog(store);
    this.#alerts = createAlerts({
      ...{ settings, store, keys, addressPolicy, clock, log, transitions },
      publicUrl: config?.publicUrl ?? null,
      giveUpAfterMs: WORTH_SENDING_MS,
      onSent: (message, channel) => this.#tell('alert', () => this.emit('alert', sentAlert(message, channel))),
      http: this.#http,
    });
    const announces = settings.channels.length > 0;
    const background = createBackground({ outbox: this.#alerts, transitions, announces, clock, log });
    this.#background = background;
    const onNotices = options.onNotices ?? background.onNotices;
    this.#periodSeconds = tickSeconds;
    this.#context = {
      store,
      history: createHistoryKeeper(store),
      recorded: createRecordedChecks(),
      transitions,
      prober: this.#makeProber(),
      clock,
      log,
      declared,
      manualLimits,
      parseProvider: (input) => parseProvider(input, { defaults, addressPolicy }),
      keyRights,
      witnesses: config?.witnesses ?? DEFAULT_WITNESSES,
      onApplied: (check, change) => this.#announce(check, change),
      notices: settings,
      onNotices: (notices) => this.#handOn(notices, onNotices),
      // A caller that takes the notices answers for those that are lost, too.
      catchUp: createCatchUp(options.compare ?? (options.onNotices ? null : background.compare)),
      beat: () => callHeartbeat({ http: this.#http, keys, addressPolicy, log }, heartbeatUrl, this.#stopping.signal),
      stopping: this.#stopping.signal,
    };
  }

  /**
   * Adds a provider, or changes one that was added before; its health is kept. It is known at once, as `unknown`, and stored
   * when the promise resolves.
   *
   * @param input As one entry of `providers` in providers.json.
   * @throws {ConfigError} Listing every mistake. @throws {CheckerError} `declared_provider`.
   */
  async registerProvider(input: unknown): Promise<AgedStatus> {
    const status = await register(this.#context, input, this.#known);
    return withAge(status, this.#context.clock.now());
  }

  /** Removes an added provider and its status. Whether there was one. @throws {CheckerError} `declared_provider`. */
  unregisterProvider(id: string): Promise<boolean> {
    return unregister(this.#context, id);
  }

  /** Starts the schedule: a tick at once, then one every `tickSeconds`. Does nothing when it runs. */
  startHealthChecks(): void {
    if (this.#loop) return;
    const owner = randomUUID();
    this.#loop = runEvery(this.#context.clock, this.#periodSeconds, this.#stopping.signal, async (time) => {
      try {
        const report = await this.runTick(time, { owner, deadlineAt: null });
        this.#tell('tick', () => this.emit('tick', report));
      } catch (cause) {
        this.#context.log.error('tick failed', { tick: time.toISOString(), error: messageOf(cause) });
      }
    });
  }

  /**
   * Stops the schedule, and every probe, check, test and message under way; resolves when no socket and no timer is left,
   * and nothing is called afterwards. Alerts that were not sent are kept in the store, and sent when checks are made
   * again, by this process or, with a table, the next. Manual checks may follow, and the schedule may start again.
   */
  stopHealthChecks(): Promise<void> {
    this.#stop ??= this.#end().finally(() => {
      this.#stop = null;
    });
    return this.#stop;
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    // What is asked for meanwhile ends at once, and is waited for too.
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#background.stop();
    await Promise.all([this.#context.prober.close(), this.#http.close(), this.#ownKeys?.close()]);
    this.#stopping = new AbortController();
    this.#context.stopping = this.#stopping.signal;
    this.#context.prober = this.#makeProber();
    this.#loop = null;
  }

  /** Runs one tick, for a caller that has a schedule of its own. @throws {StoreError} When the table cannot be read. */
  async runTick(tick: Date, options: TickOptions): Promise<TickReport> {
    const report = await this.#tracked(runTick(this.#context, tick, options));
    if (report.monitorFault) {
      this.#monitorFaultSince ??= report.tick;
      this.#tell('monitorFault', () => this.emit('monitorFault', report));
    } else if (report.stored.length > 0) {
      this.#monitorFaultSince = null;
    }
    return report;
  }

  /**
   * Checks one provider now and records the result. Callers that ask while it runs get the same check.
   *
   * @throws {CheckerError} `unknown_provider`, `unfinished`. @throws {TooManyChecksError} Past the limits, where there are any.
   */
  manualHealthCheck(id: string): Promise<ManualCheck> {
    const running = this.#manual.get(id);
    if (running) return running;
    const check = this.#tracked(checkOne(this.#context, id)).finally(() => this.#manual.delete(id));
    this.#manual.set(id, check);
    return check;
  }

  /** Checks every enabled provider now. @throws {TooManyChecksError} */
  manualHealthCheckAll(): Promise<ManualCheck[]> {
    return this.#tracked(checkAll(this.#context));
  }

  /**
   * Takes a provider out of selection until a time, or puts it back (null). It is checked all the same.
   *
   * @throws {CheckerError} `unknown_provider`.
   */
  setDrain(id: string, pause: Pause | null): Promise<ProviderStatus> {
    return setPause(this.#context, id, 'drain', pause);
  }

  /**
   * Pauses a provider until a time, or ends the pause (null): no alerts, and neither uptime nor downtime.
   *
   * @throws {CheckerError} `unknown_provider`.
   */
  setMaintenance(id: string, pause: Pause | null): Promise<ProviderStatus> {
    return setPause(this.#context, id, 'maintenance', pause);
  }

  /** Sends a test message to each channel of `config`, and says what each answered. */
  testAlerts(): Promise<ChannelTest[]> {
    return this.#tracked(this.#alerts.test(this.#stopping.signal));
  }

  /**
   * Checks providers that real traffic failed at several times in a row, those that are believed to work; within the
   * limits of manual checks, past which it does nothing.
   */
  checkReported(ids: readonly string[]): Promise<HealthCheck[]> {
    return this.#tracked(checkReported(this.#context, ids));
  }

  /**
   * Reads what the store has of all providers. Only a checker needs it that shares a table and runs no tick itself: the
   * methods below answer at once, as of this process's last tick, check or refresh.
   */
  async refresh(): Promise<void> {
    await this.#context.store.statuses.list();
  }

  /** What is believed of a provider; null when there is none of this id. */
  getHealthStatus(id: string): AgedStatus | null {
    const status = this.#known.get(id);
    return status && withAge(status, this.#context.clock.now());
  }

  /** Of all providers, in id order. */
  getAllHealthStatus(): AgedStatus[] {
    const now = this.#context.clock.now();
    return this.#known.all().map((status) => withAge(status, now));
  }

  /** Whether the provider is `healthy` or `degraded`; false for one that is unknown. */
  isHealthy(id: string): boolean {
    return this.#known.get(id)?.isHealthy ?? false;
  }

  /** Ids of the enabled providers that are `healthy` or `degraded`, in the order of selection. */
  getHealthyProviders(): string[] {
    const { ranked } = rank(this.#known.all(), { whenStale: 'last-known' }, this.#context.clock.now(), Math.random);
    return ranked.filter(({ status }) => status.isHealthy).map(({ status }) => status.provider);
  }

  /** The health score of the last check, 0 to 1; 0 while unknown, and when there is no such provider. */
  getProviderHealthScore(id: string): number {
    return this.#known.get(id)?.healthScore ?? 0;
  }

  getHealthSummary(): CheckerSummary {
    const summary = summarize(this.#known.all(), this.#context.clock.now());
    return { ...summary, monitorFaultSince: this.#monitorFaultSince };
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  #announce(check: HealthCheck, { transition, status }: StatusChange): void {
    this.#context.catchUp.wrote(status);
    this.#tell('check', () => this.emit('check', check));
    if (transition) this.#tell('transition', () => this.emit('transition', transition));
  }

  /** What a listener throws is its own: the check counts all the same, and the other listeners are called. */
  #tell(event: keyof HealthCheckerEvents, emit: () => void): void {
    try {
      emit();
    } catch (cause) {
      this.#context.log.error('listener failed', { event, error: messageOf(cause) });
    }
  }

  async #handOn(notices: readonly Notice[], onNotices: OnNotices): Promise<void> {
    if (notices.length === 0) return;
    try {
      await onNotices(notices);
    } catch (cause) {
      this.#context.log.error('notices not handed on', { notices: notices.length, error: messageOf(cause) });
    }
  }
}
