/** One provider as a row of the overview. */

import { html } from 'hono/html';
import { adviceOn } from '../../failures/advice.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Uptime } from '../../health/uptime/uptime.ts';
import type { Unreadable } from '../../store/store.ts';
import { percentText, responseText, scoreText } from '../../wording/figures.ts';
import { lookOf, notesOf, reasonOf, wordOf } from '../../wording/status-words.ts';
import { FAULT_WORDS } from '../../wording/terms.ts';
import { dayBars } from './days.ts';
import type { Html } from './html.ts';
import { mark } from './shell.ts';
import { sparkline } from './sparkline.ts';
import { ago, lasting } from './time.ts';

export function providerRow(status: AgedStatus, uptime: Uptime | null, now: Date): Html {
  const { provider, model, lastCheck } = status;
  const look = lookOf(status);
  return html`<li class="row ${look}" id="p-${provider}">
<div class="who">${mark(look)}<h2><a href="providers/${provider}">${provider}</a></h2><span class="model">${model}</span></div>
${stateLine(status, now)}
<div class="time">${sparkline(status.recent)}${figure('Response', lastCheck?.isHealthy ? responseText(lastCheck.responseTimeMs) : '–')}</div>
<div class="past">${dayBars(uptime)}${figure('Uptime', uptime?.uptimePercentage == null ? '–' : percentText(uptime.uptimePercentage))}</div>
<dl class="scores">${definition('Routing', scoreText(status.routingScore))}${definition('Health', scoreText(status.healthScore))}</dl>
<div class="age"><span class="label">Checked</span> ${lastCheck ? ago(lastCheck.timestamp, now) : 'never'}</div>
${reasonLine(status)}
</li>`;
}

/** The state, since when, whose fault, and what else is worth knowing. */
export function stateLine(status: AgedStatus, now: Date): Html {
  const fault = reasonOf(status)?.fault;
  return html`<p class="state"><b>${wordOf(status)}</b>${status.lastCheck && html` for ${lasting(status.since, now)}`}${
    fault && html` <span class="fault ${fault}">${FAULT_WORDS[fault]}</span>`
  }${notesOf(status, now).map((note) => html` <span class="note">${note}</span>`)}</p>`;
}

/** Why the provider is not simply healthy; nothing when it is. */
export function reasonLine(status: AgedStatus): Html | null {
  const reason = reasonOf(status);
  const advice = status.lastCheck?.isHealthy === false ? adviceOn(status.lastCheck) : null;
  // It may be the end of the detail.
  const isNew = advice !== null && !reason?.detail?.endsWith(advice);
  return (
    reason &&
    html`<p class="why"><b>${reason.title}</b>${reason.detail && html` <span>${reason.detail}</span>`}${isNew && html` <span class="muted">${advice}</span>`}</p>`
  );
}

/** A provider of which nothing can be understood is shown all the same. */
export function unreadableRow({ provider, reason }: Unreadable): Html {
  return html`<li class="row off" id="p-${provider}">
<div class="who">${mark('off')}<h2>${provider}</h2></div>
<p class="state"><b>Unreadable</b></p>
<p class="why"><b>Its stored status cannot be understood</b> <span>${reason}</span></p>
</li>`;
}

function figure(label: string, value: string): Html {
  return html`<span class="figure"><span class="label">${label}</span> <b>${value}</b></span>`;
}

function definition(label: string, value: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}
