/** The operator's buttons: each sends one request about the provider, says what came of it, and shows the new state. */

import type { HealthCheck } from '../../../health/check.ts';
import { responseText } from '../../../wording/figures.ts';
import { CATEGORY_WORDS } from '../../../wording/terms.ts';
import { refresh } from './refresh.ts';

const PAUSE_MINUTES = 60;

interface Refusal {
  detail?: string;
  retryAfterSeconds?: number;
}

export function enableOperating(): void {
  const buttons = document.querySelector<HTMLElement>('#operate');
  const line = document.querySelector('#operated');
  const provider = document.querySelector<HTMLElement>('[data-provider]')?.dataset.provider;
  if (!buttons || !line || !provider) return;
  buttons.hidden = false;
  buttons.addEventListener('click', async ({ target }) => {
    const button = target instanceof HTMLButtonElement ? target : null;
    const [method, what] = button?.dataset.operate?.split(' ') ?? [];
    if (!button || !method || !what) return;
    button.disabled = true;
    line.textContent = what === 'check' ? 'Checking…' : 'Sending…';
    line.textContent = await send(method, `../v1/providers/${provider}/${what}`);
    button.disabled = false;
    await refresh();
  });
}

async function send(method: string, url: string): Promise<string> {
  try {
    const body = method === 'PUT' ? JSON.stringify({ minutes: PAUSE_MINUTES }) : null;
    const response = await fetch(url, { method, body, headers: body ? { 'content-type': 'application/json' } : {} });
    if (response.ok) return method === 'POST' ? checkText((await response.json()) as HealthCheck) : 'Done.';
    if (response.status === 401 || response.status === 403) return 'You may not do this from here.';
    const { detail, retryAfterSeconds } = (await response.json()) as Refusal;
    if (response.status === 429) return `Checked a moment ago. Again in ${retryAfterSeconds ?? 10} s.`;
    return detail ?? `The monitor answered HTTP ${response.status}.`;
  } catch {
    return 'The monitor does not answer.';
  }
}

function checkText(check: HealthCheck): string {
  const time = responseText(check.responseTimeMs);
  return check.isHealthy ? `Good, in ${time}.` : `${CATEGORY_WORDS[check.category]}, after ${time}.`;
}
