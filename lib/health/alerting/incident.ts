/** Makes incidents from transitions: when a provider stopped working, why, and when it worked again. */

import { DAY_MS } from '../../base/time.ts';
import type { Category, Fault } from '../category.ts';
import { isDown } from '../state.ts';
import type { Transition } from '../transition.ts';

export interface Incident {
  /** Id of the transition that opened it. */
  id: string;
  provider: string;
  /** ISO 8601 UTC. */
  openedAt: string;
  /** ISO 8601 UTC; null while it lasts. */
  closedAt: string | null;
  /** Fault of the failure that opened it. */
  fault: Fault | null;
  /** Categories of its failures, without repetition. The first one opened it. */
  categories: readonly Category[];
  /** Error of the failure that opened it; at most 300 characters, without secrets. */
  errorMessage: string | null;
  /** Which incident of the provider this is within 24 hours, from 1. */
  ordinal: number;
}

/**
 * The incidents that begin within these transitions, newest first. An incident that began earlier is left out.
 *
 * @param transitions Transitions of any number of providers, oldest first. They must begin 24 hours before the first incident
 *   that the caller needs, so that its ordinal is exact.
 */
export function incidentsOf(transitions: readonly Transition[]): Incident[] {
  const incidents: Incident[] = [];
  const open = new Map<string, number>();
  const begun = new Map<string, string[]>();
  for (const transition of transitions) {
    const { provider, at } = transition;
    const index = open.get(provider);
    const current = index === undefined ? undefined : incidents[index];
    if (isDown(transition.to)) {
      if (current && index !== undefined) incidents[index] = worsened(current, transition);
      else if (!isDown(transition.from)) {
        const times = [...(begun.get(provider) ?? []).filter((time) => withinDay(time, at)), at];
        begun.set(provider, times);
        open.set(provider, incidents.length);
        incidents.push(openedBy(transition, times.length));
      }
    } else if (current && index !== undefined) {
      incidents[index] = { ...current, closedAt: at };
      open.delete(provider);
    }
  }
  return incidents.reverse();
}

function withinDay(time: string, at: string): boolean {
  return Date.parse(at) - Date.parse(time) < DAY_MS;
}

function openedBy({ id, provider, at, category, fault, errorMessage }: Transition, ordinal: number): Incident {
  const categories = category === null ? [] : [category];
  return { id, provider, openedAt: at, closedAt: null, fault, categories, errorMessage, ordinal };
}

function worsened(incident: Incident, { category }: Transition): Incident {
  if (category === null || incident.categories.includes(category)) return incident;
  return { ...incident, categories: [...incident.categories, category] };
}
