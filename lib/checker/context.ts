/** Everything that a check needs, of the schedule or by hand. */

import type { OnNotices } from '../alerts/notice.ts';
import type { TransitionLog } from '../alerts/transition-log.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { KeyRights } from '../egress/key-rights.ts';
import type { ProxySettings } from '../egress/proxy.ts';
import type { NoticeSettings } from '../health/alerting/alert-settings.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderConfig } from '../health/provider.ts';
import type { StatusChange } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { History } from '../history/history.ts';
import type { Prober } from '../probe/prober.ts';
import type { Store } from '../store/store.ts';
import type { CatchUp } from './catch-up.ts';
import type { FleetCopies } from './fleet/copies.ts';
import type { ParseProvider } from './fleet/fleet.ts';
import type { ManualLimits } from './manual/limits.ts';
import type { RecordedChecks } from './recorded.ts';

/** Called for each check that changed a status, as soon as it is stored. Must not throw. */
export type OnApplied = (check: HealthCheck, change: StatusChange) => void;

export interface CheckContext {
  store: Store;
  prober: Prober;
  history: History;
  /** The statuses that the last tick left for the next one. */
  copies: FleetCopies;
  /** Knows the checks that statuses need not carry. */
  recorded: RecordedChecks;
  /** Knows the transitions that statuses need not carry. */
  transitions: Pick<TransitionLog, 'has' | 'find' | 'record'>;
  clock: Clock;
  log: Log;
  declared: readonly ProviderConfig[];
  parseProvider: ParseProvider;
  /** Limits of manual checks, kept across processes, and their deadline; null: none. */
  manualLimits: ManualLimits | null;
  /** Which keys a provider may be registered with. The prober applies the same rule to providers in the table. */
  keyRights: KeyRights;
  /** `host:port` of each; empty for none. */
  witnesses: readonly string[];
  /** The proxies to probe through; null: none. */
  proxies: ProxySettings | null;
  /** Must not throw. */
  onApplied: OnApplied;
  /** Called with the transition of a provider whose checks ended with a problem. Must not throw. */
  onEnded: (transition: Transition) => void;
  /** Settings that decide when a write carries a notice. */
  notices: NoticeSettings;
  /** Called with the notice of a status as soon as the status is stored. Must not reject. */
  onNotices: OnNotices;
  /** Makes up for lost notices, before a tick probes. */
  catchUp: CatchUp;
  /** Seconds between two ticks. */
  tickSeconds: number;
  /**
   * Calls `heartbeatUrl` at the end of a tick; null: there is none. Must not reject, and must end within the reserve of
   * a tick.
   */
  beat: (() => Promise<void>) | null;
  /** Aborts when the checker stops. */
  stopping: AbortSignal;
}
