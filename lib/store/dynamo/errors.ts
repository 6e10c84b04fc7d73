/** Turns errors of the client into errors of the store. Messages contain no ARN; the answer of AWS is in `cause`. */

import { StoreError, type StoreErrorCode } from '../store.ts';
import { DynamoError } from './client.ts';

/** Codes by the name of the error. Other errors get their code from the HTTP status. */
const CODES: Readonly<Record<string, StoreErrorCode>> = {
  ResourceNotFoundException: 'missing',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  LimitExceededException: 'throttled',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  MissingAuthenticationTokenException: 'denied',
  IncompleteSignatureException: 'denied',
  InvalidSignatureException: 'denied',
  ExpiredTokenException: 'denied',
  InvalidClientTokenId: 'denied',
  SignatureDoesNotMatch: 'denied',
  CredentialsProviderError: 'denied',
  InternalServerError: 'unreachable',
  ServiceUnavailable: 'unreachable',
  ServiceUnavailableException: 'unreachable',
};

/** The error of the local monitor's embedded table when its disk fails. Its own message says what to do. */
const EMBEDDED = 'EmbeddedTableError';

/** What the reader of the message can do. */
const ADVICE: Readonly<Record<'unreachable' | 'throttled' | 'denied' | 'missing' | 'not_ours', string>> = {
  unreachable: 'Check the network, the region and the endpoint, and that DynamoDB runs there.',
  throttled: 'The next tick or request tries again. If this lasts, check the limits of the table and of the account.',
  denied: 'Check the credentials, and that the stack grants this function or role access to the table.',
  missing: 'Deploy the stack, or set the name of its table (output TableName) and its region.',
  not_ours: 'Set the name of the table that the stack created. Its keys are pk and sk, both texts.',
};

interface Details {
  name: string;
  message: string;
  /** The system's code of the error. */
  code?: string;
  /** HTTP status. */
  status?: number;
}

/**
 * The StoreError for an error of the client; null for a bug of ours, which the caller throws unchanged.
 *
 * @param table The table and its place, for the message.
 */
export function toStoreError(error: unknown, table: string, operation: string): StoreError | null {
  const code = codeOf(error);
  if (code === null) return null;
  const { name, code: errno, status, message } = detailsOf(error);
  if (name === EMBEDDED) return new StoreError('unreachable', `${table}: ${message}`, { cause: error });
  const got = errno ?? (CODES[name] || status === undefined ? name : `${name}, HTTP ${status}`);
  return storeError(code, table, `expected an answer to ${operation}, got ${got}`, error);
}

/** An error about a table, with advice. */
export function storeError(code: keyof typeof ADVICE, table: string, what: string, cause?: unknown): StoreError {
  return new StoreError(code, `${table}: ${what}. ${ADVICE[code]}`, { cause });
}

function codeOf(error: unknown): keyof typeof ADVICE | null {
  const { name, code, status, message } = detailsOf(error);
  const known = CODES[name];
  if (known !== undefined && known in ADVICE) return known as keyof typeof ADVICE;
  if (name === EMBEDDED) return 'unreachable';
  if (name === 'ValidationException') return /key element|schema/i.test(message) ? 'not_ours' : null;
  if (message === 'Region is missing') return 'unreachable';
  // Errors of system calls and TLS have a code. Errors of this product have none.
  if (code !== undefined) return 'unreachable';
  // The answer does not come from DynamoDB, or DynamoDB is in trouble (status 500 or higher).
  return status !== undefined && (status >= 500 || name === 'SyntaxError' || name.startsWith('Unknown'))
    ? 'unreachable'
    : null;
}

function detailsOf(error: unknown): Details {
  if (!(error instanceof Error)) return { name: typeof error, message: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error instanceof DynamoError && { status: error.status }),
  };
}
