/** Makes the parts of a HealthChecker from its options: store, prober, alerts and history. */

import { type Alerts, createAlerts } from '../alerts/alerts.ts';
import { createHttp } from '../alerts/channels/http.ts';
import { callHeartbeat } from '../alerts/heartbeat.ts';
import { createBackground } from '../alerts/outbox/background.ts';
import { sentAlert } from '../alerts/sent.ts';
import { createTransitionLog } from '../alerts/transition-log.ts';
import { HOUR_MS } from '../base/time.ts';
import { DEFAULT_WITNESSES } from '../config/defaults.ts';
import { parseProvider } from '../config/parse.ts';
import { ALERT_DEFAULTS } from '../health/alerting/alert-settings.ts';
import { createHistory } from '../history/history.ts';
import { createProber } from '../probe/create-prober.ts';
import { createCatchUp } from './catch-up.ts';
import type { CheckContext } from './context.ts';
import { createFleetCopies, NO_COPIES } from './fleet/copies.ts';
import { isInMemory, type KnownStatuses, remembering } from './fleet/known.ts';
import { type Announce, neverRejecting } from './listeners.ts';
import type { HealthCheckerOptions, Settled } from './options.ts';
import { createRecordedChecks } from './recorded.ts';
import type { UnderWay } from './under-way.ts';

/** An alert of an hour ago is outdated: the problem's next reminder says the same. */
const WORTH_SENDING_MS = HOUR_MS;

export interface Assembled {
  context: CheckContext;
  known: KnownStatuses;
  alerts: Alerts;
  /** Ends the sending and closes every socket. Called when no check is under way. Checks may follow. */
  close(): Promise<void>;
}

/** @param settled The options with their defaults. */
export function assemble(
  options: HealthCheckerOptions,
  settled: Settled,
  underWay: UnderWay,
  announce: Announce,
): Assembled {
  const { config, keys, keyRights, ownKeys, addressPolicy, proxies, defaults, clock, log } = settled;
  const declared = config?.providers ?? [];
  const { store, known } = remembering(settled.store, declared, () => clock.now());
  const makeProber = () => options.prober ?? createProber({ keys, keyRights, addressPolicy, proxies });
  const settings = config?.alerts ?? ALERT_DEFAULTS;
  const http = createHttp(addressPolicy, proxies);
  const transitions = createTransitionLog(store);
  const alerts = createAlerts({
    ...{ settings, store, keys, addressPolicy, clock, log, transitions, http },
    publicUrl: config?.publicUrl ?? null,
    giveUpAfterMs: WORTH_SENDING_MS,
    onSent: (message, channel) => announce('alert', sentAlert(message, channel)),
  });
  const channels = settings.channels.map(({ id }) => id);
  const background = createBackground({ outbox: alerts, transitions, channels, clock, log });
  // A caller that handles the notices must make up for lost ones too.
  const catchUp = createCatchUp(options.compare ?? (options.onNotices ? null : background.compare));
  const heartbeatUrl = config?.heartbeatUrl ?? null;

  const context: CheckContext = {
    store,
    history: createHistory(store),
    copies: isInMemory(settled.store) ? NO_COPIES : createFleetCopies(),
    recorded: createRecordedChecks(),
    transitions,
    prober: makeProber(),
    clock,
    log,
    declared,
    manualLimits: settled.manualLimits,
    parseProvider: (input) => parseProvider(input, { defaults, addressPolicy }),
    keyRights,
    witnesses: config?.witnesses ?? DEFAULT_WITNESSES,
    proxies,
    onApplied(check, { transition, status }) {
      catchUp.wrote(status);
      announce('check', check);
      if (transition) announce('transition', transition);
    },
    onEnded: (transition) => announce('transition', transition),
    notices: settings,
    onNotices: neverRejecting(options.onNotices ?? background.onNotices, log),
    catchUp,
    tickSeconds: settled.tickSeconds,
    beat:
      heartbeatUrl === null
        ? null
        : () => callHeartbeat({ http, keys, addressPolicy, log }, heartbeatUrl, underWay.signal),
    stopping: underWay.signal,
  };

  return {
    context,
    known,
    alerts,
    async close() {
      await background.stop();
      await Promise.all([context.prober.close(), http.close(), ownKeys?.close()]);
      underWay.reopen();
      context.stopping = underWay.signal;
      context.prober = makeProber();
    },
  };
}
