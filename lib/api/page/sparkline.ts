/** The last 20 response times as a small line. A failed check is a gap with a dot. */

import { html } from 'hono/html';
import type { RecentChecks } from '../../health/recent.ts';
import type { Html } from './html.ts';

const WIDTH = 72;
const HEIGHT = 22;
const EDGE = 3;
const KEPT = 20;

/** Empty while there is nothing to draw. Hidden from screen readers, since the figure beside it says the same. */
export function sparkline({ responseTimesMs, isHealthy }: RecentChecks): Html {
  if (isHealthy.length === 0) return html`<span class="spark"></span>`;
  const known = responseTimesMs.filter((time) => time !== null);
  const top = Math.max(1, ...known);
  const bottom = Math.min(top, ...known);
  // The height covers at least a third of the slowest time, so that small differences do not look large.
  const span = Math.max(top - bottom, top / 3);
  const x = (index: number) => round(WIDTH - EDGE - (isHealthy.length - 1 - index) * ((WIDTH - 2 * EDGE) / (KEPT - 1)));
  const y = (time: number) => round(HEIGHT - EDGE - ((time - bottom) / span) * (HEIGHT - 2 * EDGE));

  let line = '';
  let drawing = false;
  responseTimesMs.forEach((time, index) => {
    if (time !== null) line += `${drawing ? 'L' : 'M'}${x(index)} ${y(time)}`;
    drawing = time !== null;
  });
  const failed = isHealthy.flatMap((healthy, index) => (healthy ? [] : `M${x(index)} ${HEIGHT - EDGE}h0`)).join('');
  const failures = failed === '' ? '' : html`<path class="failed" d="${failed}"/>`;
  const last = responseTimesMs.at(-1) ?? null;
  const end = last === null ? '' : `M${x(responseTimesMs.length - 1)} ${y(last)}h0`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><path class="line" d="${line}"/><path class="end" d="${end}"/>${failures}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 2) / 2;
}
