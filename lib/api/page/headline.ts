/** The overall line: how the fleet is, in one sentence, and who is the matter. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import { durationText, plural } from '../../wording/figures.ts';
import { type Look, lookOf } from '../../wording/status-words.ts';
import type { Html } from './html.ts';

/** Names that one sentence can bear. */
const NAMED = 5;

export interface Headline {
  look: Look;
  text: string;
  /** More about it; may be empty. */
  details: Html[];
}

export interface MonitorNews {
  /** Milliseconds between the end of the last tick and now; null before the first. */
  tickAgeMs: number | null;
  /** The last tick ended ahead of the clock, so a clock is wrong. */
  isTickAhead: boolean;
  /** No tick for 3 times the time between two, or none that can be believed. */
  isSilent: boolean;
  /** The monitor's own network failed in the last tick. */
  isFaulty: boolean;
}

export function headlineOf(statuses: readonly AgedStatus[], unreadable: number, monitor: MonitorNews): Headline {
  const enabled = statuses.filter((status) => status.enabled);
  const by = (look: Look) => enabled.filter((status) => lookOf(status) === look);
  const [down, ours, warn, off] = [by('bad'), by('ours'), by('warn'), by('off')];
  const details = [
    ...(down.length > 0 ? [namesOf(down, 'down by the provider’s fault')] : []),
    ...(ours.length > 0 ? [namesOf(ours, 'needs our fix')] : []),
    ...(warn.length > 0 ? [namesOf(warn, 'degraded')] : []),
    ...(off.length > 0 && off.length < enabled.length ? [namesOf(off, 'not known now')] : []),
    ...(unreadable > 0 ? [html`${plural(unreadable, 'status', 'statuses')} cannot be read.`] : []),
  ];
  if (monitor.isSilent) return { look: 'off', text: 'The monitor is silent', details: [silence(monitor), ...details] };
  if (monitor.isFaulty) return { look: 'off', text: 'The monitor’s own network failed', details: [FAULT, ...details] };
  return { ...verdict(enabled.length, down.length + ours.length, warn.length, off.length, down.length > 0), details };
}

function verdict(
  all: number,
  notWorking: number,
  degraded: number,
  unknown: number,
  isOutage: boolean,
): Omit<Headline, 'details'> {
  const look = isOutage ? 'bad' : 'ours';
  if (all === 0) return { look: 'off', text: 'No provider is monitored yet' };
  if (unknown === all) return { look: 'off', text: 'Waiting for the first checks' };
  if (notWorking === all) return { look, text: all === 1 ? 'The provider is down' : `All ${all} providers are down` };
  if (notWorking > 0) return { look, text: `${notWorking} of ${all} providers down` };
  if (degraded > 0) return { look: 'warn', text: `All work, ${degraded} of ${all} degraded` };
  if (unknown > 0) return { look: 'ok', text: `All known providers are healthy` };
  return { look: 'ok', text: all === 1 ? 'The provider is healthy' : `All ${all} providers are healthy` };
}

const FAULT = html`Almost everything failed at once, and so did hosts that have nothing to do with it: that tick changed nothing.`;

function silence({ tickAgeMs, isTickAhead }: MonitorNews): Html {
  if (isTickAhead)
    return html`The last tick says that it ended ${durationText(tickAgeMs ?? 0)} from now: a clock is wrong.`;
  const last = tickAgeMs === null ? 'There was no tick yet.' : `The last tick was ${durationText(tickAgeMs)} ago.`;
  return html`${last} What follows may no longer hold.`;
}

function namesOf(statuses: readonly AgedStatus[], what: string): Html {
  const named = statuses.slice(0, NAMED).map(({ provider }) => html`<a href="#p-${provider}">${provider}</a>`);
  const more = statuses.length - named.length;
  const items = more > 0 ? [...named, html`${more} more`] : named;
  const list = items.map((item, i) => (i === 0 ? item : html`${i === items.length - 1 ? ' and ' : ', '}${item}`));
  return html`${list}: ${what}.`;
}
