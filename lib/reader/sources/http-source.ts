/** Statuses from the monitor's HTTP API: one GET of `/v1/providers`, with the headers of its authorizer. */

import { failed } from '../problem.ts';
import type { Authorize } from './auth.ts';
import { readOf, type StatusRead, type StatusSource } from './source.ts';

/** @param baseUrl Without a trailing slash. */
export function httpSource(baseUrl: string, authorize: Authorize): StatusSource {
  const url = `${baseUrl}/v1/providers`;

  return async (signal) => {
    // A redirect is not followed: the authorization must not go to another host.
    const response = await fetch(url, { headers: await authorize(url), redirect: 'error', signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(`HTTP ${response.status}`);
    }
    // A page that some proxy sends in its place is no JSON, and so no statuses.
    return statusesOf(await response.json());
  };
}

function statusesOf(body: unknown): StatusRead {
  const { providers, unreadable } = (body ?? {}) as { providers?: unknown; unreadable?: StatusRead['unreadable'] };
  if (!Array.isArray(providers)) throw failed('other JSON');
  // Advice is for people, and the table has none.
  const read = readOf(providers.map((status) => ({ ...status, advice: undefined })));
  return { ...read, unreadable: [...read.unreadable, ...(unreadable ?? [])] };
}
