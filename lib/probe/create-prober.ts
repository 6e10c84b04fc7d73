/**
 * The prober: probes one provider or many in parallel, with one outcome each. A probe never rejects: every error, also
 * a bug in this project, becomes an outcome. Not here: schedule, confirmation and storing (lib/checker).
 */

import type { LookupFunction } from 'node:net';
import type { AddressPolicy } from '../egress/guard.ts';
import type { KeyRights } from '../egress/key-rights.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { ProviderType } from '../health/provider.ts';
import { type AwsIdentity, createAwsIdentity } from '../keys/aws-identity.ts';
import type { KeyResolver } from '../keys/keys.ts';
import type { Adapter } from './adapters/adapter.ts';
import { adapterFor } from './adapters/registry.ts';
import { LoopLag, systemBeats } from './pacing/loop-lag.ts';
import { Pacer, type Place } from './pacing/pace.ts';
import { mostSockets, openFiles, Sockets } from './pacing/sockets.ts';
import { Probe, type ProbeTools } from './probe.ts';
import type { ProbeResult, Prober, ProbeTarget } from './prober.ts';
import { KeyCache } from './resolve-keys.ts';
import type { Tokens } from './tokens/tokens.ts';
import { createConnector, type TlsOptions } from './wire/connection.ts';
import { KeptConnections } from './wire/kept.ts';

export interface ProberOptions {
  keys: KeyResolver;
  /** Which keys may be sent to which hosts. */
  keyRights: KeyRights;
  /** AWS credentials that sign requests to Bedrock without a key. Default: the process's. */
  awsIdentity?: AwsIdentity;
  /** Clock for the expiry of tokens, in milliseconds since 1970. Default: the system's. */
  now?: () => number;
  /** The addresses that may be probed. */
  addressPolicy: AddressPolicy;
  /** The proxies to probe through. Default: none. */
  proxies?: ProxySettings | null;
  /** Default: the adapters of this project. */
  adapterFor?: (type: ProviderType) => Adapter;
  /**
   * `fresh`: a new connection for each probe. `kept`: one connection for each provider stays open between probes, for
   * long-running processes. `newConnection` of an outcome says which it was. Default `fresh`.
   */
  connections?: 'fresh' | 'kept';
  /** TLS settings, for test servers. */
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
  const loopLag = new LoopLag(systemBeats, (now) => pacer.beat(now));
  const inFlight = new Map<Probe, Promise<ProbeResult>>();
  const connector = createConnector(options);
  let tokens: Promise<Tokens> | null = null;
  const tools: ProbeTools = {
    adapterFor,
    awsIdentity: createAwsIdentity(),
    cache: new KeyCache(),
    ...options,
    tokens() {
      tokens ??= import('./tokens/tokens.ts').then(({ createTokens }) => createTokens({ ...options, connector }));
      return tokens;
    },
    loopLag,
    connector,
    kept,
  };
  let closed = false;

  function start(targets: readonly ProbeTarget[], placeOf: (target: ProbeTarget) => Place, signal?: AbortSignal) {
    const probes = targets.map((target) => new Probe(tools, target, placeOf(target)));
    const cancel = () => {
      for (const probe of probes) probe.cancel();
    };
    // One listener for all probes: a thousand on the caller's signal would look like a leak.
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
      const [outcome] = await Promise.all(start([target], ({ expectedMs }) => pacer.singlePlace(expectedMs), signal));
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
