/**
 * The buttons of an operator on a provider's page. They need the script: without it the style hides them, and until it
 * runs they are disabled. They are in the page from the start, so that nothing moves.
 */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Html } from './html.ts';

const DURATIONS = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [1440, '1 day'],
] as const;

export function checkButton(): Html {
  return html`<button type="button" class="check scripted" id="check" data-keep disabled>Check now</button>`;
}

/** The buttons that begin a pause, or end the current one. */
export function pauseControls({ maintenanceUntil, drainUntil }: AgedStatus, now: Date): Html {
  const isOn = (until: string | null) => until !== null && Date.parse(until) > now.getTime();
  const button = (kind: string, until: string | null, begin: string, end: string) =>
    html`<button type="button" id="${kind}" data-pause="${kind}" data-own="disabled data-off" disabled data-on="${isOn(until) ? 'true' : 'false'}">${isOn(until) ? end : begin}</button>`;
  return html`<div class="controls scripted" id="pauses" role="group" aria-label="Pause this provider">
<label for="pause-minutes">For</label> <select id="pause-minutes" data-keep>${DURATIONS.map(
    ([minutes, text]) => html`<option value="${String(minutes)}">${text}</option>`,
  )}</select>
${button('maintenance', maintenanceUntil, 'Maintenance', 'End maintenance')}
${button('drain', drainUntil, 'Drain', 'End drain')}
</div>`;
}
