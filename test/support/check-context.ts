/**
 * The context of a tick for tests: a store in memory, a clock that the test moves, a prober whose results the test
 * sets.
 */

import { createTransitionLog } from '../../lib/alerts/transition-log.ts';
import { silentLog } from '../../lib/base/log.ts';
import { createCatchUp } from '../../lib/checker/catch-up.ts';
import type { CheckContext } from '../../lib/checker/context.ts';
import { createFleetCopies } from '../../lib/checker/fleet/copies.ts';
import { MANUAL_LIMITS } from '../../lib/checker/manual/limits.ts';
import { createRecordedChecks } from '../../lib/checker/recorded.ts';
import { EVERY_KEY } from '../../lib/egress/key-rights.ts';
import { ALERT_DEFAULTS } from '../../lib/health/alerting/alert-settings.ts';
import type { ProviderConfig } from '../../lib/health/provider.ts';
import { createHistory } from '../../lib/history/history.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import { provider } from './builders.ts';
import { FakeClock } from './clock.ts';
import { ScriptedProber } from './scripted-prober.ts';

export interface TestContext extends CheckContext {
  clock: FakeClock;
  prober: ScriptedProber;
}

export function checkContext(
  declared: readonly ProviderConfig[],
  overrides: Partial<Omit<CheckContext, 'clock' | 'prober'>> = {},
): TestContext {
  const clock = new FakeClock();
  const store = overrides.store ?? createMemoryStore({ now: clock.now });
  return {
    store,
    history: createHistory(store),
    copies: createFleetCopies(),
    recorded: createRecordedChecks(),
    transitions: createTransitionLog(store),
    log: silentLog,
    declared,
    parseProvider: (input) => provider(input as Partial<ProviderConfig>),
    keyRights: EVERY_KEY,
    witnesses: [],
    proxies: null,
    manualLimits: MANUAL_LIMITS,
    onApplied: async () => {},
    onEnded: () => {},
    notices: ALERT_DEFAULTS,
    onNotices: async () => {},
    catchUp: createCatchUp(null),
    tickSeconds: 60,
    beat: null,
    stopping: new AbortController().signal,
    ...overrides,
    clock,
    prober: new ScriptedProber(),
  };
}
