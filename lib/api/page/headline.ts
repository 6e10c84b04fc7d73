/** The headline of the overview: the health of the fleet in one sentence, and the providers that have trouble. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import { durationText, plural } from '../../wording/figures.ts';
import { type Look, lookOf, type Standing, standingOf } from '../../wording/status-words.ts';
import type { Html } from './html.ts';
import { EVERYTHING, hrefOf, NOT_WORKING, type View } from './list/view.ts';

/** The most names in a sentence. With more providers it names only NAMED_OF_MANY, and links to the rest. */
const NAMED = 5;
const NAMED_OF_MANY = 3;

export interface Headline {
  look: Look;
  text: string;
  /** Further sentences; may be empty. */
  details: Html[];
}

export interface MonitorNews {
  /** Milliseconds since the end of the last tick; null before the first. */
  tickAgeMs: number | null;
  /** The last tick ended ahead of the clock, so a clock is wrong. */
  isTickAhead: boolean;
  /** The last tick is more than three tick intervals old, or from the future. */
  isSilent: boolean;
  /** The monitor's own network failed in the last tick. */
  isFaulty: boolean;
}

export function headlineOf(statuses: readonly AgedStatus[], unreadable: number, monitor: MonitorNews): Headline {
  const enabled = statuses.filter((status) => status.enabled);
  const by = (one: Standing, look?: Look) =>
    enabled.filter((status) => standingOf(status) === one && (look === undefined || lookOf(status) === look));
  const failing = (look: Look) => [...by('unhealthy', look), ...by('blacklisted', look)].sort(byId);
  const [down, ours, recovering, degraded] = [failing('bad'), failing('ours'), by('recovering'), by('degraded')];
  const unknown = [...by('stale'), ...by('unknown')].sort(byId);
  const notWorking = { ...EVERYTHING, standings: NOT_WORKING };
  const details = [
    ...(down.length > 0 ? [namesOf(down, 'down by the provider’s fault', notWorking)] : []),
    ...(ours.length > 0 ? [namesOf(ours, 'needs our fix', notWorking)] : []),
    ...(recovering.length > 0 ? [namesOf(recovering, 'recovering', notWorking)] : []),
    ...(degraded.length > 0 ? [namesOf(degraded, 'degraded', { ...EVERYTHING, standings: ['degraded'] })] : []),
    ...(unknown.length > 0 && unknown.length < enabled.length
      ? [namesOf(unknown, 'not known now', { ...EVERYTHING, standings: ['stale', 'unknown'] })]
      : []),
    ...(unreadable > 0 ? [html`${plural(unreadable, 'status', 'statuses')} cannot be read.`] : []),
  ];
  if (monitor.isSilent) return { look: 'off', text: 'The monitor is silent', details: [silence(monitor), ...details] };
  if (monitor.isFaulty) return { look: 'off', text: 'The monitor’s own network failed', details: [FAULT, ...details] };
  const counts = {
    all: enabled.length,
    notWorking: down.length + ours.length + recovering.length,
    recovering: recovering.length,
    degraded: degraded.length,
    unknown: unknown.length,
    stale: by('stale').length,
  };
  return { ...verdict(counts, down.length > 0), details };
}

function byId(a: AgedStatus, b: AgedStatus): number {
  return a.provider < b.provider ? -1 : 1;
}

interface Counts {
  /** Enabled providers. */
  all: number;
  /** Includes the recovering providers. */
  notWorking: number;
  recovering: number;
  degraded: number;
  /** Includes the stale providers. */
  unknown: number;
  stale: number;
}

function verdict(counts: Counts, isOutage: boolean): Omit<Headline, 'details'> {
  const { all, notWorking, recovering, degraded, unknown, stale } = counts;
  const look = isOutage ? 'bad' : notWorking > recovering ? 'ours' : 'warn';
  if (all === 0) return { look: 'off', text: 'No provider is monitored yet' };
  if (unknown === all) {
    return { look: 'off', text: stale > 0 ? 'No provider was checked lately' : 'Waiting for the first checks' };
  }
  if (notWorking === recovering && recovering > 0) {
    return { look, text: all === 1 ? 'The provider is recovering' : `${recovering} of ${all} providers recovering` };
  }
  if (notWorking === all) {
    return { look, text: all === 1 ? 'The provider does not work' : `None of the ${all} providers works` };
  }
  if (notWorking > 0) return { look, text: `${notWorking} of ${all} providers not working` };
  if (degraded > 0) return { look: 'warn', text: `All work, ${degraded} of ${all} degraded` };
  if (unknown > 0) return { look: 'ok', text: `All known providers are healthy` };
  return { look: 'ok', text: all === 1 ? 'The provider is healthy' : `All ${all} providers are healthy` };
}

const FAULT = html`Almost all providers failed at once, and so did the witness hosts. That tick changed no status.`;

function silence({ tickAgeMs, isTickAhead }: MonitorNews): Html {
  if (isTickAhead)
    return html`The last tick says that it ended ${durationText(tickAgeMs ?? 0)} from now: a clock is wrong.`;
  const last = tickAgeMs === null ? 'There was no tick yet.' : `The last tick was ${durationText(tickAgeMs)} ago.`;
  return html`${last} The statuses below may be out of date.`;
}

/** @param view The view that lists the rest. */
function namesOf(statuses: readonly AgedStatus[], what: string, view: View): Html {
  const named = statuses
    .slice(0, statuses.length > NAMED ? NAMED_OF_MANY : NAMED)
    .map(({ provider }) => html`<a href="providers/${provider}">${provider}</a>`);
  const more = statuses.length - named.length;
  const items = more > 0 ? [...named, html`<a href="${hrefOf(view)}" data-view>${more} more</a>`] : named;
  const list = items.map((item, i) => (i === 0 ? item : html`${i === items.length - 1 ? ' and ' : ', '}${item}`));
  return html`${list}: ${what}.`;
}
