/** OpenAI, and Azure and GitHub, which serve its models. */

import type { Rows } from '../signature.ts';

export const OPENAI: Rows = {
  quota: ['~exceeded your current quota|~insufficient_quota', '~please check your billing >pay'],
  auth: [
    'model_not_found~organization must be verified|~organization must be verified >verify',
    'ip_not_authorized >waf',
  ],
  model_not_found: ['~not supported when using codex'],
  bad_request: ['invalid_prompt~flagged >filter'],
  config: ['~invalid url ('],
  overloaded: ['~currently overloaded'],
};

export const AZURE: Rows = {
  quota: ['RateLimitReached~per 86400s >wait'],
  auth: ['~due to virtual network >waf'],
  model_not_found: ['~unknown model:'],
  config: ['=resource not found', '~api version not supported'],
  bad_request: ['~content management policy >filter'],
  // The same 429 serves our limit and theirs.
  overloaded: ['@429 ~high demand'],
};
