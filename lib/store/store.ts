/**
 * What the product remembers, in terms of the domain. Two implementations (dynamo/, memory.ts) pass one contract suite. A
 * store keeps and finds; it never judges, scores or selects.
 */

import type { AlertRecord } from '../health/alerting/alert.ts';
import type { Announcement, AnnouncementOutcome } from '../health/alerting/announcement.ts';
import type { MonitorNoticeKind, NoticeKind } from '../health/alerting/notice.ts';
import type { HealthCheck } from '../health/check.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Transition } from '../health/transition.ts';
import type { DayHistory, HourHistory } from '../health/uptime/history.ts';
import type { WholeDays } from '../health/uptime/past-days.ts';
import type { CheckGroups } from './check-groups.ts';

/** An item that cannot be understood: it costs its provider only, and is shown. */
export interface Unreadable {
  /** The provider's id. */
  provider: string;
  /** What was expected and what was found. */
  reason: string;
}

export interface StatusList {
  /** In id order. */
  statuses: ProviderStatus[];
  unreadable: Unreadable[];
}

export interface StatusStore {
  /** Consistent. Null when there is none. @throws {StoreError} `unreadable` when there is one that cannot be understood. */
  get(provider: string): Promise<ProviderStatus | null>;
  /** Consistent, all of them. */
  list(): Promise<StatusList>;
  /** Consistent, those of these providers that there are: for a small part of many, cheaper than all. */
  some(providers: readonly string[]): Promise<StatusList>;
  /**
   * Writes a status and, in the same write, the transition that made it, on condition that what is stored is the status
   * it was computed from. A write of our own whose answer was lost is recognised and counts as stored.
   *
   * @param basedOn The version that it was computed from; null when there was none.
   * @param notice The notice of this very write; null for none. `transition`: it is the write
   *   that makes `status.lastTransition`.
   */
  put(status: ProviderStatus, basedOn: number | null, notice: NoticeKind | null): Promise<'stored' | 'conflict'>;
  /** @param basedOn Deletes only the status of this version; absent: whichever there is. */
  delete(provider: string, basedOn?: number): Promise<void>;
  /** Leaves a mark: a status was written, and not by a tick. */
  touch(): Promise<void>;
  /** Consistent. Another text after each mark; null when there was none. */
  touched(): Promise<string | null>;
}

/** A provider that was put in through the API or `registerProvider`, as it was written (not yet parsed). */
export interface Registration {
  provider: string;
  /** The provider as in providers.json. */
  input: unknown;
  /** ISO 8601 UTC. */
  registeredAt: string;
}

export interface RegistrationStore {
  /** Consistent, all of them, in id order. */
  list(): Promise<Registration[]>;
  get(provider: string): Promise<Registration | null>;
  put(registration: Registration): Promise<void>;
  /** Whether there was one. */
  delete(provider: string): Promise<boolean>;
}

export interface TimeRange {
  /** ISO 8601 UTC, inclusive. */
  from: string;
  /** ISO 8601 UTC, inclusive. */
  to: string;
}

export interface PageRequest extends TimeRange {
  /** Most items of a page, 1 to 1000. */
  limit: number;
  /** The `next` of the page before; absent for the first. @throws {StoreError} `bad_cursor` when it is not one of ours. */
  cursor?: string;
}

export interface Page<T> {
  /** Newest first. */
  items: T[];
  /** Cursor of the next page; null on the last. A page that is not the last may be short, even empty. */
  next: string | null;
  /** Items of this page that cannot be understood; absent when there are none. */
  unreadable?: Unreadable[];
}

export interface CheckStore {
  /**
   * Idempotent by provider and timestamp. Returns those that were not stored, with no error thrown for them; `error`
   * says why, where the table said more than that it has no capacity now.
   *
   * @param groups Scheduled checks of one time may lie together by these, which costs a twentieth. Absent: each alone.
   */
  put(checks: readonly HealthCheck[], groups?: CheckGroups): Promise<{ unstored: HealthCheck[]; error?: StoreError }>;
  page(provider: string, request: PageRequest): Promise<Page<HealthCheck>>;
}

export interface HourStore {
  /** Idempotent by provider and hour. */
  put(hour: HourHistory): Promise<void>;
  /**
   * Hours that begin within the range, oldest first. One that cannot be understood, or was only half written, is left
   * out like one that is missing: as long as its checks are kept it is made again.
   */
  list(provider: string, range: TimeRange): Promise<HourHistory[]>;
}

export interface DayStore {
  /** Idempotent by provider and day: the newer figures of a day replace the older. */
  put(day: DayHistory): Promise<void>;
  /** Days that begin within the range, oldest first. One that cannot be understood is left out like one that is missing. */
  list(provider: string, range: TimeRange): Promise<DayHistory[]>;
}

export interface FleetDayStore {
  /** Puts the days of the providers of a shard, in place of those that were there. */
  put(shard: string, providers: readonly WholeDays[]): Promise<void>;
  /**
   * Of all shards, by provider: where several have one, as after their number has changed, the newest. What cannot be
   * understood is left out like what is missing: it is made again.
   */
  list(): Promise<Map<string, WholeDays>>;
}

export interface TransitionStore {
  /** Idempotent by id. Whether it was new. */
  put(transition: Transition): Promise<boolean>;
  /** Of one provider, or of all when null. */
  page(provider: string | null, request: PageRequest): Promise<Page<Transition>>;
}

/** What one finished tick left behind. */
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
  /** The monitor's own network failed in this tick, so nothing was believed. */
  monitorFault: boolean;
  /** Tick since which it has failed; kept over ticks in which nothing was due. Absent when it works. */
  faultSince?: string;
}

export interface TickClaim {
  shard: string;
  /** The tick's own time, ISO 8601 UTC. */
  tick: string;
  /** Who claims: the same for a retry of the same invocation. */
  owner: string;
  now: Date;
  /** How long the claim holds against another owner, should this one die. */
  leaseMs: number;
}

export interface TickStore {
  /**
   * `taken` when the tick was finished, when a newer one was claimed, or when another owner holds it. A retry by the
   * same owner, and any owner after the lease, gets it. A claim, a lease or a heartbeat from the future takes no tick:
   * `overridden` when there was one.
   */
  claim(claim: TickClaim): Promise<'claimed' | 'overridden' | 'taken'>;
  /**
   * Leaves the heartbeat, unless a newer tick has left one that is not from the future.
   *
   * @param notice The notice of this very tick; absent or null for none.
   */
  finish(shard: string, heartbeat: Heartbeat, notice?: MonitorNoticeKind | null): Promise<void>;
  /** The newest heartbeat of a shard; null before the first. */
  heartbeat(shard: string): Promise<Heartbeat | null>;
  /** Consistent, in one request: of each shard its newest heartbeat, null before the first. */
  heartbeats(shards: readonly string[]): Promise<(Heartbeat | null)[]>;
}

export interface ManualCheckLimit {
  /** Seconds between two manual checks of one provider. */
  perProviderSeconds: number;
  /** Manual checks in one clock hour, in all. */
  perHour: number;
}

export type ManualCheckAnswer = { granted: true } | { granted: false; retryAfterSeconds: number };

export interface ManualCheckStore {
  /**
   * Takes a manual check of `key` (a provider's id, or `*` for all) from the limits, across instances.
   *
   * @param checks How many it counts as in the hour; more than the hour has count as all of it. Default 1.
   */
  claim(key: string, now: Date, limit: ManualCheckLimit, checks?: number): Promise<ManualCheckAnswer>;
  /** What a claim of one would be answered, and takes nothing. */
  peek(key: string, now: Date, limit: ManualCheckLimit): Promise<ManualCheckAnswer>;
}

/** One alert on its way to one channel. */
export interface Delivery {
  /** The alert's id. */
  alert: string;
  /** The channel's id. */
  channel: string;
}

/** A delivery, and who claimed it. */
export interface HeldDelivery extends Delivery {
  /** Unique for each attempt to send: a claim that was taken over belongs to another attempt. */
  holder: string;
}

export interface DeliveryClaim extends HeldDelivery {
  now: Date;
  /** How long the claim holds against others, should its holder die. */
  leaseMs: number;
}

export type DeliveryOutcome = AnnouncementOutcome;

export interface AlertStore {
  /** Consistent, all of them: what was announced about each provider and the monitor, in the order of their subjects. */
  list(): Promise<AlertRecord[]>;
  /** Of one subject; null when nothing was announced about it. */
  get(subject: string): Promise<AlertRecord | null>;
  /**
   * Writes a record, one version on, over the version that it was made from: `conflict` when another one is stored, so
   * that of two processes that decide at the same time neither undoes what the other decided. A write of our own whose
   * answer was lost counts as stored.
   */
  put(record: AlertRecord): Promise<'stored' | 'conflict'>;
  /**
   * Takes a delivery, so that two that have the same alert send it once. `settled`: it was sent, or will never be.
   * `held`: another process is sending it now, or died over it less than a lease ago.
   */
  claim(claim: DeliveryClaim): Promise<'claimed' | 'settled' | 'held'>;
  /** Says how a claimed delivery ended. */
  settle(delivery: Delivery, outcome: DeliveryOutcome): Promise<void>;
  /** Gives back a delivery that failed, to be claimed again. Does nothing when another one holds it by now. */
  release(delivery: HeldDelivery): Promise<void>;
  /** Records whether a channel took an alert. Recording it twice changes nothing. */
  announce(announcement: Announcement): Promise<void>;
  /** Of alerts about a subject between two times, both included: in the order of the alerts. */
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
  /** Resolves when the table answers and is ours. @throws {StoreError} */
  verify(): Promise<void>;
  close(): void;
}

/**
 * `unreachable`: no answer, or an answer that the service cannot serve now. `throttled`, `denied`: what it says.
 * `missing`: no such table. `not_ours`: a table with other keys. `unreadable`: an item that cannot be understood.
 * `bad_cursor`: a cursor that this store did not give out.
 */
export type StoreErrorCode =
  | 'unreachable'
  | 'throttled'
  | 'denied'
  | 'missing'
  | 'not_ours'
  | 'unreadable'
  | 'bad_cursor';

/** Recognise it by `code`, since two copies of this class may be bundled into one program. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
