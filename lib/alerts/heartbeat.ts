/** Calls `heartbeatUrl` after a tick. The service there notices when the calls stop, and so when the ticks stop. */

import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import { safeMessage } from '../egress/message.ts';
import type { KeyResolver } from '../keys/keys.ts';
import { parseKeyReference } from '../keys/reference.ts';
import { Secret } from '../keys/secret.ts';
import type { Http } from './channels/http.ts';
import type { ChannelLog } from './outbox/dispatch.ts';

/** Fits into the reserve that a tick keeps before its deadline. */
const TIMEOUT_MS = 1500;

export interface HeartbeatParts {
  http: Http;
  keys: KeyResolver;
  addressPolicy: AddressPolicy;
  log: ChannelLog;
}

/**
 * Never rejects: a failed call must not fail the tick. Does not log the address: it usually holds a token.
 *
 * @param address A URL, or a reference to one.
 * @param stopping Aborts the call when the checker stops.
 */
export async function callHeartbeat(parts: HeartbeatParts, address: string, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  const { http, keys, addressPolicy, log } = parts;
  const secrets: Secret[] = [];
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const isReference = parseKeyReference(address) !== null;
    const url = isReference ? await Promise.race([keys.resolve(address), aborted(signal)]) : new Secret(address);
    secrets.push(url);
    const refusal = refuseUrl(url.reveal(), addressPolicy);
    if (refusal !== null) return log.warn('heartbeatUrl: this address may not be called', { error: refusal });
    const { status } = await http.send({ method: 'GET', url: url.reveal() }, signal);
    if (status < 200 || status >= 300)
      log.warn('heartbeatUrl: expected HTTP 200 to 299, got another status', { status });
  } catch (cause) {
    if (stopping.aborted) return;
    log.warn('heartbeatUrl: no answer', { error: safeMessage(String(cause), secrets) });
  }
}

/** Rejects when the signal aborts. Without it, resolving the key reference could outlast the reserve of a tick. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
