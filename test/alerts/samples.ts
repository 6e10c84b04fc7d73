/** Alerts and messages as tests need them. */

import type { AlertMessage } from '../../lib/alerts/words/message.ts';
import type { Alert } from '../../lib/health/alerting/alert.ts';
import { minute } from '../support/builders.ts';

/** An outage of `alpha`, announced at its second failed check. */
export function alert(fields: Partial<Alert> = {}): Alert {
  const { provider = 'alpha', phase = 'opened', at = minute(2) } = fields;
  return {
    id: `${at}#${provider}/${phase}`,
    phase,
    problem: 'outage',
    severity: 'critical',
    provider,
    model: 'test-model',
    tags: ['production'],
    state: 'unhealthy',
    since: minute(1),
    at,
    lastedMs: Date.parse(at) - Date.parse(minute(1)),
    category: 'server_error',
    fault: 'provider',
    errorMessage: 'expected HTTP 200, got 503',
    thread: `${minute(1)}#${provider}`,
    ordinal: 1,
    ...fields,
  };
}

export function recovery(fields: Partial<Alert> = {}): Alert {
  const over = { phase: 'recovered', state: 'healthy', category: null, fault: null, errorMessage: null } as const;
  return alert({ ...over, at: minute(13), ordinal: null, ...fields });
}

export function message(alerts: readonly [Alert, ...Alert[]], openThreads: readonly string[] = []): AlertMessage {
  return { kind: 'alerts', alerts, openThreads: new Set(openThreads), publicUrl: null };
}
