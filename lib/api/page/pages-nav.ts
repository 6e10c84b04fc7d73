/** Below a list: the page that is shown, and the links to those beside it. */

import { html } from 'hono/html';
import type { Html } from './html.ts';

export interface PagesNav {
  current: number;
  pages: number;
  hrefOf: (page: number) => string;
  /** On the links to the page before and the page after. */
  words: readonly [back: string, on: string];
  /** What is shown now. */
  text: string;
}

/** Nothing where one page holds all. */
export function pagesNav({ current, pages, hrefOf, words: [back, on], text }: PagesNav): Html | '' {
  if (pages <= 1) return '';
  const step = (word: string, page: number, rel: 'prev' | 'next') =>
    page >= 1 && page <= pages
      ? html`<a href="${hrefOf(page)}" data-view rel="${rel}">${word}</a>`
      : html`<span>${word}</span>`;
  return html`<nav class="pages" aria-label="Pages">${step(back, current - 1, 'prev')}<p>${text}</p>${step(on, current + 1, 'next')}</nav>`;
}
