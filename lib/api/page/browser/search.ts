/** The search. It filters while the user types. `/` focuses it, Escape clears it. */

import { REFRESHED } from './events.ts';
import { refresh } from './refresh.ts';

/** Pause after the last key before the search starts. Few people type slower. */
const PAUSE_MS = 150;

export function enableSearch(): void {
  let timer = 0;
  const input = () => document.querySelector<HTMLInputElement>('.search input[type=search]');

  function search(field: HTMLInputElement): void {
    clearTimeout(timer);
    const url = new URL(location.href);
    const text = field.value.trim();
    if (text === (url.searchParams.get('q') ?? '')) return;
    const isFirst = !url.searchParams.has('q');
    url.searchParams.delete('page');
    if (text === '') url.searchParams.delete('q');
    else url.searchParams.set('q', text);
    // The back button undoes the whole search, not its last letter.
    void refresh(url.href, isFirst ? 'push' : 'replace');
  }

  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target !== input()) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => search(target), PAUSE_MS);
  });
  document.addEventListener('submit', (event) => {
    const field = input();
    if (!field || event.target !== field.form) return;
    event.preventDefault();
    search(field);
  });
  document.addEventListener('keydown', (event) => {
    const field = input();
    if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
    if (event.key === '/' && !isTyping) {
      event.preventDefault();
      field.select();
      field.focus();
    }
    if (event.key === 'Escape' && event.target === field) {
      field.value = '';
      search(field);
    }
  });
  document.addEventListener(REFRESHED, () => {
    const field = input();
    if (field && field !== document.activeElement) field.value = new URL(location.href).searchParams.get('q') ?? '';
  });
}
