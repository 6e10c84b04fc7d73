/**
 * Codes of failures without an answer: errors of the network, and of code that throws. lib/failures judges answers. The code is
 * shown to users, so each pattern must match the whole code.
 */

import type { Category } from '../../health/category.ts';

type CodeRules = readonly (readonly [RegExp, Category])[];

/** The name of the error for a stream that ended before its first chunk. */
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
  [
    /^(SyntaxError|EmptyStreamError|HPE_[A-Z_]+|UND_ERR_RES_[A-Z_]+|AI_(JSONParse|TypeValidation|EmptyResponseBody|No(Content|Output)Generated)Error)$/,
    'invalid_response',
  ],
  [
    /^(E(CONN|HOST|NET)[A-Z]+|EPIPE|ETIMEDOUT|EADDRNOTAVAIL|UND_ERR_(SOCKET|CONNECT_TIMEOUT)|APIConnectionError|ERR_(NETWORK|STREAM_PREMATURE_CLOSE)|Connection(Refused|Reset|Closed)|FailedToOpenSocket)$/,
    'connect',
  ],
  // The SDK failed before it sent a request.
  [/^(AI_LoadAPIKeyError|CredentialsProviderError)$/, 'config'],
  // LangChain throws these without the status.
  [/^InsufficientQuotaError$/, 'quota'],
  [/^RateLimitError$/, 'rate_limited'],
  [/^AI_NoSuchModelError$/, 'model_not_found'],
  [/^AI_Invalid(Prompt|Argument)Error$/, 'bad_request'],
];
