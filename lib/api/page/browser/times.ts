/** All times on the page are UTC. A tooltip adds the local time. */

import { momentText } from '../../../wording/figures.ts';

const local = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `12 Mar, 14:02:05 UTC (12 Mar, 15:02:05 here)`; only UTC where that is the local time. */
export function bothTimes(time: string): string {
  const date = new Date(time);
  const utc = momentText(date.toISOString());
  return date.getTimezoneOffset() === 0 ? utc : `${utc} (${local.format(date)} here)`;
}

export function enableLocalTimes(): void {
  document.addEventListener('pointerover', ({ target }) => {
    const element = target instanceof Element ? target.closest<HTMLTimeElement>('time[datetime]') : null;
    if (element) element.title = bothTimes(element.dateTime);
  });
}
