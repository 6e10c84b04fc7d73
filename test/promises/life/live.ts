/** Runs two monitors on one table through a schedule. judge.ts says what must be true afterwards. */

import type { Log } from '../../../lib/base/log.ts';
import { CheckerError } from '../../../lib/checker/errors.ts';
import type { TickReport } from '../../../lib/checker/tick/report.ts';
import { parseConfig, parseProvider } from '../../../lib/config/parse.ts';
import type { Category } from '../../../lib/health/category.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import { type Store, StoreError } from '../../../lib/store/store.ts';
import { bad, good, ScriptedProber } from '../../support/scripted-prober.ts';
import type { Around } from './around.ts';
import { Deliveries } from './deliveries.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import type { Fault, LifeEvent, Schedule } from './schedule.ts';
import type { StepClock } from './step-clock.ts';

export interface Life {
  reports: TickReport[];
  /** Every line of the log, as JSON. */
  logged: string[];
  configs: ReadonlyMap<string, ProviderConfig>;
  /** Ids of the declared providers at the end. */
  declared: readonly string[];
  /** The alerts that were sent. */
  deliveries: Deliveries;
  /**
   * The times at which something may have happened, by any of the clocks; empty if there is only one clock, by which
   * everything is in order.
   */
  wrongTimes: readonly Date[];
  /** Processes that died. */
  deaths: number;
  /** Alerts that were not sent although nothing failed any more. */
  unsent: ReadonlySet<string>;
}

const ENTRIES = ['alpha', 'beta', 'gamma'].map((id) => ({
  id,
  type: 'openai-compatible',
  model: 'test-model',
  baseUrl: 'https://alpha.example.com/v1',
  intervalSeconds: 10,
  blacklistAfter: 2,
}));
const [ALPHA, BETA, GAMMA] = ENTRIES;
const POLICY = { addressPolicy: 'public' } as const;
const configOf = (providers: readonly unknown[]) => parseConfig({ providers, witnesses: [] }, POLICY);
const WITH_BETA = {
  enabled: configOf([ALPHA, BETA]),
  disabled: configOf([ALPHA, { ...BETA, enabled: false }]),
  absent: configOf([ALPHA]),
};
const CONFIGS = new Map(ENTRIES.map((entry) => [entry.id, parseProvider(entry, POLICY)]));
const AHEAD_MS = 3_600_000;

export interface Surroundings {
  /** Called before the last ticks, which run without faults. */
  calm?: () => void;
  /** Whether processes die. Default: they do. */
  crashes?: boolean;
  /** Milliseconds by which the second process's clock is ahead. Default 0. */
  aheadMs?: number;
}

export async function live(
  { steps, outcomes, turns, outage }: Schedule,
  store: Store,
  clock: StepClock,
  { calm = () => {}, crashes = true, aheadMs = 0 }: Surroundings = {},
): Promise<Life> {
  const deliveries = new Deliveries();
  const life: Life = {
    reports: [],
    logged: [],
    configs: CONFIGS,
    declared: [],
    deliveries,
    wrongTimes: [],
    deaths: 0,
    unsent: new Set(),
  };
  let faults: Fault[] = [];
  let lasting: Schedule['outage'] = null;
  let calls = 0;
  const around: Around = async (name, parameters, call) => {
    for (let left = turns[calls++ % turns.length] ?? 0; left > 0; left--) await null;
    const [subject] = parameters;
    const index = faults.findIndex(
      ({ call: which, provider }) =>
        which === name && (name !== 'statuses.put' || (subject as ProviderStatus).provider === provider),
    );
    const [once] = index < 0 ? [] : faults.splice(index, 1);
    const fault = once ?? (lasting?.call === name ? lasting : undefined);
    if (fault === undefined) return call();
    if (fault.done) await call();
    throw new StoreError('unreachable', `${name}: no answer`);
  };
  const write = (message: string, fields?: Record<string, unknown>) =>
    void life.logged.push(JSON.stringify([message, fields]));
  const log: Log = { info: write, warn: write, error: write };
  const prober = randomProber(outcomes);
  const clocks = [clock.ahead(0), clock.ahead(aheadMs)] as const;
  let config = WITH_BETA.enabled;
  const start = (i: 0 | 1) => startMonitor({ config, store, clock: clocks[i], prober, log, around, deliveries });
  const monitors: [Monitor, Monitor] = [start(0), start(1)];

  let owners = 0;
  /** The last tick that each began, for a retry of it. */
  const begun: (() => Promise<void>)[] = [];
  const tickAt = (time: Date, index: number): Promise<void> => {
    owners += 1;
    const owner = `owner ${owners}`;
    begun[index % 2] = async () => {
      const report = await monitors[index % 2 === 0 ? 0 : 1].checker.runTick(time, { owner, deadlineAt: null });
      life.reports.push(report);
    };
    return begun[index % 2]?.() ?? Promise.resolve();
  };
  const happen = (event: LifeEvent, index: number): Promise<unknown> => {
    const { checker } = monitors[index % 2 === 0 ? 0 : 1];
    const now = clocks[index % 2 === 0 ? 0 : 1].now();
    switch (event) {
      case 'tick':
      case 'tick again':
        return tickAt(now, index);
      case 'late tick':
        return tickAt(new Date(now.getTime() - 15_000), index);
      case 'next tick':
        return tickAt(new Date(now.getTime() + 5_000), index);
      case 'future tick':
        return tickAt(new Date(now.getTime() + AHEAD_MS), index);
      case 'check alpha':
      case 'check gamma':
        return checker.manualHealthCheck(event.slice('check '.length));
      case 'check all':
        return checker.manualHealthCheckAll();
      case 'report':
        return checker.checkReported(['alpha', 'gamma', 'missing']);
      case 'register gamma':
        return checker.registerProvider(GAMMA);
      case 'disable gamma':
        return checker.registerProvider({ ...GAMMA, enabled: false });
      case 'remove gamma':
        return checker.unregisterProvider('gamma');
      default: {
        const never: never = event;
        return never;
      }
    }
  };

  for (const [n, { afterSeconds, stalled, beta, events, faults: ofStep, crash }] of steps.entries()) {
    if (!stalled) await idle();
    if (beta !== null) {
      config = WITH_BETA[beta];
      for (const i of [0, 1] as const) {
        monitors[i].kill();
        monitors[i] = start(i);
      }
    }
    clock.advance(afterSeconds * 1000);
    faults = [...ofStep];
    lasting = outage && n >= outage.firstStep && n < outage.firstStep + outage.steps ? outage : null;
    for (const [i, monitor] of monitors.entries()) monitor.dieAt(crashes && crash?.process === i ? crash : null);
    await Promise.all(
      events.map((event, index) =>
        Promise.race([happen(event, index).catch(expected), monitors[index % 2 === 0 ? 0 : 1].died]),
      ),
    );
    for (const i of [0, 1] as const) {
      if (!monitors[i].isDead()) continue;
      life.deaths += 1;
      monitors[i] = start(i);
      if (crash?.retried) await begun[i]?.().catch(expected);
    }
  }

  // The next tick repairs what was lost, and removes the statuses of removed providers.
  faults = [];
  lasting = null;
  calm();
  for (const index of [0, 1] as const) {
    for (const monitor of monitors) monitor.dieAt(null);
    await idle();
    clock.advance(60_000);
    await tickAt(clocks[index].now(), index);
  }
  for (const monitor of monitors) await monitor.stop();
  // A new process compares everything at its first tick; by then the claims of dead processes have expired.
  monitors[0] = start(0);
  clock.advance(60_000);
  await tickAt(clock.now(), 0);
  await monitors[0].stop();
  life.declared = config.providers.map(({ id }) => id);
  life.unsent = await monitors[0].flush();
  clocks[0].enter();
  if (aheadMs > 0) life.wrongTimes = clock.shown.flatMap((ms) => [new Date(ms), new Date(ms + aheadMs)]);
  return life;
}

/** Everything that does not wait for the clock has ended: calls of a store in memory wait only for the clock. */
const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A schedule causes faults of the table and refusals of callers; any other error is a bug. */
function expected(cause: unknown): void {
  if (!(cause instanceof StoreError) && !(cause instanceof CheckerError)) throw cause;
}

function randomProber(outcomes: readonly (Category | null)[]): ScriptedProber {
  let next = 0;
  const prober = new ScriptedProber();
  for (const { id } of ENTRIES) {
    prober.script(id, (target, signal) => {
      const outcome = outcomes[next++ % outcomes.length] ?? null;
      return (outcome === null ? good(150) : bad(outcome))(target, signal);
    });
  }
  return prober;
}
