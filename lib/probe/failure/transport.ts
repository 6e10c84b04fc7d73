/**
 * Judges failures without a complete answer: errors of name lookup, connection, TLS or answer, by code and phase, never
 * by message text. Not here: complete answers (adapters).
 */

import { errors } from 'undici';
import type { Category } from '../../health/category.ts';
import { AnswerError } from '../wire/answer-error.ts';
import { TimeoutError } from '../wire/deadline.ts';
import type { Trace } from '../wire/stamps.ts';

export interface TransportFailure {
  category: Category;
  message: string;
}

const BY_CODE: Readonly<Record<string, Category>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  ECONNREFUSED: 'connect',
  ECONNRESET: 'connect',
  ECONNABORTED: 'connect',
  EHOSTUNREACH: 'connect',
  EHOSTDOWN: 'connect',
  ENETUNREACH: 'connect',
  ENETDOWN: 'connect',
  EPIPE: 'connect',
  ETIMEDOUT: 'connect',
  UND_ERR_SOCKET: 'connect',
  EPROTO: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  INVALID_PURPOSE: 'tls',
  INVALID_CA: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'invalid_response',
  ERR_ADDRESS_FORBIDDEN: 'config',
};

const BY_PREFIX: readonly (readonly [string, Category])[] = [
  ['ERR_TLS_', 'tls'],
  ['ERR_SSL_', 'tls'],
  ['CERT_', 'tls'],
  ['CRL_', 'tls'],
  ['UNABLE_TO_', 'tls'],
];

/**
 * Null when the error is of no known kind, and so a bug in this project.
 *
 * @param host Host and port of the request.
 */
export function transportFailure(error: unknown, trace: Trace, host: string): TransportFailure | null {
  if (error instanceof TimeoutError) return { category: 'timeout', message: timeoutMessage(error, trace, host) };
  if (error instanceof AnswerError) return { category: error.category, message: `${host}: ${error.message}` };
  // The only error of undici without a code of its own.
  if (error instanceof errors.HTTPParserError) {
    return { category: 'invalid_response', message: `${host}: expected an HTTP/1.1 answer: ${error.message}` };
  }
  const code = codeOf(error);
  if (code === null) return null;
  const category = byCode(code) ?? byPhase(code, error, trace);
  return category && { category, message: messageOf(category, code, error, host, trace) };
}

/** Codes of a TLS client that got an answer that is not TLS. */
const NO_TLS: ReadonlySet<string> = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
/** First bytes of a TLS alert, with which a TLS port answers plain HTTP. */
const TLS_ALERT = '\u0015\u0003';

/** Advice for an address with the wrong scheme for its port; null for all other errors. */
export function schemeMistake(error: unknown): string | null {
  if (error instanceof errors.HTTPParserError) {
    return 'data' in error && String(error.data).startsWith(TLS_ALERT)
      ? 'its port speaks TLS: write https:// in baseUrl'
      : null;
  }
  return NO_TLS.has(codeOf(error) ?? '')
    ? 'its port speaks plain HTTP, not TLS: correct the port or write http:// in baseUrl'
    : null;
}

function byCode(code: string): Category | null {
  const listed = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return listed ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
}

/**
 * The category of an unlisted code, by the phase of the probe. Null for codes with which Node or undici reports a wrong
 * call.
 */
function byPhase(code: string, error: unknown, { connectedAt, securedAt, writtenAt }: Trace): Category | null {
  if (/^(ERR|UND_ERR)_/.test(code)) return null;
  if (connectedAt !== null && securedAt === null && writtenAt === null) return 'tls';
  if (!/^E[A-Z]+$/.test(code)) return null;
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo' ? 'dns' : 'connect';
}

/** The code of an error. After several addresses, the error is an aggregate with the code of the first one. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function messageOf(category: Category, code: string, error: unknown, host: string, trace: Trace): string {
  const text = error instanceof Error ? error.message : '';
  switch (category) {
    case 'dns':
      return `the name of ${host} does not resolve (${code})`;
    case 'connect':
      if (code === 'ECONNREFUSED') return `${host} refused the connection (${code})`;
      if (trace.writtenAt === null) return `the connection to ${host} failed or broke (${code})`;
      return `${host} ${CUT_BY[code] ?? 'lost the connection'} ${placeOf(trace)} (${code})`;
    case 'tls':
      // An alert: the certificate was accepted before the request was written.
      if (trace.writtenAt !== null && code.startsWith('ERR_SSL_'))
        return `${host} ended the TLS connection ${placeOf(trace)}: ${text} (${code})`;
      return `the TLS handshake with ${host} failed: ${text} (${code})`;
    case 'too_large':
      return `${host}: the headers of the answer are larger than the 16 KiB that a probe reads`;
    case 'invalid_response':
      return `${host}: the answer is not as long as its content-length says`;
    default:
      // The host as it is configured. The address that its name led to is not shown: it says what our network contains.
      return `${host}: ${text}`;
  }
}

const CUT_BY: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'closed the connection',
  ECONNRESET: 'reset the connection',
};

/** Where a connection was cut after the request was sent. */
function placeOf({ statusCode }: Trace): string {
  return statusCode === null
    ? 'after the request, before the head of an answer was complete'
    : `within the body of its answer, after status ${statusCode}`;
}

function timeoutMessage({ timeoutMs }: TimeoutError, trace: Trace, host: string): string {
  return `no complete answer from ${host} within ${timeoutMs / 1000} s: ${progressOf(trace)}`;
}

function progressOf({ connectedAt, lookedUpAt, newConnection, statusCode, writtenAt }: Trace): string {
  if (statusCode !== null) return `status ${statusCode} came, but not the end of the answer`;
  if (writtenAt !== null) return 'the request was sent, and no status came';
  if (newConnection !== null) return 'connected, but the request was not sent';
  if (connectedAt !== null) return 'connected, but the TLS handshake did not end';
  if (lookedUpAt !== null) return 'its name resolved, but no connection came to be';
  return 'its name did not resolve, or no connection came to be';
}
