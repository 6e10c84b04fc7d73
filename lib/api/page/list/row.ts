/** One provider as a row of the overview: two lines, and one link. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../../health/aged-status.ts';
import type { PastDays } from '../../../health/uptime/past-days.ts';
import type { Unreadable } from '../../../store/store.ts';
import { percentText, responseText, scoreText } from '../../../wording/figures.ts';
import { lookOf, ourShareOf } from '../../../wording/status-words.ts';
import type { Html } from '../html.ts';
import { mark } from '../shell.ts';
import { sparkline } from '../sparkline.ts';
import { reasonLine, stateLine } from '../state-line.ts';
import { ago } from '../time.ts';
import { strip } from './strip.ts';

/** @param isShort Whether no row of the list has days, so that the reason gets the room of the bars. */
export function providerRow(status: AgedStatus, past: PastDays | null, isShort: boolean, now: Date): Html {
  const { provider, model, lastCheck, routingScore } = status;
  const response = lastCheck?.isHealthy ? responseText(lastCheck.responseTimeMs) : '–';
  const usable = past?.usablePercentage == null ? '–' : percentText(past.usablePercentage);
  const ours = past === null || past.usablePercentage === 100 ? null : ourShareOf(past);
  return html`<li class="row ${lookOf(status)}" id="p-${provider}">${mark(lookOf(status))}<div class="who"><h2><a href="providers/${provider}">${provider}</a></h2><p class="model">${model}</p></div>
<div class="what">${stateLine(status, now)}${reasonLine(status, now)}</div>
<div class="time">${sparkline(status.recent)}<b><span class="label">Response</span> ${response}</b></div>
<div class="past">${strip(past, status.recent, isShort)}<p><b><span class="label">Usable</span> ${usable}</b>${ours && html` <small>${ours}</small>`}</p></div>
<div class="score" title="Routing score: routers use the highest first"><span class="label">Routing</span> ${scoreText(routingScore)}<svg viewBox="0 0 40 4" aria-hidden="true"><path d="M0 2h40"/><path class="on" d="M0 2h${Math.round(routingScore * 40)}"/></svg></div>
<div class="age"><span class="label">Checked</span> ${lastCheck ? ago(lastCheck.timestamp, now) : 'never'}</div></li>
`;
}

/** The row of a provider with a status that cannot be understood. */
export function unreadableRow({ provider, reason }: Unreadable): Html {
  return html`<li class="row off" id="p-${provider}">${mark('off')}<div class="who"><h2>${provider}</h2></div>
<div class="what"><p class="state"><b>Unreadable</b></p><p class="why" title="${reason}"><b>Its stored status cannot be understood</b> <span>${reason}</span></p></div></li>
`;
}
