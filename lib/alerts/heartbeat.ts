/** Calls the address by which another service can tell that the ticks go on. */

import { safeMessage } from '../egress/message.ts';
import type { Http } from './channels/http.ts';
import type { ChannelLog } from './outbox/dispatch.ts';

/** Within the reserve that a tick keeps before its deadline. */
const TIMEOUT_MS = 1500;

/**
 * Never rejects: a tick is worth more than what is told of it. The address is not logged: it usually holds a token.
 *
 * @param url Null: nobody is called.
 */
export async function callHeartbeat(http: Http, url: string | null, log: ChannelLog): Promise<void> {
  if (url === null) return;
  try {
    const { status } = await http.send({ method: 'GET', url }, AbortSignal.timeout(TIMEOUT_MS));
    if (status < 200 || status >= 300) log.warn('heartbeatUrl: expected HTTP 200, got another answer', { status });
  } catch (cause) {
    log.warn('heartbeatUrl: no answer', { error: safeMessage(String(cause).replaceAll(url, '***'), []) });
  }
}
