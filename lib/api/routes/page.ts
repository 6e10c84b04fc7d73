/** The status page. It reads what the JSON routes read, and works without a script. */

import * as z from 'zod';
import type { Api } from '../api.ts';
import { type AgedStatus, readFleet, withAge } from '../fleet.ts';
import { defineRoute, type Route } from '../route.ts';
import { READ_CACHE_SECONDS } from './status.ts';

export function pageRoutes(api: Api): Route[] {
  return [
    defineRoute({
      path: '/',
      operationId: 'getPage',
      summary: 'The status page',
      group: 'Pictures',
      query: null,
      media: 'text/html; charset=utf-8',
      answers: z.string(),
      cacheSeconds: READ_CACHE_SECONDS,
      async handle() {
        const { statuses, unreadable } = await readFleet(api);
        const now = api.now();
        const rows = [
          ...statuses.map((status) => rowOf(withAge(status, now))),
          ...unreadable.map(({ provider, reason }) => [provider, 'unreadable', '', reason]),
        ];
        return { body: pageOf(rows) };
      },
    }),
  ];
}

const COLUMNS = ['Provider', 'State', 'Response time', 'Last check'];

function rowOf({ provider, state, stale, ageMs, lastCheck }: AgedStatus): string[] {
  const believed = stale ? `${state}, stale` : state;
  if (lastCheck === null) return [provider, believed, '', 'not checked yet'];
  const error = lastCheck.errorMessage === null ? '' : `: ${lastCheck.errorMessage}`;
  return [provider, believed, `${lastCheck.responseTimeMs} ms`, `${Math.round(ageMs / 1000)} s ago${error}`];
}

function pageOf(rows: readonly (readonly string[])[]): string {
  const head = COLUMNS.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows.map(
    ([provider = '', ...cells]) =>
      `<tr><th scope="row">${escapeHtml(provider)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Provider Health</title></head>
<body>
<main>
<h1>Provider Health</h1>
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
<p><a href="v1/summary">Summary</a>, <a href="v1/openapi.json">API description</a>, <a href="metrics">metrics</a></p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
