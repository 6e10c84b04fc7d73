/** Statuses from the monitor's HTTP API: one GET of `/v1/providers`, with the headers that its authorizer wants. */

import type { ProviderStatus } from '../health/status.ts';
import { STATES } from '../health/transition.ts';
import type { Authorize } from './auth.ts';
import { failed } from './problem.ts';
import type { StatusRead, StatusSource } from './source.ts';

/** @param baseUrl Without a trailing slash. */
export function httpSource(baseUrl: string, authorize: Authorize): StatusSource {
  const url = `${baseUrl}/v1/providers`;

  return async (signal) => {
    // A redirect is not followed: what authorizes must not travel.
    const response = await fetch(url, { headers: await authorize(url), redirect: 'error', signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(`HTTP ${response.status}`);
    }
    // A page of some proxy in its place is no JSON.
    return readOf(await response.json());
  };
}

function readOf(body: unknown): StatusRead {
  const { providers, unreadable } = (body ?? {}) as { providers?: unknown; unreadable?: StatusRead['unreadable'] };
  if (!Array.isArray(providers)) throw failed('OtherJson');
  const spoilt = providers.filter((one) => !isStatus(one)).map((one) => ({ provider: String(one?.provider) }));
  return { statuses: providers.filter(isStatus), unreadable: spoilt.concat(unreadable ?? []) };
}

/** Looks at what selection and summary cannot do without; the rest is handed on as the API gave it. */
function isStatus(value: unknown): value is ProviderStatus {
  const { provider, state, isHealthy, tags, lastCheck } = (value ?? {}) as Partial<ProviderStatus>;
  return (
    typeof provider === 'string' &&
    STATES.some((one) => one === state) &&
    typeof isHealthy === 'boolean' &&
    Array.isArray(tags) &&
    typeof lastCheck === 'object'
  );
}
