/** Incidents, made of transitions: when a provider stopped working, why, and when it worked again. */

import { DAY_MS } from '../../base/time.ts';
import type { Category, Fault } from '../category.ts';
import { isDown } from '../state.ts';
import type { Transition } from '../transition.ts';

export interface Incident {
  /** Of the transition that opened it. */
  id: string;
  provider: string;
  /** ISO 8601 UTC. */
  openedAt: string;
  /** ISO 8601 UTC; null while it lasts. */
  closedAt: string | null;
  /** Whose fault the failure was that opened it. */
  fault: Fault | null;
  /** Why it failed, as the transitions say: the reason that opened it first, each once. */
  categories: readonly Category[];
  /** Of the failure that opened it; at most 300 characters, without secrets. */
  errorMessage: string | null;
  /** Which of the provider's incidents in the 24 hours before it began, from 1. */
  ordinal: number;
}

/**
 * The incidents that begin among these transitions, the newest first. One that began before them is left out.
 *
 * @param transitions Oldest first, of any number of providers. For exact ordinals they begin 24 hours before the first
 *   incident that is asked for.
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
