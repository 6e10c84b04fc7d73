/** Incidents as they are read. They are not stored: each reading makes them of transitions. */

import { DAY_MS } from '../../base/time.ts';
import { type Incident, incidentsOf } from '../../health/alerting/incident.ts';
import type { IncidentAddress } from '../../health/alerting/incident-address.ts';
import type { Transition } from '../../health/transition.ts';
import type { TransitionStore } from '../../store/store.ts';

const PAGE_LIMIT = 1000;
/** Some 5 MB of transitions: a month of a large fleet that is often down. */
const MOST_PAGES = 20;
/** How far after its beginning the end of one incident is looked for: most end within a day. */
const HORIZON_DAYS = [1, 30, 400] as const;

export interface ReadTransitions {
  /** Oldest first. */
  transitions: Transition[];
  /** Incidents that began then or later are whole, and counted right. */
  exactFromMs: number;
}

/**
 * Those from a day before `fromMs` on, by which ordinals are counted. With more than `mostPages` hold, the newest.
 *
 * @param provider Null: of all. @throws {StoreError}
 */
export async function readTransitions(
  store: TransitionStore,
  provider: string | null,
  fromMs: number,
  toMs: number,
  mostPages = MOST_PAGES,
): Promise<ReadTransitions> {
  const range = {
    from: new Date(fromMs - DAY_MS).toISOString(),
    to: new Date(toMs).toISOString(),
    limit: PAGE_LIMIT,
  };
  const found: Transition[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await store.page(provider, { ...range, ...(cursor !== null && { cursor }) });
    found.push(...page.items);
    cursor = page.next;
    if (cursor === null) return { transitions: found.reverse(), exactFromMs: fromMs };
  }
  const oldest = found.at(-1);
  return { transitions: found.reverse(), exactFromMs: oldest ? Date.parse(oldest.at) + DAY_MS : fromMs };
}

export interface IncidentStory {
  incident: Incident;
  /** From its beginning to its end, oldest first. */
  transitions: readonly Transition[];
}

/**
 * The incident of a provider that began at a time or lasted then; null when there was none.
 *
 * @throws {StoreError}
 */
export async function readIncident(
  store: TransitionStore,
  { provider, at }: IncidentAddress,
  now: Date,
): Promise<IncidentStory | null> {
  const atMs = Date.parse(at);
  let story: IncidentStory | null = null;
  for (const days of HORIZON_DAYS) {
    const toMs = Math.min(now.getTime(), atMs + days * DAY_MS);
    const { transitions } = await readTransitions(store, provider, atMs, toMs);
    const incident = incidentsOf(transitions).find(
      ({ openedAt, closedAt }) => openedAt <= at && (closedAt === null || closedAt > at),
    );
    if (!incident) return null;
    story = { incident, transitions: transitions.filter((one) => isWithin(incident, one)) };
    if (incident.closedAt !== null || toMs === now.getTime()) break;
  }
  return story;
}

function isWithin({ openedAt, closedAt }: Incident, { at }: Transition): boolean {
  return at >= openedAt && (closedAt === null || at <= closedAt);
}
