/** The script of both pages. Without it they show the same, once. */

import { SECOND_MS } from '../../../base/time.ts';
import { enableChecks } from './check.ts';
import { countAges, setClock } from './clock.ts';
import { REFRESHED } from './events.ts';
import { enablePauses } from './pause.ts';
import { keepFresh, refresh } from './refresh.ts';
import { enableTips, makeDaysReachable } from './tips.ts';

setClock();
setInterval(countAges, SECOND_MS);
enableTips();
makeDaysReachable();
enableChecks();
enablePauses();
keepFresh();

document.addEventListener(REFRESHED, makeDaysReachable);

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('.filters a') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  void refresh(link.href);
});
