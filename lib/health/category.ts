/**
 * The categories of failures, and the fault of each. lib/probe decides the category of an answer or an error.
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

/** Failures that are our fault. */
const OURS: ReadonlySet<Category> = new Set<Category>([
  'auth',
  'quota',
  'rate_limited',
  'model_not_found',
  'bad_request',
  'redirect',
  'config',
]);

/** The fault of a category. A probe may decide otherwise: a base URL with a typing mistake is our fault, although it is `dns`. */
export function faultOf(category: Category): Fault {
  return OURS.has(category) ? 'ours' : 'provider';
}

/** Failures that a lost packet or a restarting server can cause. A second probe confirms them before they count. */
const PASSING: ReadonlySet<Category> = new Set<Category>([
  'timeout',
  'dns',
  'connect',
  'tls',
  'server_error',
  'overloaded',
  'invalid_response',
]);

/** Whether a failure needs a confirmation: a second probe in the same tick. */
export function needsConfirmation(category: Category): boolean {
  return PASSING.has(category);
}

/** Failures that a fault of the monitor's own network causes for all providers at once. */
const NETWORK: ReadonlySet<Category> = new Set<Category>(['dns', 'connect', 'tls', 'timeout']);

/** Whether the monitor's own network could be the cause. Such a failure counts only after the tick has ruled that out. */
export function mayBeMonitorFault(category: Category): boolean {
  return NETWORK.has(category);
}

/** Failures that only a person can fix. Waiting does not help. */
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
