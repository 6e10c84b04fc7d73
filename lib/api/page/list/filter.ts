/**
 * The filter, the search and the order above the list. All are links or a form, so that they
 * work without a script, can be shared, and work with the back button. `data-view` marks the links that the script
 * loads in place.
 */

import { html } from 'hono/html';
import type { AgedStatus } from '../../../health/aged-status.ts';
import { countText } from '../../../wording/figures.ts';
import { isNotWorking, STANDING_WORDS, STANDINGS, type Standing, standingOf } from '../../../wording/status-words.ts';
import type { Html } from '../html.ts';
import { matches } from './order.ts';
import { hrefOf, isOfStandings, NOT_WORKING, type Sort, sortText, statesText, type View } from './view.ts';

/** The most tags in the line: the tags with the most providers. */
const MOST_TAGS = 12;

export function filterNav(view: View, statuses: readonly AgedStatus[]): Html {
  const standings = statuses.filter((status) => matches({ ...view, standings: [] }, status)).map(standingOf);
  const count = (standing: string) => standings.filter((one) => one === standing).length;
  const notWorking = standings.filter(isNotWorking).length;
  const others = STANDINGS.filter((one) => !isNotWorking(one));
  const tags = commonTags(statuses, view.tag);
  const tab = (text: string, selected: readonly Standing[], found: number, key: string) =>
    link({
      text,
      href: hrefOf(view, { standings: selected }),
      isCurrent: isOfStandings(view, selected),
      count: found,
      key,
    });
  return html`<div class="filters"><nav aria-label="Filter">
<ul>
${tab('All', [], standings.length, 'all')}
${tab('Not working', NOT_WORKING, notWorking, 'broken')}
${others
  .filter((one) => count(one) > 0 || isOfStandings(view, [one]))
  .map((one) => tab(STANDING_WORDS[one], [one], count(one), one))}
</ul>
${
  tags.length > 0 &&
  html`<ul class="tags">
${tags.map((tag) => {
  const isCurrent = view.tag === tag;
  return link({ text: tag, href: hrefOf(view, { tag: isCurrent ? null : tag }), isCurrent, key: `tag-${tag}` });
})}
</ul>`
}
</nav>
<form class="search" role="search" action="./" method="get"><input type="search" name="q" value="${view.search}" placeholder="Search" aria-label="Search providers, models and tags" aria-keyshortcuts="/" maxlength="100" autocomplete="off" spellcheck="false" data-keep>${hidden('state', statesText(view.standings))}${hidden('tag', view.tag ?? '')}${hidden('sort', sortText(view))}</form>
</div>`;
}

function commonTags(statuses: readonly AgedStatus[], chosen: string | null): string[] {
  const counts = new Map<string, number>();
  for (const tag of statuses.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const common = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_TAGS);
  return [...new Set([...common.map(([tag]) => tag), ...(chosen === null ? [] : [chosen])])].sort();
}

interface Link {
  text: string;
  href: string;
  isCurrent: boolean;
  /** How many providers it selects. Absent: not shown. */
  count?: number;
  /** Its identity, so that a refresh finds it again. */
  key: string;
}

function link({ text, href, isCurrent, count, key }: Link): Html {
  return html`<li data-key="${key}"><a href="${href}" data-view${isCurrent ? html` aria-current="true"` : ''}>${text}${
    count !== undefined && html` <span>${countText(count)}</span>`
  }</a></li>`;
}

function hidden(name: string, value: string): Html | '' {
  return value === '' ? '' : html`<input type="hidden" name="${name}" value="${value}">`;
}

/** The columns, and how each sorts the list. */
const COLUMNS: readonly { sort: Sort | null; text: string; title: string }[] = [
  { sort: 'name', text: 'Provider', title: 'Sort by name' },
  { sort: 'trouble', text: 'State', title: 'Sort by trouble: what does not work first' },
  { sort: 'response', text: 'Response', title: 'The last checks; sort by the response time of the last one' },
  { sort: 'usable', text: 'Usable', title: 'Share of the checks that callers could have used; sort by it' },
  {
    sort: 'routing',
    text: 'Routing',
    title: 'Routing score: routers use the highest first. 0.6 for speed, 0.4 for the success of the last 20 checks',
  },
  { sort: null, text: 'Checked', title: '' },
];

/** @param past What the bars of the column "Usable" show. */
export function columns(view: View, past: string): Html {
  return html`<nav class="columns" aria-label="Sort">${COLUMNS.map(({ sort, text, title }) => {
    if (sort === null) return html`<span>${text}</span>`;
    const isCurrent = view.sort === sort;
    const href = hrefOf(view, { sort, isReversed: isCurrent && !view.isReversed });
    const arrow = isCurrent ? html` aria-current="true" class="${view.isReversed ? 'up' : 'down'}"` : '';
    return html`<span><a href="${href}" data-view title="${title}"${arrow}>${text}</a>${sort === 'usable' && html` <i>${past}</i>`}</span>`;
  })}</nav>`;
}
