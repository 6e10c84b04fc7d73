/**
 * The interface of the store. Two implementations (dynamo/, memory/) pass the same test suite. A store only writes and reads; it
 * never judges, scores or selects. "Consistent" means: a read returns the newest write.
 */

import type { AlertRecord } from '../health/alerting/alert.ts';
import type { Announcement, AnnouncementOutcome } from '../health/alerting/announcement.ts';
import type { AlertNoticeKind, MonitorNoticeKind, NoticeKind } from '../health/alerting/notice.ts';
import type { BriefStatus } from '../health/brief-status.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { DayHistory, HourHistory } from '../health/uptime/history.ts';
import type { WholeDays } from '../health/uptime/past-days.ts';
import type { CheckGroups } from './check-groups.ts';

/** An item that cannot be understood. It affects only its own provider, and answers name it. */
export interface Unreadable {
  /** The provider's id. */
  provider: string;
  /** The error: what was expected and what was found. */
  reason: string;
}

export interface StatusList<Status = ProviderStatus> {
  /** Ordered by id. */
  statuses: Status[];
  unreadable: Unreadable[];
}

export interface StatusStore {
  /** Consistent. Null when there is none. @throws {StoreError} `unreadable` when the status cannot be understood. */
  get(provider: string): Promise<ProviderStatus | null>;
  /** All statuses. Consistent. */
  list(): Promise<StatusList>;
  /**
   * All statuses, brief. Consistent. It costs as many read units as `list`, and a third of the CPU. `unreadable` are those
   * whose attributes of a brief status cannot be understood.
   */
  listBrief(): Promise<StatusList<BriefStatus>>;
  /** The statuses of these providers, as far as they exist. Consistent. For few of many, it is cheaper than `list`. */
  some(providers: readonly string[]): Promise<StatusList>;
  /**
   * Writes a status, if the stored status is still the one that it was computed from; otherwise the result is `conflict`. If the
   * answer to the write is lost, the store finds out that the write succeeded: `stored`.
   *
   * @param basedOn The version that the status was computed from; null when there was none.
   * @param notice The notice of this write; null for none. With `transition`, this write stores `status.lastTransition` for the
   *   first time.
   */
  put(status: ProviderStatus, basedOn: number | null, notice: NoticeKind | null): Promise<'stored' | 'conflict'>;
  /** @param basedOn Deletes the status only if it has this version; absent: in any case. */
  delete(provider: string, basedOn?: number): Promise<void>;
  /** Writes a mark, so that ticks know that another process wrote a status. */
  touch(): Promise<void>;
  /** The last mark, a different text each time; null when there is none. Consistent. */
  touched(): Promise<string | null>;
}

/** A provider that was added through the API or `registerProvider`. Its input is not parsed yet. */
export interface Registration {
  provider: string;
  /** The provider as in providers.json. */
  input: unknown;
  /** ISO 8601 UTC. */
  registeredAt: string;
}

export interface RegistrationStore {
  /** All registrations, ordered by id. Consistent. */
  list(): Promise<Registration[]>;
  get(provider: string): Promise<Registration | null>;
  put(registration: Registration): Promise<void>;
  /** Returns whether the registration existed. */
  delete(provider: string): Promise<boolean>;
}

export interface TimeRange {
  /** ISO 8601 UTC, inclusive. */
  from: string;
  /** ISO 8601 UTC, inclusive. */
  to: string;
}

export interface PageRequest extends TimeRange {
  /** The most items of a page, 1 to 1000. */
  limit: number;
  /** `next` of the previous page; absent for the first. @throws {StoreError} `bad_cursor` for any other text. */
  cursor?: string;
}

export interface Page<T> {
  /** Newest first. */
  items: T[];
  /** Cursor of the next page; null on the last page. Any page can have fewer items than the limit, or none. */
  next: string | null;
  /** Items of this page that cannot be understood; absent when there are none. */
  unreadable?: Unreadable[];
}

export interface CheckStore {
  /**
   * Idempotent by provider and timestamp. Does not throw when checks cannot be stored: it returns them as `unstored`. `error` is
   * the table's error; absent when the table only had no capacity.
   *
   * @param groups Scheduled checks of one group and time are stored as one item, which costs a twentieth. Absent: single items.
   */
  put(checks: readonly HealthCheck[], groups?: CheckGroups): Promise<{ unstored: HealthCheck[]; error?: StoreError }>;
  page(provider: string, request: PageRequest): Promise<Page<HealthCheck>>;
}

export interface HourStore {
  /** Idempotent by provider and hour. */
  put(hour: HourHistory): Promise<void>;
  /**
   * Hours that begin within the range, oldest first. An hour that cannot be understood, or was only half written, counts as
   * missing. The history keeper makes it again while its checks are kept.
   */
  list(provider: string, range: TimeRange): Promise<HourHistory[]>;
}

export interface DayStore {
  /** Idempotent by provider and day: the newer figures of a day replace the older. */
  put(day: DayHistory): Promise<void>;
  /** Days that begin within the range, oldest first. A day that cannot be understood counts as missing. */
  list(provider: string, range: TimeRange): Promise<DayHistory[]>;
}

export interface FleetDayStore {
  /** Replaces the finished days of a shard's providers. */
  put(shard: string, providers: readonly WholeDays[]): Promise<void>;
  /**
   * The finished days of all shards, by provider. A provider can be in several shards after their number has changed; then the
   * newest counts. An item that cannot be understood counts as missing, and is made again.
   */
  list(): Promise<Map<string, WholeDays>>;
}

export interface TransitionStore {
  /** Idempotent by id. Returns whether the transition was new. */
  put(transition: Transition): Promise<boolean>;
  /** @param provider Null: transitions of all providers. */
  page(provider: string | null, request: PageRequest): Promise<Page<Transition>>;
}

/** The record of a finished tick. */
export interface Heartbeat {
  /** The tick's own time, ISO 8601 UTC. */
  tick: string;
  finishedAt: string;
  due: number;
  stored: number;
  /** Providers whose result could not be stored. */
  failed: number;
  /** Providers that were not reached, or whose result came too late. */
  skipped: number;
  /** The monitor's own network failed in this tick, so its failures changed no status. */
  monitorFault: boolean;
  /** Time of the tick at which the network began to fail. Ticks without due providers keep it. Absent when it works. */
  faultSince?: string;
}

export interface TickClaim {
  shard: string;
  /** The tick's own time, ISO 8601 UTC. */
  tick: string;
  /** Id of the claiming process. A retry of the same invocation has the same id. */
  owner: string;
  now: Date;
  /** How long the claim is valid against other owners, in case this owner dies. */
  leaseMs: number;
}

export interface TickStore {
  /**
   * Claims a tick. `taken`: the tick is finished, a newer tick is claimed, or another owner holds it. A retry by the same owner
   * succeeds, and any owner succeeds after the lease. A claim, lease or heartbeat from the future does not block:
   * `overridden` means that the claim succeeded in spite of one.
   */
  claim(claim: TickClaim): Promise<'claimed' | 'overridden' | 'taken'>;
  /**
   * Writes the heartbeat, unless a newer tick has written one that is not from the future.
   *
   * @param notice The notice of this tick; absent or null for none.
   */
  finish(shard: string, heartbeat: Heartbeat, notice?: MonitorNoticeKind | null): Promise<void>;
  /** The newest heartbeat of a shard; null before the first. */
  heartbeat(shard: string): Promise<Heartbeat | null>;
  /** The newest heartbeat of each shard, null before its first. Consistent, in one request. */
  heartbeats(shards: readonly string[]): Promise<(Heartbeat | null)[]>;
}

export interface ManualCheckLimit {
  /** Seconds between two manual checks of one provider. */
  perProviderSeconds: number;
  /** Manual checks of all providers together in one hour of the clock. */
  perHour: number;
}

export type ManualCheckAnswer = { granted: true } | { granted: false; retryAfterSeconds: number };

export interface ManualCheckStore {
  /**
   * Grants a manual check of `key` (a provider's id, or `*` for all) within the limits, which all processes share.
   *
   * @param checks How many checks it counts as in the hour. More than `perHour` count as `perHour`. Default 1.
   */
  claim(key: string, now: Date, limit: ManualCheckLimit, checks?: number): Promise<ManualCheckAnswer>;
  /** The answer that `claim` would give for one check, without granting it. */
  peek(key: string, now: Date, limit: ManualCheckLimit): Promise<ManualCheckAnswer>;
}

/** One alert on its way to one channel. */
export interface Delivery {
  /** The alert's id. */
  alert: string;
  /** The channel's id. */
  channel: string;
}

/** A claimed delivery. */
export interface HeldDelivery extends Delivery {
  /** Id of the attempt to send, unique for each attempt. After a lease has ended, another attempt can hold the delivery. */
  holder: string;
}

export interface DeliveryClaim extends HeldDelivery {
  now: Date;
  /** How long the claim is valid against others, in case its holder dies. */
  leaseMs: number;
}

export type DeliveryOutcome = AnnouncementOutcome;

export interface AlertStore {
  /** The records of all providers and of the monitor, ordered by subject. Consistent. */
  list(): Promise<AlertRecord[]>;
  /** The record of one subject; null when no alert was sent about it. */
  get(subject: string): Promise<AlertRecord | null>;
  /**
   * Writes a record with the next version, if the stored record still has the version that it was made from; otherwise the
   * result is `conflict`. So two processes that decide at the same time cannot undo each other's decision. If the answer to
   * the write is lost, the store finds out that the write succeeded: `stored`.
   *
   * @param notice The notice of this write; absent for none.
   */
  put(record: AlertRecord, notice?: AlertNoticeKind): Promise<'stored' | 'conflict'>;
  /**
   * Claims a delivery, so that two processes with the same alert send it once. `settled`: the alert was sent, or will never be
   * sent. `held`: another process sends it now, or died while sending and its lease is not over.
   */
  claim(claim: DeliveryClaim): Promise<'claimed' | 'settled' | 'held'>;
  /** Records the outcome of a claimed delivery. */
  settle(delivery: Delivery, outcome: DeliveryOutcome): Promise<void>;
  /** Releases a delivery that failed, so that it can be claimed again. Does nothing when another attempt holds it. */
  release(delivery: HeldDelivery): Promise<void>;
  /** Records whether a channel took an alert. Recording it twice changes nothing. */
  announce(announcement: Announcement): Promise<void>;
  /** The sent alerts about a subject between two times, both inclusive, ordered by time. */
  announced(subject: string, range: { from: string; to: string }): Promise<Announcement[]>;
}

export interface Store {
  readonly statuses: StatusStore;
  readonly registrations: RegistrationStore;
  readonly checks: CheckStore;
  readonly hours: HourStore;
  readonly days: DayStore;
  readonly fleetDays: FleetDayStore;
  readonly transitions: TransitionStore;
  readonly ticks: TickStore;
  readonly manualChecks: ManualCheckStore;
  readonly alerts: AlertStore;
  /** Resolves when the table answers and has the right keys. @throws {StoreError} */
  verify(): Promise<void>;
  close(): void;
}

/**
 * `unreachable`: the service does not answer, or not as it should. `throttled`: the table has no capacity. `denied`: the
 * credentials are refused. `missing`: the table does not exist. `not_ours`: the table has other keys. `unreadable`: an item
 * cannot be understood. `bad_cursor`: the cursor does not belong to the list.
 */
export type StoreErrorCode =
  | 'unreachable'
  | 'throttled'
  | 'denied'
  | 'missing'
  | 'not_ours'
  | 'unreadable'
  | 'bad_cursor';

/** Recognise it by `code` instead of `instanceof`, because a program may contain two copies of this class. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
