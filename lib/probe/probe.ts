/**
 * The prober: one provider, or many at once, to one outcome each. A probe never rejects: whatever happens is an outcome,
 * and a bug of ours shows as itself. Scheduling, confirming and remembering are the checker's.
 */

import type { LookupFunction } from 'node:net';
import type { AddressPolicy } from '../egress/guard.ts';
import type { KeyRights } from '../egress/key-rights.ts';
import { SPECIAL_ADVICE } from '../failures/advice.ts';
import type { ProviderType } from '../health/provider.ts';
import { type AwsIdentity, createAwsIdentity } from '../keys/aws-identity.ts';
import type { KeyResolver } from '../keys/keys.ts';
import type { Secret } from '../keys/secret.ts';
import type { Adapter, Verdict } from './adapters/adapter.ts';
import { adapterFor } from './adapters/registry.ts';
import { ask, type Question } from './ask.ts';
import { lackingOf } from './failure/lacking.ts';
import { schemeMistake, transportFailure } from './failure/transport.ts';
import { failure, monitorFault, outcomeOf } from './outcome.ts';
import { Heartbeat, systemBeats, UNCERTAIN_ABOVE_MS } from './pacing/loop-lag.ts';
import { Pacer, type Place } from './pacing/pace.ts';
import { mostSockets, openFiles, Sockets } from './pacing/sockets.ts';
import { type KeySources, prepare, resolveKeys, SettingError } from './prepare.ts';
import { presetOf } from './presets/presets.ts';
import type { ProbeResult, Prober, ProbeTarget } from './prober.ts';
import { TokenError } from './tokens/token-error.ts';
import type { Tokens } from './tokens/tokens.ts';
import { type Connector, createConnector, type TlsOptions } from './wire/connection.ts';
import { CancelledError, Deadline } from './wire/deadline.ts';
import { Connection } from './wire/http.ts';
import { KeptConnections } from './wire/kept.ts';
import { Trace } from './wire/stamps.ts';

export interface ProberOptions {
  keys: KeyResolver;
  /** Which key may be sent where. */
  keyRights: KeyRights;
  /** Whose credentials sign requests to Bedrock without a key. Default: those of this process. */
  awsIdentity?: AwsIdentity;
  /** By which tokens end, in milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
  /** Where probes may go. */
  addressPolicy: AddressPolicy;
  /** Default: the adapters of this project. */
  adapterFor?: (type: ProviderType) => Adapter;
  /**
   * `fresh`: a connection for each probe. `kept`: one for each provider stays open between probes, for long-lived
   * processes; each outcome says in `newConnection` which it was. Default `fresh`.
   */
  connections?: 'fresh' | 'kept';
  /** How test servers are trusted. */
  tls?: TlsOptions;
  /** Default: the system's. */
  lookup?: LookupFunction;
}

export function createProber(options: ProberOptions): Prober {
  const kept = options.connections === 'kept' ? new KeptConnections(() => sockets.mayKeep) : null;
  const sockets = new Sockets(
    () => mostSockets(openFiles()),
    () => kept?.size ?? 0,
  );
  const pacer = new Pacer(() => performance.now(), sockets);
  const heartbeat = new Heartbeat(systemBeats, (now) => pacer.beat(now));
  const inFlight = new Map<Probe, Promise<ProbeResult>>();
  const connector = createConnector(options);
  let tokens: Promise<Tokens> | null = null;
  const tools: Tools = {
    adapterFor,
    awsIdentity: createAwsIdentity(),
    ...options,
    tokens() {
      tokens ??= import('./tokens/tokens.ts').then(({ createTokens }) => createTokens({ ...options, connector }));
      return tokens;
    },
    heartbeat,
    connector,
    kept,
  };
  let closed = false;

  function start(targets: readonly ProbeTarget[], placeOf: (target: ProbeTarget) => Place, signal?: AbortSignal) {
    const probes = targets.map((target) => new Probe(tools, target, placeOf(target)));
    const cancel = () => {
      for (const probe of probes) probe.cancel();
    };
    // One listener for all of them: a thousand on the caller's signal would look like a leak.
    signal?.addEventListener('abort', cancel, { once: true });
    if (closed || signal?.aborted) cancel();
    const results = probes.map((probe) => {
      const result = probe.result();
      inFlight.set(probe, result);
      void result.then(() => inFlight.delete(probe));
      return result;
    });
    void Promise.all(results).then(() => signal?.removeEventListener('abort', cancel));
    return results;
  }

  return {
    async probe(target, signal) {
      const [outcome] = await Promise.all(start([target], ({ expectedMs }) => pacer.lonePlace(expectedMs), signal));
      return outcome ?? null;
    },
    probeAll: (targets, signal) => start(targets, ({ expectedMs }) => pacer.place(expectedMs), signal),
    async close() {
      closed = true;
      for (const probe of inFlight.keys()) probe.cancel();
      (await tokens)?.close();
      await Promise.all(inFlight.values());
      await kept?.close();
    },
  };
}

interface Tools extends KeySources, Pick<ProberOptions, 'addressPolicy'> {
  adapterFor: (type: ProviderType) => Adapter;
  heartbeat: Heartbeat;
  connector: Connector;
  /** Null when none are kept. */
  kept: KeptConnections | null;
}

/** One probe of one provider, from its settings to its outcome. */
class Probe {
  readonly #tools: Tools;
  readonly #target: ProbeTarget;
  readonly #place: Place;
  readonly #deadline: Deadline;
  readonly #release: () => void;
  #trace: Trace;
  #secrets: Secret[] = [];
  /** Of a provider that is asked with one. */
  #token: Secret | null = null;

  constructor(tools: Tools, target: ProbeTarget, place: Place) {
    this.#tools = tools;
    this.#target = target;
    this.#place = place;
    this.#release = tools.heartbeat.hold();
    this.#trace = new Trace(tools.heartbeat);
    this.#deadline = new Deadline(target.config.timeoutSeconds * 1000);
  }

  /** Its result is null then, unless it had ended. */
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
      return this.#outcome(this.#verdictOn(error));
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
    const prepared = await prepare(adapter, target, keyed, addressPolicy);
    return this.#send({
      adapter,
      target,
      prepared,
      trace: this.#trace,
      deadline: this.#deadline,
      settle: () => this.#wait((signal) => this.#place.settle(signal)),
    });
  }

  /** Over a kept connection where there is one that still lives, else over a new one. */
  async #send(question: Question): Promise<Verdict> {
    const { kept } = this.#tools;
    const keptKey = `${this.#target.config.id} ${question.prepared.url.origin}`;
    if (kept?.has(keptKey)) {
      await this.#wait((signal) => this.#place.start(false, signal));
      this.#deadline.restart();
      const connection = kept.take(keptKey);
      if (connection !== null) {
        await this.#wait((signal) => this.#place.send(signal));
        this.#trace.startedAt = performance.now();
        this.#trace.newConnection = false;
        try {
          return await this.#askOver(connection, question, keptKey);
        } catch (error) {
          if (!this.#diedIdle(error)) throw error;
          // It had been closed while it was idle: that says nothing of the provider, so the probe begins anew.
          this.#trace = new Trace(this.#tools.heartbeat);
        }
      }
    }
    return this.#sendFresh({ ...question, trace: this.#trace }, keptKey);
  }

  async #sendFresh(question: Question, keptKey: string): Promise<Verdict> {
    const { connector, kept } = this.#tools;
    const { url } = question.prepared;
    await this.#wait((signal) => this.#place.start(true, signal));
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

  /** The provider's time does not run while the probe waits for us. */
  async #wait(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#deadline.pause();
    await wait(this.#deadline.signal);
    this.#deadline.resume();
  }

  #diedIdle(error: unknown): boolean {
    if (this.#trace.statusAt !== null) return false;
    return transportFailure(error, this.#trace, '')?.category === 'connect';
  }

  #verdictOn(error: unknown): Verdict {
    const lacking = lackingOf(error);
    if (lacking !== null) return monitorFault(lacking);
    if (error instanceof TokenError)
      return failure({
        category: error.category,
        fault: 'ours',
        errorMessage: error.message,
        advice: error.category === 'config' ? null : SPECIAL_ADVICE.token,
      });
    if (error instanceof SettingError) return failure({ category: 'config', errorMessage: error.message });
    const { config } = this.#target;
    const host = URL.canParse(config.baseUrl) ? new URL(config.baseUrl).host : config.id;
    const known = transportFailure(error, this.#trace, host);
    if (known === null)
      return failure({ category: 'config', errorMessage: `Provider Health failed: ${String(error)}` });
    const { category, message } = known;
    // A well-known address is the provider's to keep; one from a configuration may be mistyped.
    const typed = config.baseUrl !== presetOf(config.type).baseUrl;
    const mistake = typed ? schemeMistake(error) : null;
    if (mistake !== null) return failure({ category: 'config', errorMessage: `${host}: ${mistake}` });
    return failure({ category, errorMessage: message, ...(typed && category === 'dns' && { fault: 'ours' }) });
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
