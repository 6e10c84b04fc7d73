/** The script of all pages. Without scripts a page shows the same, but does not refresh. */

import { SECOND_MS } from '../../../base/time.ts';
import { enableChecks } from './check.ts';
import { countAges, setClock } from './clock.ts';
import { countContact } from './contact.ts';
import { REFRESHED } from './events.ts';
import { enablePauses } from './pause.ts';
import { keepFresh, refresh } from './refresh.ts';
import { enableSearch } from './search.ts';
import { enableLocalTimes } from './times.ts';
import { enableTips, forgetDays, makeDaysReachable } from './tips.ts';

setClock();
setInterval(() => {
  countAges();
  countContact();
}, SECOND_MS);
enableTips();
enableLocalTimes();
makeDaysReachable();
enableChecks();
enablePauses();
enableSearch();
keepFresh();

document.addEventListener(REFRESHED, makeDaysReachable);
document.addEventListener(REFRESHED, forgetDays);

document.addEventListener('click', async (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-view]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  const isPageStep = link.closest('.pages') !== null;
  await refresh(link.href, 'push');
  if (isPageStep) document.querySelector('.fleet')?.scrollIntoView();
});
