/** Codes with the same meaning for every provider, and types that only repeat a status. */

import type { Category } from '../../health/category.ts';
import type { Advice } from '../advice.ts';
import type { Rows } from '../signature.ts';

export const COMMON: Rows = {
  quota: [
    'insufficient_quota|billing_error|budget_exceeded|exceeded_current_quota_error',
    // A daily limit is `quota`, also with this code: waiting a minute does not help.
    'rate_limit_exceeded~per day >wait',
  ],
  auth: ['invalid_api_key'],
  model_not_found: ['model_not_found'],
  config: ['unknown_url'],
  // It comes with 429, and came with 503 before. Both mean that we send too much, not that the provider is down.
  rate_limited: ['slow_down|rate_limit_exceeded'],
  overloaded: ['overloaded_error|service_unavailable_error'],
  server_error: ['finish:error|finish:network_error'],
};

/**
 * Codes that no row knows, by how they are put together: folded, and without spaces in them. Read in this order. A bare
 * "quota" is not among them: for some it is a limit of a minute.
 */
export const CODE_FORMS: readonly (readonly [RegExp, Category, Advice?])[] = [
  [/overdue|unpaid|arrear|billing|payment|purchased/, 'quota', 'pay'],
  [/(dai|week|month)ly|usagelimit|freetier|quotaexhausted/, 'quota', 'wait'],
  [/budget|spend(ing)?(limit|cap)/, 'quota', 'cap'],
  [
    /(insufficient|notenough|no|low|outof)(user|account)?(balance|credit|fund|quota)|(balance|credit|fund)s?(limit|notenough|insufficient|exhausted|depleted|exceeded)/,
    'quota',
  ],
  [/filter|policy|inspection|sensitive|moderation/, 'bad_request', 'filter'],
  [/(country|region|location)(not|un)|unsupported(country|region|location)/, 'auth', 'geo'],
  [/model.*(denied|blocked|terms)/, 'auth', 'ask'],
  [
    /(model|deployment)s?(is)?(not|doesnot|un|deprecat|decommission|retired|removed)|(invalid|un\w{3,9}|nosuch|wrong|noavailable)model/,
    'model_not_found',
  ],
  [/(account|organization|user|consumer).*(suspend|disabled|deactivat|banned|restrict|terminat|locked)/, 'auth', 'ban'],
  [
    /(invalid|incorrect|expired|missing|revoked|wrong|bad|unrecognized|mismatched)\w{0,8}(key|token(?!s)|credential|signature|auth|client|organization|project)|(key|token|credential|signature)s?(is)?(invalid|incorrect|expired|missing|revoked|disabled|notfound|doesnot|\w*blocked)|^(not|un)authori[sz]ed|^(access|permission)denied|^forbidden/,
    'auth',
  ],
  [/throttl|ratelimit(ed|exceeded|reached)|concurren/, 'rate_limited'],
  [
    /overload|saturat|overcapacity|(server|engine|model|system|service)(is)?(too)?busy|capacity(exceeded|exhausted)|(insufficient|no)capacity|noavailable|(provider|server|service|upstream)unavailable/,
    'overloaded',
  ],
];

/** Words that only repeat a status. They decide where there is none: in a 200, in a stream. */
export const TYPES: Rows = {
  auth: ['authentication_error|permission_error|UNAUTHENTICATED'],
  rate_limited: ['rate_limit_error|RESOURCE_EXHAUSTED'],
  overloaded: ['UNAVAILABLE'],
  model_not_found: ['not_found_error|NOT_FOUND'],
  bad_request: ['invalid_request_error|INVALID_ARGUMENT|ValidationException'],
  timeout: ['timeout|DEADLINE_EXCEEDED|timeout_error'],
  server_error: [
    'server_error|api_error|INTERNAL',
    // AWS sends these within a stream, where there is no status.
    'InternalServerException|InternalFailure|ModelStreamErrorException|ModelTimeoutException',
  ],
};
