/** Shows whether the monitor answers. While it does not, the page turns grey, says so, and disables its buttons. */

import { durationText } from '../../../wording/figures.ts';

/** Time of the last answer before contact was lost, by the browser's clock; null while the monitor answers. */
let lostAtMs: number | null = null;
let answeredAtMs = Date.now();

export function contactMade(): void {
  lostAtMs = null;
  answeredAtMs = Date.now();
  document.body.classList.remove('gone');
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-off]')) {
    button.disabled = false;
    delete button.dataset.off;
  }
  say('Live', true);
  countContact();
}

/** @param reason Such as `HTTP 503`; null when there was no answer at all. */
export function contactLost(reason: string | null): void {
  lostAtMs ??= answeredAtMs;
  document.body.classList.add('gone');
  for (const button of document.querySelectorAll<HTMLButtonElement>('main button:enabled')) {
    button.disabled = true;
    button.dataset.off = '';
  }
  say(`The monitor does not answer${reason === null ? '' : ` (${reason})`}`, false);
  countContact();
}

/** Updates the line that says how long there has been no answer. */
export function countContact(): void {
  const line = document.querySelector<HTMLElement>('#contact');
  if (!line) return;
  line.hidden = lostAtMs === null;
  if (lostAtMs !== null) {
    line.textContent = `No contact for ${durationText(Date.now() - lostAtMs)}. This is what was known before.`;
  }
}

function say(text: string, isLive: boolean): void {
  const line = document.querySelector('#live');
  if (!line) return;
  line.classList.toggle('on', isLive);
  line.classList.toggle('off', !isLive);
  if (line.textContent !== text) line.textContent = text;
}
