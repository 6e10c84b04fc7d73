/** Updates the ages on the page every second. It uses the monitor's clock, since the browser's may be wrong. */

import { durationText } from '../../../wording/figures.ts';

let aheadMs = 0;

/** Sets the clock to the time at which the page was made. */
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
