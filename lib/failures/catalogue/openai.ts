/** OpenAI, and Azure and GitHub, which serve its models. */

import type { Rows } from '../signature.ts';

export const OPENAI: Rows = {
  quota: ['~exceeded your current quota|~insufficient_quota', '~please check your billing >pay'],
  auth: [
    'model_not_found~organization must be verified|~organization must be verified >verify',
    'ip_not_authorized >waf',
  ],
  bad_request: ['invalid_prompt~flagged >filter'],
};

export const AZURE: Rows = {
  quota: ['RateLimitReached~per 86400s >wait'],
  auth: ['~due to virtual network >waf'],
  config: ['=resource not found', '~api version not supported'],
  bad_request: ['~content management policy >filter'],
};
