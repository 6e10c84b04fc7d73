/** A provider's status in two lines: the state with notes, and the reason. */

import { html } from 'hono/html';
import { sentence } from '../../base/sentence.ts';
import { adviceOn } from '../../failures/advice.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import { notesOf, reasonOf, wordOf } from '../../wording/status-words.ts';
import { FAULT_WORDS } from '../../wording/terms.ts';
import type { Html } from './html.ts';
import { lasting } from './time.ts';

/** The state, its duration, the fault, and the notes. */
export function stateLine(status: AgedStatus, now: Date): Html {
  const fault = reasonOf(status, now)?.fault;
  return html`<p class="state"><b>${wordOf(status)}</b>${status.lastCheck && html` <span class="since">for ${lasting(status.since, now)}</span>`}${
    fault && html` <span class="fault ${fault}">${FAULT_WORDS[fault]}</span>`
  }${notesOf(status, now).map(({ text, left, detail }) => html` <span class="note"${detail && html` title="${detail}"`}>${text}${left && html`<span class="left"> ${left}</span>`}</span>`)}</p>`;
}

/** The details of the notes, which the rows of the overview show in tooltips alone. */
export function noteLines(status: AgedStatus, now: Date): Html[] {
  return notesOf(status, now).map(({ text, detail }) => html`<p class="why"><b>${text}</b> <span>${detail}</span></p>`);
}

/** Why the provider is not healthy; null when it is. */
export function reasonLine(status: AgedStatus, now: Date): Html | null {
  const reason = reasonOf(status, now);
  if (reason === null) return null;
  const { title, detail } = reason;
  const advice = status.lastCheck?.isHealthy === false ? adviceOn(status.lastCheck) : null;
  // The detail may already end with the advice.
  const isNew = advice !== null && !detail?.endsWith(advice);
  return html`<p class="why"${detail && html` title="${detail}"`}><b>${title}</b>${detail && html` <span>${isNew ? sentence(detail) : detail}</span>`}${isNew && html` <span class="muted">${advice}</span>`}</p>`;
}
