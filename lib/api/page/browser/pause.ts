/** The buttons that begin and end a pause: maintenance and drain. */

import { refresh } from './refresh.ts';

export function enablePauses(): void {
  const controls = document.querySelector<HTMLElement>('#pauses');
  const provider = document.querySelector<HTMLElement>('[data-provider]')?.dataset.provider;
  if (!controls || !provider) return;
  for (const button of controls.querySelectorAll('button')) button.disabled = false;
  controls.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('[data-pause]') : null;
    const line = document.querySelector('#checked');
    if (!button || !line) return;
    button.disabled = true;
    line.textContent = await change(
      `../v1/providers/${provider}/${button.dataset.pause}`,
      button.dataset.on === 'true',
    );
    button.disabled = false;
    await refresh();
  });
}

async function change(path: string, ends: boolean): Promise<string> {
  const minutes = Number(document.querySelector<HTMLSelectElement>('#pause-minutes')?.value);
  const begin = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ minutes }) };
  try {
    const response = await fetch(path, ends ? { method: 'DELETE' } : begin);
    if (response.ok) return ends ? 'Ended.' : 'Begun.';
    if (response.status === 401 || response.status === 403) return 'Not allowed to change from here.';
    const { detail } = (await response.json()) as { detail?: string };
    return detail ?? `The monitor answered HTTP ${response.status}.`;
  } catch {
    return 'The monitor does not answer.';
  }
}
