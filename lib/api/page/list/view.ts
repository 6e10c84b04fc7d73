/** The view that the overview's address selects: which providers, in which order, and which page. */

import { isNotWorking, STANDINGS, type Standing } from '../../../wording/status-words.ts';

/** The view's parameters in the address. */
export interface RawView {
  state?: string | undefined;
  tag?: string | undefined;
  q?: string | undefined;
  sort?: string | undefined;
  page?: string | undefined;
}

/**
 * `trouble`: the worst first. The other orders begin with what an operator looks for: the slowest, the least usable.
 */
export const SORTS = ['trouble', 'name', 'response', 'usable', 'routing'] as const;

export type Sort = (typeof SORTS)[number];

export interface View {
  /** Empty: all. */
  standings: readonly Standing[];
  tag: string | null;
  /** Text within an id, a model or a tag; empty: all. */
  search: string;
  sort: Sort;
  isReversed: boolean;
  /** From 1. */
  page: number;
}

export const NOT_WORKING: readonly Standing[] = STANDINGS.filter(isNotWorking);

/** In the address, `state=not-working` stands for all standings that do not work. */
const NOT_WORKING_NAME = 'not-working';

export const EVERYTHING: View = {
  standings: [],
  tag: null,
  search: '',
  sort: 'trouble',
  isReversed: false,
  page: 1,
};

const LONGEST_SEARCH = 100;

/** Ignores unknown values, so that an old link still shows the page. */
export function viewOf({ state = '', tag, q = '', sort = '', page = '' }: RawView): View {
  const wanted: readonly string[] = state
    .split(',')
    .flatMap((name) => (name === NOT_WORKING_NAME ? [...NOT_WORKING] : name));
  const name = sort.replace(/^-/, '');
  return {
    standings: STANDINGS.filter((one) => wanted.includes(one)),
    tag: tag || null,
    search: q.trim().slice(0, LONGEST_SEARCH),
    sort: SORTS.find((one) => one === name) ?? 'trouble',
    isReversed: sort.startsWith('-'),
    page: /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1,
  };
}

export function isFiltered({ standings, tag, search }: View): boolean {
  return standings.length > 0 || tag !== null || search !== '';
}

export function isOfStandings({ standings }: Pick<View, 'standings'>, others: readonly Standing[]): boolean {
  return standings.length === others.length && others.every((one) => standings.includes(one));
}

/** The address of the view with some changes, beginning at its first page. */
export function hrefOf(view: View, change: Partial<View> = {}): string {
  const { standings, tag, search, sort, isReversed, page } = { ...view, page: 1, ...change };
  const query = new URLSearchParams();
  if (standings.length > 0) query.set('state', statesText(standings));
  if (tag !== null) query.set('tag', tag);
  if (search !== '') query.set('q', search);
  const order = sortText({ sort, isReversed });
  if (order !== '') query.set('sort', order);
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? './' : `./?${query}`;
}

export function statesText(standings: readonly Standing[]): string {
  return isOfStandings({ standings }, NOT_WORKING) ? NOT_WORKING_NAME : standings.join(',');
}

/** The order's parameter; empty for the default order. */
export function sortText({ sort, isReversed }: Pick<View, 'sort' | 'isReversed'>): string {
  return sort === 'trouble' && !isReversed ? '' : `${isReversed ? '-' : ''}${sort}`;
}
