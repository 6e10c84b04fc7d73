/** HealthChecker: the monitor as one object, with a method for each thing that it does. assemble.ts makes its parts. */

import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { ChannelTest } from '../alerts/channels/test-channels.ts';
import { messageOf } from '../base/error-text.ts';
import { type AgedStatus, withAge } from '../health/aged-status.ts';
import type { HealthCheck } from '../health/check.ts';
import { rank } from '../health/select.ts';
import type { ProviderStatus } from '../health/status.ts';
import { type HealthSummary, summarize } from '../health/summary.ts';
import { type Assembled, assemble } from './assemble.ts';
import type { CheckContext } from './context.ts';
import type { KnownStatuses } from './fleet/known.ts';
import { type Pause, setPause } from './fleet/pause.ts';
import { register, unregister } from './fleet/register.ts';
import { type Announce, announcer, type HealthCheckerEvents } from './listeners.ts';
import { checkAll, checkOne, type ManualCheck } from './manual/manual.ts';
import { checkReported } from './manual/reported.ts';
import { type HealthCheckerOptions, withDefaults } from './options.ts';
import { warnOfLongTimeouts } from './tick/long-timeouts.ts';
import { runEvery } from './tick/loop.ts';
import type { TickReport } from './tick/report.ts';
import { runTick, type TickOptions } from './tick/tick.ts';
import { UnderWay } from './under-way.ts';

/** The summary of a process that checks. It also says whether the process's own network works. */
export interface CheckerSummary extends HealthSummary {
  /** Time of the first tick in which the monitor's own network failed, ISO 8601 UTC; null while it works. */
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
  readonly #parts: Assembled;
  readonly #underWay = new UnderWay();
  readonly #manual = new Map<string, Promise<ManualCheck>>();
  readonly #announce: Announce;
  #stop: Promise<void> | null = null;
  #loop: Promise<void> | null = null;
  #monitorFaultSince: string | null = null;

  /** @throws {CheckerOptionError} When an option, or a variable of the environment, cannot be used. */
  constructor(options: HealthCheckerOptions = {}) {
    super();
    const settled = withDefaults(options);
    this.#announce = announcer(this, settled.log);
    this.#parts = assemble(options, settled, this.#underWay, this.#announce);
    this.#context = this.#parts.context;
    this.#known = this.#parts.known;
  }

  /**
   * Adds a provider, or changes an added one and keeps its health. A new provider is known at once, as `unknown`, and
   * stored when the promise resolves.
   *
   * @param input Like one entry of `providers` in providers.json.
   * @throws {ConfigError} Listing every mistake.
   * @throws {CheckerError} `declared_provider`.
   */
  async registerProvider(input: unknown): Promise<AgedStatus> {
    const status = await register(this.#context, input, this.#known);
    return withAge(status, this.#context.clock.now());
  }

  /**
   * Removes an added provider and its status.
   *
   * @returns Whether there was one.
   * @throws {CheckerError} `declared_provider`.
   */
  unregisterProvider(id: string): Promise<boolean> {
    return unregister(this.#context, id);
  }

  /** Starts the schedule: a tick at once, then one every `tickSeconds`. Does nothing while the schedule runs. */
  startHealthChecks(): void {
    if (this.#loop) return;
    warnOfLongTimeouts(this.#context.declared, this.#context.tickSeconds, this.#context.log);
    void this.#parts.alerts.warnOfMissingKeys();
    const owner = randomUUID();
    this.#loop = runEvery(this.#context.clock, this.#context.tickSeconds, this.#underWay.signal, async (time) => {
      try {
        const report = await this.runTick(time, { owner, deadlineAt: null });
        this.#announce('tick', report);
      } catch (cause) {
        this.#context.log.error('tick failed', { tick: time.toISOString(), error: messageOf(cause) });
      }
    });
  }

  /**
   * Stops the schedule, and aborts every probe, check, test and message under way. Resolves when no socket and no timer
   * is left; after that, no callback is called. The store keeps unsent alerts. They are sent when checks are made
   * again, by this process or, with a table, by the next. Manual checks may follow, and the schedule may start again.
   */
  stopHealthChecks(): Promise<void> {
    this.#stop ??= this.#end().finally(() => {
      this.#stop = null;
    });
    return this.#stop;
  }

  async #end(): Promise<void> {
    this.#underWay.abort();
    await this.#loop;
    await this.#underWay.ended();
    await this.#parts.close();
    this.#loop = null;
  }

  /** Runs one tick, for a caller with a schedule of its own. @throws {StoreError} When the table cannot be read. */
  async runTick(tick: Date, options: TickOptions): Promise<TickReport> {
    const report = await this.#underWay.add(runTick(this.#context, tick, options));
    if (report.monitorFault) {
      this.#monitorFaultSince ??= report.tick;
      this.#announce('monitorFault', report);
    } else if (report.stored.length > 0) {
      this.#monitorFaultSince = null;
    }
    return report;
  }

  /**
   * Checks one provider now and records the result. A call while that check runs gets the same check.
   *
   * @throws {CheckerError} `unknown_provider`, `unfinished`.
   * @throws {TooManyChecksError} When checks are limited and the limit is reached.
   */
  manualHealthCheck(id: string): Promise<ManualCheck> {
    const running = this.#manual.get(id);
    if (running) return running;
    const check = this.#underWay.add(checkOne(this.#context, id)).finally(() => this.#manual.delete(id));
    this.#manual.set(id, check);
    return check;
  }

  /** Checks every enabled provider now. @throws {TooManyChecksError} */
  manualHealthCheckAll(): Promise<ManualCheck[]> {
    return this.#underWay.add(checkAll(this.#context));
  }

  /**
   * Takes a provider out of selection until a time, or puts it back (null). It is still checked.
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

  /** Sends a test message to each channel of `config`. @returns The answer of each channel. */
  testAlerts(): Promise<ChannelTest[]> {
    return this.#underWay.add(this.#parts.alerts.test(this.#underWay.signal));
  }

  /**
   * Checks reported providers, at which real traffic failed several times in a row. Skips providers that are already
   * down, and all that exceed the limits of manual checks.
   */
  checkReported(ids: readonly string[]): Promise<HealthCheck[]> {
    return this.#underWay.add(checkReported(this.#context, ids));
  }

  /**
   * Reads the statuses of all providers from the store. Needed only by a checker that shares a table and runs no tick
   * itself. The methods below answer at once, from this process's last tick, check or refresh.
   */
  async refresh(): Promise<void> {
    await this.#context.store.statuses.list();
  }

  /** The status of a provider; null when no provider has this id. */
  getHealthStatus(id: string): AgedStatus | null {
    const status = this.#known.get(id);
    return status && withAge(status, this.#context.clock.now());
  }

  /** The statuses of all providers, in id order. */
  getAllHealthStatus(): AgedStatus[] {
    const now = this.#context.clock.now();
    return this.#known.all().map((status) => withAge(status, now));
  }

  /** Whether the provider is `healthy` or `degraded`. False for an unknown id, too. */
  isHealthy(id: string): boolean {
    return this.#known.get(id)?.isHealthy ?? false;
  }

  /** Ids of the enabled providers that are `healthy` or `degraded`, in the order of selection. */
  getHealthyProviders(): string[] {
    const { ranked } = rank(this.#known.all(), { whenStale: 'last-known' }, this.#context.clock.now(), Math.random);
    return ranked.filter(({ status }) => status.isHealthy).map(({ status }) => status.provider);
  }

  /** The health score of the last check, 0 to 1; 0 before the first check, and for an unknown id. */
  getProviderHealthScore(id: string): number {
    return this.#known.get(id)?.healthScore ?? 0;
  }

  getHealthSummary(): CheckerSummary {
    const summary = summarize(this.#known.all(), this.#context.clock.now());
    return { ...summary, monitorFaultSince: this.#monitorFaultSince };
  }
}
