/** Google: Gemini's own API, and Vertex AI. `PerDay` and `PerMinute` are the ends of the ids of violated quotas. */

import type { Rows } from '../signature.ts';

export const GEMINI: Rows = {
  quota: [
    'PerDay|~monthly spending cap|RESOURCE_EXHAUSTED~per_day~per day >wait',
    'RESOURCE_EXHAUSTED~limit: 0 >plan',
    'FAILED_PRECONDITION|PERMISSION_DENIED~dunning decision >pay',
  ],
  auth: [
    'API_KEY_INVALID',
    'SERVICE_DISABLED >on',
    'FAILED_PRECONDITION~not supported for the api >geo',
    'FAILED_PRECONDITION~not allowed to use publisher model >ask',
  ],
  rate_limited: ['PerMinute'],
};

export const VERTEX: Rows = {
  // A 429 can mean our quota, or their shared capacity.
  overloaded: ['RESOURCE_EXHAUSTED~try again later'],
  server_error: ['@504'],
};
