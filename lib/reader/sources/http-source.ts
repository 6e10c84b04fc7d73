/** Reads statuses from the monitor's HTTP API with one GET of `/v1/providers`. */

import { failed } from '../problem.ts';
import type { Authorize } from './auth.ts';
import { readOf, type StatusRead, type StatusSource } from './source.ts';

interface Answer {
  providers?: unknown;
  unreadable?: StatusRead['unreadable'];
}

/** @param baseUrl The API's URL without a slash at the end. */
export function httpSource(baseUrl: string, authorize: Authorize): StatusSource {
  const url = `${baseUrl}/v1/providers`;

  return async (signal) => {
    // Do not follow redirects: the authorization must not go to another host.
    const response = await fetch(url, { headers: await authorize(url), redirect: 'error', signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(`HTTP ${response.status}`);
    }
    // The page of a proxy is not JSON, so this throws.
    const { providers, unreadable }: Answer = Object(await response.json());
    if (!Array.isArray(providers)) throw failed('other JSON');
    // Remove the advice, so that statuses are the same as from the table.
    const read = readOf(providers.map((status) => ({ ...status, advice: undefined })));
    return { ...read, unreadable: [...read.unreadable, ...(unreadable ?? [])] };
  };
}
