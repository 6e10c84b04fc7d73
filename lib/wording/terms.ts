/** States, categories and faults in words. Shared with the browser. */

import type { Category, Fault } from '../health/category.ts';
import type { State } from '../health/transition.ts';

export const STATE_WORDS: Record<State, string> = {
  unknown: 'Unknown',
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Unhealthy',
  blacklisted: 'Blacklisted',
};

export const CATEGORY_WORDS: Record<Category, string> = {
  auth: 'Key refused',
  quota: 'Quota used up',
  rate_limited: 'Rate limited',
  overloaded: 'Overloaded',
  server_error: 'Server error',
  model_not_found: 'Model not found',
  bad_request: 'Request refused',
  timeout: 'No answer in time',
  dns: 'Name not found',
  connect: 'No connection',
  tls: 'No secure connection',
  invalid_response: 'Not a genuine answer',
  too_large: 'Answer too large',
  redirect: 'Redirected elsewhere',
  config: 'Wrong configuration',
};

export const FAULT_WORDS: Record<Fault, string> = { provider: 'provider’s fault', ours: 'needs our fix' };
