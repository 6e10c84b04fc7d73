/** A problem as a page, for a person with a browser. Programs get problem details as JSON. */

import { STATUS_CODES } from 'node:http';
import { html } from 'hono/html';
import { PAGE_DEFAULTS, type PageSettings } from '../../config/page.ts';
import type { Problem } from '../http/problem.ts';
import type { Html } from './html.ts';
import { mark, page } from './shell.ts';

export interface FailedRequest {
  requestId: string;
  /** The requested path, without the base path. */
  path: string;
  now: Date;
}

/** @param site Default: the product's own name and logo. */
export function problemPage(problem: Problem, request: FailedRequest, site: PageSettings = PAGE_DEFAULTS): Html {
  const { path, requestId, now } = request;
  const root = '../'.repeat(Math.max(0, path.split('/').length - 2));
  const title = STATUS_CODES[problem.status] ?? 'Problem';
  return page({
    title,
    site,
    look: 'off',
    root,
    now,
    refreshSeconds: null,
    hasCharts: false,
    main: html`<section class="hero off"><div>${mark('off')}<h1>${title}</h1></div>
<ul><li>${problem.message}</li></ul>
<p class="tick">Request ${requestId}</p>
</section>
<p><a href="${root || './'}">All providers</a></p>`,
  });
}
