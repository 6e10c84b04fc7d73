/** Checks the rules that must hold after every random schedule. */

import { expect } from 'vitest';
import { type AlertProblem, MONITOR_SUBJECT } from '../../../lib/health/alerting/alert.ts';
import { ALERT_DEFAULTS } from '../../../lib/health/alerting/alert-settings.ts';
import { problemOf } from '../../../lib/health/alerting/problem.ts';
import type { HealthCheck } from '../../../lib/health/check.ts';
import { endedStatus } from '../../../lib/health/ended-status.ts';
import { nextStatus, unknownStatus, withPolicy } from '../../../lib/health/next-status.ts';
import type { ProviderConfig } from '../../../lib/health/provider.ts';
import { isDown, isWorking } from '../../../lib/health/state.ts';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import type { Transition } from '../../../lib/health/transition.ts';
import { withoutFuture } from '../../../lib/health/without-future.ts';
import { readIncidents } from '../../../lib/history/incidents.ts';
import type { Store } from '../../../lib/store/store.ts';
import { at, minute, START } from '../../support/builders.ts';
import type { Written } from './around.ts';
import type { Life } from './live.ts';

/** A status with the writes that led to it, the first one first. */
type Chain = readonly Written[];

export async function judge(life: Life, written: readonly Written[], store: Store): Promise<void> {
  judgeReports(life);
  const { statuses, unreadable } = await store.statuses.list();
  const registered = (await store.registrations.list()).map(({ provider }) => provider);
  expect(unreadable).toEqual([]);
  expect(
    statuses.map(({ provider }) => provider),
    'S6: each provider has a status, and nothing else has one',
  ).toEqual([...life.declared, ...registered]);
  const everything = writesOf(written);
  for (const status of statuses) {
    const settings = life.configs.get(status.provider);
    const config = settings && { ...settings, enabled: status.enabled };
    if (config === undefined) throw new Error(`there is no provider ${status.provider}`);
    const chain = chainTo(status, everything, config, life.wrongTimes);
    if (life.wrongTimes.length > 0) await judgeWithoutOrder(chain, status.provider, store);
    else {
      await judgeChecks(chain, status, config, store);
      await judgeTransitions(chain, status.provider, store);
    }
  }
  await judgeAlerts(life, statuses, store);
  if (life.wrongTimes.length === 0) await judgeIncidents(statuses, store);
}

function judgeReports({ reports }: Life): void {
  const counted = reports.map(({ due, stored, failed, skipped }) => {
    const ids = [stored, failed.map(({ provider }) => provider), skipped.map(({ provider }) => provider)].flat();
    return { due, reported: ids.length, different: new Set(ids).size };
  });
  expect(counted, 'T3: stored + failed + skipped = due, each once').toEqual(
    counted.map(({ due }) => ({ due, reported: due, different: due })),
  );
  const taken = reports.filter(({ outcome, due }) => outcome !== 'done' && due > 0);
  expect(taken, 'T4, T12: a tick that did nothing had nothing due').toEqual([]);
}

async function judgeChecks(chain: Chain, status: ProviderStatus, config: ProviderConfig, store: Store): Promise<void> {
  const checks = checksOf(chain);
  const times = checks.map(({ timestamp }) => timestamp);
  expect(times, 'T4: no older result over a newer one').toEqual([...new Set(times)].toSorted());
  const first = chain[0]?.status;
  const unknown = unknownStatus(config, new Date(first?.lastCheck?.timestamp ?? first?.since ?? START));
  const recorded = await recordedChecks(store, status.provider);
  // A provider that was removed and added again has older checks.
  const ofThisLife = recorded.filter(({ timestamp }) => timestamp >= (times[0] ?? unknown.since));
  expect(
    ofThisLife.map(({ timestamp, trigger }) => [timestamp, trigger]),
    'S7: the recorded checks are those that counted',
  ).toEqual(checks.map(({ timestamp, trigger }) => [timestamp, trigger]));
  const ends = (await recordedTransitions(store, status.provider)).filter(({ to }) => to === 'unknown');
  const happened = [
    ...ofThisLife.map((check) => ({
      time: check.timestamp,
      after: (before: ProviderStatus) => nextStatus(before, check, config)?.status ?? before,
    })),
    ...ends.map(({ at: time }) => ({ time, after: (before: ProviderStatus) => endedStatus(before) ?? before })),
  ].sort((a, b) => (a.time < b.time ? -1 : 1));
  const replay = happened.reduce((before, { after }) => after(before), unknown);
  const replayed = withPolicy(replay, config) ?? replay;
  // A checker notices only with its next tick that another process has recorded a transition. The status of a disabled
  // provider is not written again, so it goes on carrying checks.
  const uncarried = { unrecordedTransitions: undefined, version: 0, ...(!status.enabled && { unrecorded: undefined }) };
  expect({ ...replayed, ...uncarried }, 'S3: the replay').toEqual({ ...status, ...uncarried });
}

/** T12: what must be true when clocks differ, so that times do not show the order of events. */
async function judgeWithoutOrder(chain: Chain, provider: string, store: Store): Promise<void> {
  const inOrder = checksOf(chain).map(({ timestamp }) => timestamp);
  inOrder.forEach((time, i) => {
    const before = i === 0 ? -1 : inOrder.lastIndexOf(time, i - 1);
    const span = inOrder.slice(before, i + 1);
    const isOverridden = span.some((one, k) => one < (span[k - 1] ?? ''));
    if (before >= 0) expect(isOverridden, `T12: ${time} counts again only after an override`).toBe(true);
  });
  const times = [...new Set(inOrder)];
  const recorded = (await recordedChecks(store, provider)).map(({ timestamp }) => timestamp);
  const transitions = transitionsOf(chain);
  transitions.forEach((transition, i) => {
    expect(transition.from, 'S3: transitions alternate').toBe(i === 0 ? 'unknown' : transitions[i - 1]?.to);
  });
  const listed = (await recordedTransitions(store, provider)).map(essenceOf);
  // A provider that was removed and added again has older transitions.
  const ofThisLife = (all: readonly string[], own: readonly string[]): string[] =>
    provider !== 'alpha' ? all.filter((one) => own.includes(one)) : [...all];
  expect(ofThisLife(recorded, times).sort(), 'S7: the recorded checks are those that counted').toEqual(times.sort());
  const happened = transitions.map(essenceOf);
  expect(
    listed.filter((one) => provider === 'alpha' && !happened.includes(one)),
    'S1: each recorded transition happened',
  ).toEqual([]);
  // Of two with the same time, the first one is listed.
  const idOf = (essence: string) => essence.split(' ')[0];
  const ids = new Set(listed.map(idOf));
  expect(
    happened.filter((one) => !ids.has(idOf(one))),
    'S1: each transition is recorded',
  ).toEqual([]);
}

const essenceOf = ({ id, from, to }: Transition) => `${id} ${from} ${to}`;

/** In the order of the writes. */
function transitionsOf(chain: Chain): Transition[] {
  return chain.flatMap(({ status: { lastTransition } }, i) => {
    const before = chain[i - 1]?.status.lastTransition;
    return lastTransition && !(before && essenceOf(before) === essenceOf(lastTransition)) ? [lastTransition] : [];
  });
}

async function judgeTransitions(chain: Chain, provider: string, store: Store): Promise<void> {
  const transitions = transitionsOf(chain);
  transitions.forEach((transition, i) => {
    expect(transition.from, 'S3: transitions alternate').toBe(i === 0 ? 'unknown' : transitions[i - 1]?.to);
    expect(transition.to).not.toBe(transition.from);
    expect(transition.at > (transitions[i - 1]?.at ?? '')).toBe(true);
  });
  const recorded = await recordedTransitions(store, provider);
  const ofThisLife = recorded.filter((transition) => transition.at >= (transitions[0]?.at ?? '9'));
  expect(
    ofThisLife.map(({ at: time, from, to }) => [time, from, to]),
    'S1: the recorded transitions are those that happened',
  ).toEqual(transitions.map(({ at: time, from, to }) => [time, from, to]));
}

async function judgeAlerts(life: Life, statuses: readonly ProviderStatus[], store: Store): Promise<void> {
  expect([...life.unsent], 'S1: every alert was sent').toEqual([]);
  const { sent, doubled } = life.deliveries;
  expect(doubled, 'S1: no alert is sent twice').toEqual([]);
  const records = new Map((await store.alerts.list()).map((record) => [record.subject, record]));
  for (const status of statuses) {
    const record = records.get(status.provider);
    if (record?.quiet || !status.enabled) continue;
    const isOpen = (record?.open ?? null) !== null;
    if (isWorking(status.state)) expect(isOpen, `S1: an end of ${status.provider} is missing`).toBe(false);
    else if (problemOf(status, ALERT_DEFAULTS.alertAfter) !== null)
      expect(isOpen, 'S1: a problem is missing').toBe(true);
  }
  const checked = statuses.filter(({ enabled }) => enabled).map(({ provider }) => provider);
  const open = [...records.values()].filter((record) => record.open !== null).map(({ subject }) => subject);
  expect(
    open.filter((subject) => subject !== MONITOR_SUBJECT && !checked.includes(subject)),
    'S1: a problem ends when its provider is no longer checked',
  ).toEqual([]);
  // When clocks differ, the code that announces statuses does not know which of two is newer.
  if (life.wrongTimes.length > 0) return;
  for (const provider of life.configs.keys()) {
    const ids = sent.map(({ id }) => id);
    const own = sent.filter((alert, i) => alert.provider === provider && ids.indexOf(alert.id) === i);
    let open: AlertProblem | null = null;
    for (const { phase, problem, id } of own) {
      if (phase === 'opened') expect(isNews(open, problem), `S1: ${id} announces again what is known`).toBe(true);
      else expect(open, `S1: ${id} is about what was not announced`).not.toBeNull();
      open = phase === 'recovered' ? null : problem;
    }
  }
}

async function judgeIncidents(statuses: readonly ProviderStatus[], store: Store): Promise<void> {
  const range = { provider: null, fromMs: Date.parse(EVERYTHING.from), toMs: Date.parse(EVERYTHING.to) };
  const { incidents } = await readIncidents(store.transitions, range);
  const lasting = incidents.filter(({ closedAt }) => closedAt === null).map(({ provider }) => provider);
  expect(lasting.sort(), 'S1: an incident lasts exactly while its provider is checked and is down').toEqual(
    statuses.filter(({ enabled, state }) => enabled && isDown(state)).map(({ provider }) => provider),
  );
}

/** A problem may turn into a worse one, and flapping into the state that it settles to. */
function isNews(open: AlertProblem | null, problem: AlertProblem): boolean {
  if (open === null || open === 'flapping') return open !== problem;
  return open === 'outage' && problem === 'action_needed';
}

const EVERYTHING = { from: at(-60_000), to: minute(1000), limit: 1000 };

/** Oldest first. */
async function recordedChecks(store: Store, provider: string): Promise<HealthCheck[]> {
  const { items, next } = await store.checks.page(provider, EVERYTHING);
  expect(next).toBeNull();
  return items.reverse();
}

/** Oldest first. */
async function recordedTransitions(store: Store, provider: string): Promise<Transition[]> {
  const { items, next } = await store.transitions.page(provider, EVERYTHING);
  expect(next).toBeNull();
  return items.reverse();
}

/**
 * The writes by provider and version. A provider that was removed and added again has the same version more than once.
 */
type Writes = ReadonlyMap<string, readonly Written[]>;

function writesOf(written: readonly Written[]): Writes {
  const writes = new Map<string, Written[]>();
  for (const one of written) {
    const key = versionKey(one.status.provider, one.status.version);
    writes.set(key, [...(writes.get(key) ?? []), one]);
  }
  return writes;
}

const versionKey = (provider: string, version: number) => `${provider} ${version}`;

/**
 * The statuses that each one was computed from, back to the first of its provider; fails if one of them was never
 * written.
 */
function chainTo(status: ProviderStatus, writes: Writes, settings: ProviderConfig, wrongTimes: readonly Date[]): Chain {
  // A provider may have been enabled and disabled on the way.
  const config = { ...settings, enabled: status.enabled };
  const own = writes.get(versionKey(status.provider, status.version))?.findLast((one) => same(one.status, status));
  if (own === undefined) throw new Error(`no process wrote ${JSON.stringify(status)}`);
  if (own.basedOn === null) {
    const first = unknownStatus(config, new Date(status.since));
    const check = status.lastCheck;
    const born = check && nextStatus(unknownStatus(config, new Date(check.timestamp)), check, config)?.status;
    expect(same(first, status) || same(born, status)).toBe(true);
    return [own];
  }
  const before = writes
    .get(versionKey(status.provider, own.basedOn))
    ?.find(
      (one) =>
        isStep(one.status, status, config) ||
        wrongTimes.some((now) => isStep(withoutFuture(one.status, now), status, config)),
    );
  if (before === undefined) throw new Error(`no rule leads from version ${own.basedOn} to ${JSON.stringify(status)}`);
  return [...chainTo(before.status, writes, config, wrongTimes), own];
}

function isStep(before: ProviderStatus, after: ProviderStatus, config: ProviderConfig): boolean {
  const checked = after.lastCheck && nextStatus(before, after.lastCheck, config)?.status;
  return same(checked, after) || same(withPolicy(before, config), after) || same(endedStatus(before), after);
}

/** The checks that made the status, oldest first. */
function checksOf(chain: Chain): HealthCheck[] {
  return chain.flatMap(({ status }, i) => {
    const check = status.lastCheck;
    return check && check.timestamp !== chain[i - 1]?.status.lastCheck?.timestamp ? [check] : [];
  });
}

/** Whether a rule gave the status. Its unrecorded checks and transitions are not compared. */
function same(given: ProviderStatus | null | undefined, status: ProviderStatus): boolean {
  if (!given) return false;
  const carried = { unrecorded: undefined, unrecordedTransitions: undefined };
  return isEqual({ ...given, ...carried }, { ...status, ...carried });
}

/**
 * Compares as the table does: absent and undefined are the same. Stops at the first difference, which most pairs have
 * early.
 */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in one) if (!isEqual(one[key], other[key])) return false;
  for (const key in other) if (one[key] === undefined && other[key] !== undefined) return false;
  return true;
}
