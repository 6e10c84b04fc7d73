/** Counts the ages on the page up, second by second, by the monitor's clock: the browser's may be wrong. */

import { durationText } from '../../../wording/figures.ts';

let aheadMs = 0;

/** Takes the time at which the page was made as now. */
export function setClock(): void {
  aheadMs = Date.parse(document.body.dataset.now ?? '') - Date.now();
}

export function countAges(): void {
  const nowMs = Date.now() + aheadMs;
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-age]')) {
    const age = durationText(Math.max(0, nowMs - Date.parse(element.dateTime)));
    const text = element.dataset.age === 'ago' ? `${age} ago` : age;
    if (element.textContent !== text) element.textContent = text;
  }
}
