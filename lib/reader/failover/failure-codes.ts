/**
 * Codes by which a failure is told where its HTTP status does not tell it, or tells it wrongly: those of answers, of the
 * network, and of what throws. What a status alone says is lib/probe's. A code that matches is shown, and it may be a
 * provider's, so each pattern says all of it.
 */

import type { Category } from '../../health/category.ts';

export type CodeRules = readonly (readonly [RegExp, Category])[];

/** Codes in an answer that beat its status. Those of four digits are GLM's. */
export const ANSWER_CODES: CodeRules = [
  [/^((invalid_api_key|API_KEY_INVALID)|100[0-4]|111[0-2]|1121|1220|1311)$/, 'auth'],
  [
    /^(insufficient_quota|billing_error|budget_exceeded|enforced_spend_limit_reached|credit_balance_exhausted|exceeded_current_quota_error|(organization|project)_(spend|usage)_limit_exceeded|Arrearage|FAILED_PRECONDITION|ServiceQuotaExceededException|1113|1304|1308|1309|1310)$/,
    'quota',
  ],
  [/^(slow_down|rate_limit_exceeded|rate_limit_reached_error|ThrottlingException|130[23]|1313)$/, 'rate_limited'],
  [
    /^(overloaded_error|server_is_overloaded|service_unavailable_error|engine_overloaded_error|capacity_exceeded|ServiceUnavailableException|ModelNotReadyException|1305|1312)$/,
    'overloaded',
  ],
  [/^(model_not_found|DeploymentNotFound|resource_not_found_error|1211|122[12])$/, 'model_not_found'],
];

/** Words that only repeat the status: they decide where there is none, as in the middle of a stream. */
export const ANSWER_TYPES: CodeRules = [
  [/^((authentication|permission)_error|UNAUTHENTICATED|PERMISSION_DENIED)$/, 'auth'],
  [/^(rate_limit_error|RESOURCE_EXHAUSTED)$/, 'rate_limited'],
  [/^UNAVAILABLE$/, 'overloaded'],
  [/^(not_found_error|NOT_FOUND)$/, 'model_not_found'],
  [/^(invalid_request_error|request_too_large|INVALID_ARGUMENT)$/, 'bad_request'],
  [/^((api|server|internal|internal_server|conflict|timeout)_error|INTERNAL)$/, 'server_error'],
  [/^DEADLINE_EXCEEDED$/, 'timeout'],
];

/** The name of the error of a stream that ended before it began. */
export const EMPTY_STREAM = 'EmptyStreamError';

/** Codes of Node.js and undici, and names of errors. */
export const TRANSPORT_CODES: CodeRules = [
  [
    /^(TimeoutError|AbortError|API(ConnectionTimeout|UserAbort)Error|UND_ERR_(HEADERS_TIMEOUT|BODY_TIMEOUT|ABORTED))$/,
    'timeout',
  ],
  [/^(ENOTFOUND|EAI_[A-Z]+|ENODATA|ESERVFAIL)$/, 'dns'],
  [/^((CERT|CRL|ERR_SSL|ERR_TLS|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME|INVALID)_[A-Z_]+|EPROTO)$/, 'tls'],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'too_large'],
  [/^(SyntaxError|EmptyStreamError|HPE_[A-Z_]+|UND_ERR_RES_[A-Z_]+)$/, 'invalid_response'],
  [
    /^(E(CONN|HOST|NET)[A-Z]+|EPIPE|ETIMEDOUT|EADDRNOTAVAIL|UND_ERR_(SOCKET|CONNECT_TIMEOUT)|APIConnectionError)$/,
    'connect',
  ],
];
