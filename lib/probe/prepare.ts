/** Builds the request of a probe, and checks whether it may be sent. */

import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import type { ProbeKind } from '../health/provider.ts';
import type { Adapter, ProbeRequest, StreamFormat, StreamJudge } from './adapters/adapter.ts';
import { supportsProbe } from './presets/presets.ts';
import type { KeyedProvider } from './resolve-keys.ts';
import { SettingError } from './setting-error.ts';
import { type CreateReader, createEventReader } from './wire/event-stream.ts';

/** A request that may be sent. */
interface PermittedRequest {
  request: ProbeRequest;
  url: URL;
}

export interface Prepared extends PermittedRequest {
  /** Null when the probe does not stream. */
  stream: PreparedStream | null;
}

export interface PreparedStream {
  judge: StreamJudge;
  createReader: CreateReader;
}

/** The requests of each provider, without a signature: that is valid for a moment only. */
const requests = new WeakMap<KeyedProvider, Partial<Record<ProbeKind, PermittedRequest>>>();

/** @throws {SettingError} */
export async function prepare(
  adapter: Adapter,
  kind: ProbeKind,
  keyed: KeyedProvider,
  policy: AddressPolicy,
): Promise<Prepared> {
  const { config, credentials } = keyed;
  const { request, url } = permitted(adapter, kind, keyed, policy);
  const stream =
    kind === 'stream'
      ? { judge: adapter.streamJudge(config), createReader: await readerFor(adapter.streamFormat) }
      : null;
  // Loaded for the first request that is signed: a cold start without Bedrock does not read it.
  const sent = credentials === null ? request : (await import('./signing.ts')).signed(request, credentials);
  return { request: sent, url, stream };
}

/** @throws {SettingError} */
function permitted(adapter: Adapter, kind: ProbeKind, keyed: KeyedProvider, policy: AddressPolicy): PermittedRequest {
  const ofProvider = requests.get(keyed) ?? {};
  requests.set(keyed, ofProvider);
  ofProvider[kind] ??= permit(adapter, kind, keyed, policy);
  return ofProvider[kind];
}

/** @throws {SettingError} */
function permit(
  adapter: Adapter,
  kind: ProbeKind,
  { config, key }: KeyedProvider,
  policy: AddressPolicy,
): PermittedRequest {
  if (!supportsProbe(config.type, kind)) {
    throw new SettingError(`probe: providers of type "${config.type}" have no "${kind}". Use "completion"`);
  }
  const request = adapter.buildRequest(config, key, kind);
  const refusal = refuseUrl(request.url, policy);
  if (refusal !== null) throw new SettingError(`baseUrl: ${refusal}`);
  return { request, url: new URL(request.url) };
}

async function readerFor(format: StreamFormat): Promise<CreateReader> {
  if (format === 'text/event-stream') return createEventReader;
  try {
    return (await import('./wire/frames.ts')).createFrameReader;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message = 'probe: "stream" of this type needs the package @smithy/core. Install it, or use "completion"';
    throw new SettingError(message, { cause: error });
  }
}
