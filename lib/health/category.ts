/**
 * Why a check failed, and whose fault each kind of failure is. Deciding which category an answer or an error belongs
 * to is left to lib/probe.
 */

export const CATEGORIES = [
  'auth',
  'quota',
  'rate_limited',
  'overloaded',
  'server_error',
  'model_not_found',
  'bad_request',
  'timeout',
  'dns',
  'connect',
  'tls',
  'invalid_response',
  'too_large',
  'redirect',
  'config',
] as const;

export type Category = (typeof CATEGORIES)[number];

/** `provider`: an outage. `ours`: a key, a quota or a setting; the provider works for others. */
export type Fault = 'provider' | 'ours';

const FAULTS: Record<Category, Fault> = {
  auth: 'ours',
  quota: 'ours',
  rate_limited: 'ours',
  overloaded: 'provider',
  server_error: 'provider',
  model_not_found: 'ours',
  bad_request: 'ours',
  timeout: 'provider',
  dns: 'provider',
  connect: 'provider',
  tls: 'provider',
  invalid_response: 'provider',
  too_large: 'provider',
  redirect: 'ours',
  config: 'ours',
};

/** Whose fault a failure of this category is, unless the probe knows better (a typed base URL that does not resolve). */
export function faultOf(category: Category): Fault {
  return FAULTS[category];
}

/** Failures that one lost packet or one restarting server can cause, so they are confirmed before they count. */
const PASSING: ReadonlySet<Category> = new Set<Category>([
  'timeout',
  'dns',
  'connect',
  'tls',
  'server_error',
  'overloaded',
  'invalid_response',
]);

/** Whether a failure is repeated once in the same tick before it is believed. */
export function needsConfirmation(category: Category): boolean {
  return PASSING.has(category);
}

/** Failures that the monitor's own network would cause everywhere at once. */
const NETWORK: ReadonlySet<Category> = new Set<Category>(['dns', 'connect', 'tls', 'timeout']);

/** Whether the monitor's own network could be the cause, so that the failure waits for the tick's verdict on itself. */
export function mayBeMonitorFault(category: Category): boolean {
  return NETWORK.has(category);
}

/** Failures that only a person can fix: waiting does not help. */
const ACTION_NEEDED: ReadonlySet<Category> = new Set<Category>([
  'auth',
  'quota',
  'model_not_found',
  'config',
  'bad_request',
]);

/** Whether a person has to change a key, a plan or a setting before the provider can work again. */
export function needsAction(category: Category): boolean {
  return ACTION_NEEDED.has(category);
}
