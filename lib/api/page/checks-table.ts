/** The table of a provider's last checks. A failure shows the provider's own message. */

import { html } from 'hono/html';
import { capitalised, sentence } from '../../base/sentence.ts';
import type { HealthCheck } from '../../health/check.ts';
import { responseText } from '../../wording/figures.ts';
import { CATEGORY_WORDS, FAULT_WORDS } from '../../wording/terms.ts';
import type { Html } from './html.ts';
import { moment } from './time.ts';

/**
 * The roles are written out because the style for phones draws rows as blocks, which removes the implicit roles.
 *
 * @param checks Newest first.
 */
export function checksTable(checks: readonly HealthCheck[]): Html {
  if (checks.length === 0) return html`<p class="empty">No check is recorded yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Last checks"><table class="checks" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time</th><th role="columnheader" scope="col">Result</th><th role="columnheader" scope="col" class="n">Response</th><th role="columnheader" scope="col" class="n">First token</th><th role="columnheader" scope="col" class="n">HTTP</th><th role="columnheader" scope="col">Details</th></tr></thead>
<tbody role="rowgroup">
${checks.map(checkRow)}
</tbody>
</table></div>`;
}

function checkRow(check: HealthCheck): Html {
  const { timestamp, isHealthy, responseTimeMs, statusCode, timings } = check;
  const look = isHealthy ? 'ok' : check.fault === 'ours' ? 'ours' : 'bad';
  const result = isHealthy ? 'Good' : CATEGORY_WORDS[check.category];
  return html`<tr role="row" data-key="${timestamp}"><td role="cell">${moment(timestamp)}</td><td role="cell" class="${look}"><b>${result}</b></td><td role="cell" class="n">${responseText(responseTimeMs)}</td><td role="cell" class="n">${timings.firstTokenMs === null ? '–' : responseText(timings.firstTokenMs)}</td><td role="cell" class="n">${statusCode ?? '–'}</td><td role="cell" class="details">${detailsOf(check)}</td></tr>
`;
}

function detailsOf(check: HealthCheck): Html {
  const { firstAttempt } = check;
  const tried =
    firstAttempt === null
      ? null
      : check.isHealthy
        ? `Good at the second attempt; the first: ${CATEGORY_WORDS[firstAttempt.category].toLowerCase()}, ${firstAttempt.errorMessage}`
        : 'Confirmed by a second attempt.';
  const notes = [
    check.fault && `${FAULT_WORDS[check.fault]}.`,
    tried,
    check.warning,
    check.trigger === 'manual' && 'Manual.',
    check.probe === 'models' && 'Listed models.',
    check.maintenance && 'In a planned pause.',
    check.requestId && !check.isHealthy && `Request ${check.requestId}.`,
  ]
    .filter((note) => typeof note === 'string')
    .map(sentence);
  return html`${check.errorMessage && html`<span>${notes.length > 0 ? sentence(check.errorMessage) : check.errorMessage}</span>`}${notes.length > 0 && html` <span class="muted">${capitalised(notes.join(' '))}</span>`}`;
}
