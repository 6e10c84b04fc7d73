/** Google: Gemini's own API, and Vertex AI. `PerDay` and `PerMinute` are what the ids of violated quotas end in. */

import type { Rows } from '../signature.ts';

export const GEMINI: Rows = {
  quota: [
    'PerDay|RESOURCE_EXHAUSTED~spending cap~per_day >wait',
    '~prepayment credits are',
    'RESOURCE_EXHAUSTED~limit: 0 >plan',
    'FAILED_PRECONDITION >pay',
  ],
  auth: [
    'API_KEY_INVALID',
    'ACCOUNT_STATE_INVALID|~consumer…has been suspended >ban',
    'SERVICE_DISABLED >on',
    'FAILED_PRECONDITION~location is not supported for the api|~user location is not supported for the api >geo',
    '~api key not valid|~api key expired|~api key not found',
  ],
  overloaded: ['~model is overloaded|~experiencing high demand|~no capacity available'],
  rate_limited: ['PerMinute'],
};

export const VERTEX: Rows = {
  // The same 429 serves our quota and their shared capacity.
  overloaded: ['RESOURCE_EXHAUSTED~try again later'],
  server_error: ['@504'],
};
