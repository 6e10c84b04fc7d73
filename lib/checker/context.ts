/** What a check is made with, whether the schedule or a person asks for it. */

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
  /** What the last tick left, for the next. */
  copies: FleetCopies;
  /** Which checks need not be carried by their status. */
  recorded: RecordedChecks;
  /** Which transitions need not be, either. */
  transitions: Pick<TransitionLog, 'has' | 'find'>;
  clock: Clock;
  log: Log;
  declared: readonly ProviderConfig[];
  parseProvider: ParseProvider;
  /** Limits of manual checks, held across instances, and the time in which they end; null: none. */
  manualLimits: ManualLimits | null;
  /** Which keys a provider may be registered with. The prober holds those in the table to the same. */
  keyRights: KeyRights;
  /** `host:port` of each; empty for none. */
  witnesses: readonly string[];
  /** Through which proxies; null: none. */
  proxies: ProxySettings | null;
  /** Must not throw. */
  onApplied: OnApplied;
  /** When a write carries a notice. */
  notices: NoticeSettings;
  /** Takes notices as they arise: when the status is stored. Must not reject. */
  onNotices: OnNotices;
  /** Makes up for notices that were lost, before a tick probes. */
  catchUp: CatchUp;
  /** Seconds between two ticks. */
  tickSeconds: number;
  /** Calls the heartbeat address at the end of a tick; null: there is none. Must not reject, and ends within the reserve of a tick. */
  beat: (() => Promise<void>) | null;
  /** Aborts when the checker stops. */
  stopping: AbortSignal;
}
