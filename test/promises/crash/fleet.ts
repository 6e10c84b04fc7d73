/**
 * The providers of the monitor that is killed: they are due again after some milliseconds, so that ticks follow each
 * other without a pause.
 */

import { parseConfig } from '../../../lib/config/parse.ts';
import { ALERT_DEFAULTS } from '../../../lib/health/alerting/alert-settings.ts';
import { provider } from '../../support/builders.ts';

export const CRASH_IDS = ['alpha', 'beta', 'gamma', 'delta'];

export const CRASH_PROVIDERS = CRASH_IDS.map((id) =>
  provider({ id, intervalSeconds: 0.005, maxTokensPerDay: 10 ** 9 }),
);

export const CRASH_CONFIG = {
  ...parseConfig({ providers: [], witnesses: [] }, { addressPolicy: 'public' }),
  alerts: ALERT_DEFAULTS,
  providers: CRASH_PROVIDERS,
};
