/**
 * The prober: probes one provider, or many at once, and gives one outcome each. A probe never rejects: every end
 * is an outcome, and a bug of ours shows as itself. lib/checker schedules, confirms and remembers.
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
import { Probe, type ProbeTools } from './one-probe.ts';
import { LoopLag, systemBeats } from './pacing/loop-lag.ts';
import { Pacer, type Place } from './pacing/pace.ts';
import { mostSockets, openFiles, Sockets } from './pacing/sockets.ts';
import type { ProbeResult, Prober, ProbeTarget } from './prober.ts';
import type { Tokens } from './tokens/tokens.ts';
import { createConnector, type TlsOptions } from './wire/connection.ts';
import { KeptConnections } from './wire/kept.ts';

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
  /** Through which proxies. Default: none. */
  proxies?: ProxySettings | null;
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
  const loopLag = new LoopLag(systemBeats, (now) => pacer.beat(now));
  const inFlight = new Map<Probe, Promise<ProbeResult>>();
  const connector = createConnector(options);
  let tokens: Promise<Tokens> | null = null;
  const tools: ProbeTools = {
    adapterFor,
    awsIdentity: createAwsIdentity(),
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
