/**
 * Fetches the page again and replaces what changed. The server renders the first page and each refresh in the same way.
 */

import { SECOND_MS } from '../../../base/time.ts';
import { countAges, setClock } from './clock.ts';
import { contactLost, contactMade } from './contact.ts';
import { REFRESHED } from './events.ts';
import { morph } from './morph.ts';

let loading: AbortController | null = null;
let loadedAtMs = Date.now();
let timer = 0;

/**
 * @param url Default: the page's own address.
 * @param entry Whether another address becomes a new entry in the browser's history, or replaces the current one.
 */
export async function refresh(url = location.href, entry: 'push' | 'replace' = 'push'): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  try {
    const response = await fetch(url, {
      signal: controller.signal,
      cache: 'no-cache',
      headers: { accept: 'text/html' },
    });
    // The session is over. Only a navigation, not a script's request, is redirected to the sign-in.
    if (response.status === 401) return location.reload();
    const text = await response.text();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    if (url !== location.href) {
      if (entry === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
    }
    show(new DOMParser().parseFromString(text, 'text/html'));
    contactMade();
  } catch (error) {
    if (controller.signal.aborted) return;
    contactLost(error instanceof Error && error.message.startsWith('HTTP') ? error.message : null);
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
  const focused = document.activeElement;
  if (main && freshMain) morph(main, freshMain);
  // A row that was moved has lost the focus.
  if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
    focused.focus({ preventScroll: true });
  }
  setClock();
  countAges();
  document.dispatchEvent(new Event(REFRESHED));
}

function schedule(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  const everyMs = Number(document.body.dataset.refreshSeconds) * SECOND_MS;
  timer = window.setTimeout(() => void refresh(), Math.max(0, loadedAtMs + everyMs - Date.now()));
}

/** Refreshes the page while it is visible. */
export function keepFresh(): void {
  contactMade();
  schedule();
  document.addEventListener('visibilitychange', schedule);
  addEventListener('online', () => void refresh());
  addEventListener('popstate', () => void refresh());
}
