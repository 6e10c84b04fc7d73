/** The button "Check now". */

import type { HealthCheck } from '../../../health/check.ts';
import { responseText } from '../../../wording/figures.ts';
import { CATEGORY_WORDS } from '../../../wording/terms.ts';
import { refresh } from './refresh.ts';

interface TooSoon {
  detail?: string;
  retryAfterSeconds?: number;
}

export function enableChecks(): void {
  const button = document.querySelector<HTMLButtonElement>('#check');
  const line = document.querySelector('#checked');
  const provider = document.querySelector<HTMLElement>('[data-provider]')?.dataset.provider;
  if (!button || !line || !provider) return;
  button.disabled = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    line.textContent = 'Checking…';
    line.textContent = await check(provider);
    button.disabled = false;
    await refresh();
  });
}

async function check(provider: string): Promise<string> {
  try {
    const response = await fetch(`../v1/providers/${provider}/check`, { method: 'POST' });
    if (response.ok) return goodAnswer((await response.json()) as HealthCheck);
    if (response.status === 401 || response.status === 403) return 'Not allowed to check from here.';
    const { detail, retryAfterSeconds } = (await response.json()) as TooSoon;
    if (response.status === 429) return `Checked a moment ago. Again in ${retryAfterSeconds ?? 10} s.`;
    return detail ?? `The monitor answered HTTP ${response.status}.`;
  } catch {
    return 'The monitor does not answer.';
  }
}

function goodAnswer(check: HealthCheck): string {
  const time = responseText(check.responseTimeMs);
  return check.isHealthy ? `Good, in ${time}.` : `${CATEGORY_WORDS[check.category]}, after ${time}.`;
}
