/** Runs one probe, from the settings of its provider to its outcome. Every error becomes an outcome too. */

import type { AddressPolicy } from '../egress/guard.ts';
import type { ProviderType } from '../health/provider.ts';
import type { Secret } from '../keys/secret.ts';
import type { Adapter, Verdict } from './adapters/adapter.ts';
import { ask, type Question } from './ask.ts';
import { verdictOnError } from './error-verdict.ts';
import { transportFailure } from './failure/transport.ts';
import { outcomeOf } from './outcome.ts';
import { type LoopLag, UNCERTAIN_ABOVE_MS } from './pacing/loop-lag.ts';
import type { Place } from './pacing/pace.ts';
import { prepare } from './prepare.ts';
import type { ProbeResult, ProbeTarget } from './prober.ts';
import { type KeySources, resolveKeys } from './resolve-keys.ts';
import type { Connector } from './wire/connection.ts';
import { CancelledError, Deadline } from './wire/deadline.ts';
import { Connection } from './wire/http.ts';
import type { KeptConnections } from './wire/kept.ts';
import { Trace } from './wire/stamps.ts';

/** The common parts of all probes of a prober. */
export interface ProbeTools extends KeySources {
  /** The addresses that may be probed. */
  addressPolicy: AddressPolicy;
  adapterFor: (type: ProviderType) => Adapter;
  loopLag: LoopLag;
  connector: Connector;
  /** Null: connections are not kept. */
  kept: KeptConnections | null;
}

export class Probe {
  readonly #tools: ProbeTools;
  readonly #target: ProbeTarget;
  readonly #place: Place;
  readonly #deadline: Deadline;
  readonly #release: () => void;
  #trace: Trace;
  #secrets: Secret[] = [];
  /** The access token, for a provider that needs one. */
  #token: Secret | null = null;

  constructor(tools: ProbeTools, target: ProbeTarget, place: Place) {
    this.#tools = tools;
    this.#target = target;
    this.#place = place;
    this.#release = tools.loopLag.hold();
    this.#trace = new Trace(tools.loopLag);
    this.#deadline = new Deadline(target.config.timeoutSeconds * 1000);
  }

  /** Ends the probe. Its result is null, unless it had already ended. */
  cancel(): void {
    this.#deadline.cancel();
  }

  async result(): Promise<ProbeResult> {
    try {
      const verdict = await this.#verdict();
      if (this.#token !== null && this.#trace.statusCode === 401) (await this.#tools.tokens()).drop(this.#token);
      return this.#outcome(verdict);
    } catch (error) {
      this.#trace.end();
      if (error instanceof CancelledError) return null;
      return this.#outcome(verdictOnError(error, this.#trace, this.#target.config));
    } finally {
      this.#deadline.clear();
      this.#place.leave();
      this.#release();
    }
  }

  async #verdict(): Promise<Verdict> {
    const { adapterFor, addressPolicy } = this.#tools;
    const keyed = await resolveKeys(this.#tools, this.#target.config, this.#deadline.signal);
    const { config } = keyed;
    this.#secrets = keyed.secrets;
    this.#token = config.auth === null ? null : keyed.key;
    const adapter = adapterFor(config.type);
    const target = { ...this.#target, config };
    const prepared = await prepare(adapter, target.kind, keyed, addressPolicy);
    return this.#send({
      adapter,
      target,
      prepared,
      trace: this.#trace,
      deadline: this.#deadline,
      settle: () => this.#wait((signal) => this.#place.settle(signal)),
    });
  }

  /** Sends the request over a kept connection that is still open, else over a new one. */
  async #send(question: Question): Promise<Verdict> {
    const { kept } = this.#tools;
    const keptKey = `${this.#target.config.id} ${question.prepared.url.origin}`;
    if (kept?.has(keptKey)) {
      await this.#wait((signal) => this.#place.start('kept', signal));
      this.#deadline.restart();
      const connection = kept.take(keptKey);
      if (connection !== null) {
        await this.#wait((signal) => this.#place.send(signal));
        this.#trace.startedAt = performance.now();
        this.#trace.newConnection = false;
        try {
          return await this.#askOver(connection, question, keptKey);
        } catch (error) {
          if (!this.#closedWhileIdle(error)) throw error;
          // The kept connection was closed while it was idle. That says nothing about the provider, so start again.
          this.#trace = new Trace(this.#tools.loopLag);
        }
      }
    }
    return this.#sendFresh({ ...question, trace: this.#trace }, keptKey);
  }

  async #sendFresh(question: Question, keptKey: string): Promise<Verdict> {
    const { connector, kept } = this.#tools;
    const { url } = question.prepared;
    await this.#wait((signal) => this.#place.start('new', signal));
    connector.prepare(url);
    this.#deadline.restart();
    const socket = await connector.open(url, question.trace, this.#deadline.signal);
    const connection = new Connection(socket, url.origin, kept !== null);
    try {
      await this.#wait((signal) => this.#place.send(signal));
    } catch (error) {
      await connection.close();
      throw error;
    }
    return this.#askOver(connection, question, keptKey);
  }

  async #askOver(connection: Connection, question: Question, keptKey: string): Promise<Verdict> {
    let answered = false;
    try {
      const verdict = await ask(connection, question);
      answered = verdict.isHealthy;
      return verdict;
    } finally {
      if (answered && this.#tools.kept !== null) await this.#tools.kept.give(keptKey, connection);
      else await connection.close();
    }
  }

  /** Waits for a turn. The provider's timeout does not run meanwhile. */
  async #wait(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#deadline.pause();
    await wait(this.#deadline.signal);
    this.#deadline.resume();
  }

  #closedWhileIdle(error: unknown): boolean {
    if (this.#trace.statusAt !== null) return false;
    return transportFailure(error, this.#trace, '')?.category === 'connect';
  }

  #outcome(verdict: Verdict): ProbeResult {
    return outcomeOf(
      {
        target: this.#target,
        trace: this.#trace,
        uncertain: this.#trace.unreadMs > UNCERTAIN_ABOVE_MS,
        secrets: this.#secrets,
      },
      verdict,
    );
  }
}
