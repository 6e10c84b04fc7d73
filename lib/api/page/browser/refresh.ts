/** Fetches the page again and replaces what changed. The server draws both the first page and each refresh. */

import { SECOND_MS } from '../../../base/time.ts';
import { countAges, setClock } from './clock.ts';
import { REFRESHED } from './events.ts';
import { morph } from './morph.ts';

let loading: AbortController | null = null;
let loadedAtMs = Date.now();
let timer = 0;

/** @param url Default: the page's own. Another one is a step that the browser's back button takes back. */
export async function refresh(url = location.href): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  try {
    const response = await fetch(url, {
      signal: controller.signal,
      cache: 'no-cache',
      headers: { accept: 'text/html' },
    });
    // The session is over. Only a visit, not a script, is led to where people sign in.
    if (response.status === 401) return location.reload();
    const text = await response.text();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    if (url !== location.href) history.pushState(null, '', url);
    show(new DOMParser().parseFromString(text, 'text/html'));
    say('Live', true);
  } catch (error) {
    if (controller.signal.aborted) return;
    const reason = error instanceof Error && error.message.startsWith('HTTP') ? ` (${error.message})` : '';
    say(`The monitor does not answer${reason}. This is what was known before.`, false);
  }
  loading = null;
  loadedAtMs = Date.now();
  schedule();
}

function show(fresh: Document): void {
  document.title = fresh.title;
  const icon = (page: Document) => page.querySelector<HTMLLinkElement>('link[rel=icon]');
  const [oldIcon, newIcon] = [icon(document), icon(fresh)];
  if (oldIcon && newIcon && oldIcon.href !== newIcon.href) oldIcon.href = newIcon.href;
  document.body.dataset.now = fresh.body.dataset.now ?? '';
  const [main, freshMain] = [document.querySelector('main'), fresh.querySelector('main')];
  if (main && freshMain) morph(main, freshMain);
  setClock();
  countAges();
  document.dispatchEvent(new Event(REFRESHED));
}

function say(text: string, isLive: boolean): void {
  const line = document.querySelector('#live');
  if (!line) return;
  line.classList.toggle('on', isLive);
  line.classList.toggle('off', !isLive);
  if (line.textContent !== text) line.textContent = text;
}

function schedule(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  const everyMs = Number(document.body.dataset.refreshSeconds) * SECOND_MS;
  timer = window.setTimeout(refresh, Math.max(0, loadedAtMs + everyMs - Date.now()));
}

/** Refreshes the page while it is visible. */
export function keepFresh(): void {
  say('Live', true);
  schedule();
  document.addEventListener('visibilitychange', schedule);
  addEventListener('online', () => void refresh());
  addEventListener('popstate', () => void refresh());
}
