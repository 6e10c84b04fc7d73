/** Everything before the network: the key, the request, and whether it may be sent at all. */

import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import type { KeyResolver } from '../keys/keys.ts';
import { KeyError } from '../keys/keys.ts';
import type { Secret } from '../keys/secret.ts';
import type { Adapter, ProbeRequest, StreamJudge } from './adapters/adapter.ts';
import { supportsProbe } from './presets/presets.ts';
import type { ProbeTarget } from './prober.ts';
import { orAborted, TimeoutError } from './wire/deadline.ts';

/** A setting of the provider makes the probe impossible. No request was sent; the message is safe to show. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

export interface Prepared {
  request: ProbeRequest;
  url: URL;
  /** Null when the probe does not stream. */
  streamJudge: StreamJudge | null;
}

/** @throws {SettingError} When the key cannot be had; what the signal aborted with when the caller ends the probe. */
export async function resolveKey(
  keys: KeyResolver,
  { apiKey }: ProbeTarget['config'],
  signal: AbortSignal,
): Promise<Secret | null> {
  if (apiKey === null) return null;
  try {
    return await orAborted(keys.resolve(apiKey), signal);
  } catch (error) {
    if (error instanceof KeyError) throw new SettingError(error.message, { cause: error });
    if (!(error instanceof TimeoutError)) throw error;
    throw new SettingError(`the key ${apiKey} could not be read within ${error.timeoutMs / 1000} s`, { cause: error });
  }
}

/** @throws {SettingError} */
export function prepare(adapter: Adapter, target: ProbeTarget, key: Secret | null, policy: AddressPolicy): Prepared {
  const { config, kind } = target;
  if (!supportsProbe(config.type, kind)) {
    throw new SettingError(`probe: providers of type "${config.type}" have no "${kind}". Use "completion"`);
  }
  const request = adapter.buildRequest(config, key, kind);
  const refusal = refuseUrl(request.url, policy);
  if (refusal !== null) throw new SettingError(`baseUrl: ${refusal}`);
  const streamJudge = kind === 'stream' ? (adapter.streamJudge?.(config) ?? null) : null;
  return { request, url: new URL(request.url), streamJudge };
}
