/** What the client throws, in this product's words. No message has an ARN: what AWS said is in `cause`. */

import { StoreError, type StoreErrorCode } from '../store.ts';
import { DynamoError } from './client.ts';

/** Names of errors that say what they are. Every other answer of AWS is known by its status. */
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

/** What the embedded table of the local monitor throws when its disk fails: it says itself what to do. */
const EMBEDDED = 'EmbeddedTableError';

/** What the reader of the message has to do. */
const ADVICE: Readonly<Record<'unreachable' | 'throttled' | 'denied' | 'missing' | 'not_ours', string>> = {
  unreachable: 'Check the network, the region and the endpoint, and that DynamoDB is up there.',
  throttled: 'It is tried again with the next tick or request; if this lasts, look at the limits of table and account.',
  denied: 'Check the credentials, and that the stack granted this function or role the table.',
  missing: 'Deploy the stack, or name its table (output TableName) and its region.',
  not_ours: 'Name the table that the stack made: its keys are pk and sk, both texts.',
};

interface Details {
  name: string;
  message: string;
  /** Of the system. */
  code?: string;
  /** HTTP. */
  status?: number;
}

/**
 * The StoreError that an error of the client means; null when it is none of the table's but a bug of ours, which should
 * show as itself.
 *
 * @param table The table with where it is sought.
 */
export function toStoreError(error: unknown, table: string, operation: string): StoreError | null {
  const code = codeOf(error);
  if (code === null) return null;
  const { name, code: errno, status, message } = detailsOf(error);
  if (name === EMBEDDED) return new StoreError('unreachable', `${table}: ${message}`, { cause: error });
  const got = errno ?? (CODES[name] || status === undefined ? name : `${name}, HTTP ${status}`);
  return storeError(code, table, `expected an answer to ${operation}, got ${got}`, error);
}

/** An error about a table, with what to do about it. */
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
  // System calls and TLS put a code on what they throw; nothing of ours does.
  if (code !== undefined) return 'unreachable';
  // An answer that DynamoDB did not give: no status of its own, or one that no error of DynamoDB has.
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
