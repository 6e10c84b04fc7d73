/** Statuses from the monitor's HTTP API: one GET of `/v1/providers`, with the headers that its authorizer wants. */

import type { ProviderStatus } from '../health/status.ts';
import { STATES } from '../health/transition.ts';
import type { Authorize } from './auth.ts';
import { failed } from './problem.ts';
import type { StatusSource } from './source.ts';

interface Body {
  providers: unknown[];
  unreadable?: { provider: string }[];
}

/** @param baseUrl Without a trailing slash. */
export function httpSource(baseUrl: string, authorize: Authorize): StatusSource {
  const url = `${baseUrl}/v1/providers`;

  return async (signal) => {
    // A redirect is not followed: what authorizes must not travel.
    const response = await fetch(url, { headers: await authorize(url), redirect: 'error', signal });
    // A page of some proxy in its place is no JSON.
    const { providers, unreadable = [] } = (response.ok ? await response.json() : await refuse(response)) as Body;
    const statuses = providers.filter(isStatus);
    const others = providers.filter((one) => !isStatus(one)) as { provider: string }[];
    return { statuses, unreadable: [...unreadable, ...others] };
  };
}

async function refuse(response: Response): Promise<never> {
  await response.body?.cancel();
  throw failed(`HTTP ${response.status}`);
}

/** Looks at what selection and summary cannot do without; the rest is handed on as the API gave it. */
function isStatus(value: unknown): value is ProviderStatus {
  const { provider, state, isHealthy, tags, lastCheck } = value as Partial<ProviderStatus>;
  return (
    typeof provider === 'string' &&
    STATES.some((one) => one === state) &&
    typeof isHealthy === 'boolean' &&
    Array.isArray(tags) &&
    typeof lastCheck === 'object'
  );
}
