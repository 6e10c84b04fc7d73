/** Times on the page. The browser's script updates the ages between two refreshes. */

import { html } from 'hono/html';
import { distanceMs, isFromFuture } from '../../health/future.ts';
import { clockText, durationText, momentText } from '../../wording/figures.ts';
import type { Html } from './html.ts';

/** `4 s ago`; `55 min ahead of the clock` where a clock is wrong. */
export function ago(time: string, now: Date): Html {
  if (isFromFuture(time, now)) {
    const ahead = durationText(distanceMs(time, now));
    return html`<time datetime="${time}" title="${momentText(time)}">${ahead} ahead of the clock</time>`;
  }
  return html`<time datetime="${time}" title="${momentText(time)}" data-age="ago">${ageText(time, now)} ago</time>`;
}

/** `4 s`, as in "healthy for 4 s". */
export function lasting(time: string, now: Date): Html {
  return html`<time datetime="${time}" title="since ${momentText(time)}" data-age>${ageText(time, now)}</time>`;
}

export function moment(time: string): Html {
  return html`<time datetime="${time}">${momentText(time)}</time>`;
}

function ageText(time: string, now: Date): string {
  return durationText(Math.max(0, now.getTime() - Date.parse(time)));
}

/** `08:27`, with date and time in the tooltip. */
export function clock(time: string): Html {
  return html`<time datetime="${time}" title="${momentText(time)}">${clockText(time)}</time>`;
}
