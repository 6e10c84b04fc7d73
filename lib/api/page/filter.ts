/** Which providers the page shows: those in some of the states and with the tag that its address asks for. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import { STATES, type State } from '../../health/transition.ts';
import { STATE_WORDS } from '../../wording/terms.ts';
import type { Html } from './html.ts';

/** As the address has it. */
export interface RawFilter {
  state?: string | undefined;
  tag?: string | undefined;
}

export interface Filter {
  /** Empty: all. */
  states: readonly State[];
  tag: string | null;
}

/** An unknown value filters nothing, so an old link still shows the page. */
export function filterOf({ state, tag }: RawFilter): Filter {
  const wanted = (state ?? '').split(',');
  return { states: STATES.filter((one) => wanted.includes(one)), tag: tag || null };
}

export function matches({ states, tag }: Filter, status: AgedStatus): boolean {
  return (states.length === 0 || states.includes(status.state)) && (tag === null || status.tags.includes(tag));
}

/** Links, so that they work without a script, can be sent to others, and go back and forth. */
export function filterNav(filter: Filter, statuses: readonly AgedStatus[]): Html {
  const ofTag = statuses.filter((status) => matches({ ...filter, states: [] }, status));
  const tags = [...new Set(statuses.flatMap((status) => status.tags))].sort();
  const states = STATES.map((state) => ({ state, count: ofTag.filter((status) => status.state === state).length }));
  return html`<nav class="filters" aria-label="Filter">
<ul>
${link('All', { ...filter, states: [] }, filter.states.length === 0, ofTag.length, 'all')}
${states
  .filter(({ state, count }) => count > 0 || filter.states.includes(state))
  .map(({ state, count }) =>
    link(STATE_WORDS[state], { ...filter, states: [state] }, filter.states.includes(state), count, state),
  )}
</ul>
${
  tags.length > 0 &&
  html`<ul class="tags">
${tags.map((tag) => link(tag, { ...filter, tag: filter.tag === tag ? null : tag }, filter.tag === tag, null, `tag-${tag}`))}
</ul>`
}
</nav>`;
}

function link(text: string, filter: Filter, isCurrent: boolean, count: number | null, key: string): Html {
  return html`<li data-key="${key}"><a href="${hrefOf(filter)}"${isCurrent ? html` aria-current="true"` : ''}>${text}${
    count !== null && html` <span>${count}</span>`
  }</a></li>`;
}

function hrefOf({ states, tag }: Filter): string {
  const query = new URLSearchParams();
  if (states.length > 0) query.set('state', states.join(','));
  if (tag !== null) query.set('tag', tag);
  return query.size === 0 ? './' : `?${query}`;
}
