import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { AddressForbiddenError } from '../../../lib/egress/guard.ts';
import { type Category, faultOf } from '../../../lib/health/category.ts';
import { schemeMistake, transportFailure } from '../../../lib/probe/failure/transport.ts';
import { AnswerError } from '../../../lib/probe/wire/answer-error.ts';
import { TimeoutError } from '../../../lib/probe/wire/deadline.ts';
import { Trace } from '../../../lib/probe/wire/stamps.ts';

const UNREAD = { unreadMs: () => 0 };

function trace(fields: Partial<Trace> = {}): Trace {
  return Object.assign(new Trace(UNREAD), fields);
}

function coded(code: string, fields: object = {}): Error {
  return Object.assign(new Error(`failed with ${code}`), { code, ...fields });
}

const CONNECTED = trace({ lookedUpAt: 1, connectedAt: 2 });
const WRITTEN = trace({ lookedUpAt: 1, connectedAt: 2, securedAt: 3, writtenAt: 4 });

describe('an error of the transport belongs to', () => {
  /** Each at a phase that would say otherwise. */
  const cases: [Category, string, Trace][] = [
    ...each('dns', ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL'], WRITTEN),
    ...each('connect', ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EHOSTUNREACH', 'EHOSTDOWN'], CONNECTED),
    ...each('connect', ['ENETUNREACH', 'ENETDOWN', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET'], CONNECTED),
    ...each('tls', ['EPROTO', 'HOSTNAME_MISMATCH', 'INVALID_PURPOSE', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED'], WRITTEN),
    ...each('tls', ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'], WRITTEN),
    ...each('tls', ['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER', 'CERT_HAS_EXPIRED'], WRITTEN),
    ...each('tls', ['CRL_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'], WRITTEN),
    ...each('too_large', ['UND_ERR_HEADERS_OVERFLOW'], CONNECTED),
    ...each('invalid_response', ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH'], CONNECTED),
  ];
  test.each(cases)('%s: %s', (category, code, at) => {
    expect(transportFailure(coded(code), at, 'api.example.com')).toMatchObject({ category });
  });

  test.each<[string, Category | null, Error, Trace]>([
    ['looked up', 'dns', coded('EODD', { syscall: 'getaddrinfo' }), trace()],
    ['connected to', 'connect', coded('EODD', { syscall: 'connect' }), trace()],
    ['connected to, which no call says', 'connect', coded('EODD'), trace()],
    ['secured', 'tls', coded('EODD'), CONNECTED],
    ['secured, by a code of OpenSSL', 'tls', coded('CA_KEY_TOO_SMALL'), CONNECTED],
    ['written to, after it was secured', 'connect', coded('EODD'), trace({ connectedAt: 2, securedAt: 3 })],
    ['written to in plain', 'connect', coded('EODD'), trace({ connectedAt: 2, writtenAt: 3 })],
    ['written to, by a code of another kind', null, coded('CA_KEY_TOO_SMALL'), WRITTEN],
    ['written to, by a code that only begins as one of the system', null, coded('EODD_2'), WRITTEN],
    ['written to, by a code that only ends as one of the system', null, coded('_EODD'), WRITTEN],
    ['secured, by a code of a wrong call', null, coded('ERR_INVALID_ARG_TYPE'), CONNECTED],
    ['secured, by a code of a wrong call of undici', null, coded('UND_ERR_INVALID_ARG'), CONNECTED],
    ['secured, by a code that has one in its middle', 'tls', coded('NOT_ERR_CODE'), CONNECTED],
    ['written to, by a name that every object has', null, coded('constructor'), WRITTEN],
  ])('what was being done where its code is not known: %s', (_, category, error, at) => {
    expect(transportFailure(error, at, 'h')?.category ?? null).toBe(category);
  });

  test.each([
    ['ENOTFOUND', 'the name of h:1 does not resolve (ENOTFOUND)'],
    ['ECONNREFUSED', 'h:1 refused the connection (ECONNREFUSED)'],
    ['CERT_HAS_EXPIRED', 'the TLS handshake with h:1 failed: failed with CERT_HAS_EXPIRED (CERT_HAS_EXPIRED)'],
    ['UND_ERR_HEADERS_OVERFLOW', 'h:1: the headers of the answer are larger than the 16 KiB that a probe reads'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'h:1: the answer is not as long as its content-length says'],
    ['ERR_ADDRESS_FORBIDDEN', 'h:1: failed with ERR_ADDRESS_FORBIDDEN'],
  ])('%s, and says so', (code, message) => {
    expect(transportFailure(coded(code), WRITTEN, 'h:1')?.message).toBe(message);
  });

  const BEGUN = trace({ ...WRITTEN, statusCode: 200 });
  const HEAD = 'after the request, before the head of an answer was complete';
  const BODY = 'within the body of its answer, after status 200';
  test.each([
    ['ECONNRESET', CONNECTED, 'the connection to h:1 failed or broke (ECONNRESET)'],
    ['ECONNRESET', WRITTEN, `h:1 reset the connection ${HEAD} (ECONNRESET)`],
    ['ECONNRESET', BEGUN, `h:1 reset the connection ${BODY} (ECONNRESET)`],
    ['UND_ERR_SOCKET', WRITTEN, `h:1 closed the connection ${HEAD} (UND_ERR_SOCKET)`],
    ['UND_ERR_SOCKET', BEGUN, `h:1 closed the connection ${BODY} (UND_ERR_SOCKET)`],
    ['EPIPE', WRITTEN, `h:1 lost the connection ${HEAD} (EPIPE)`],
    ['ERR_SSL_ALERT', BEGUN, `h:1 ended the TLS connection ${BODY}: failed with ERR_SSL_ALERT (ERR_SSL_ALERT)`],
    ['ERR_SSL_ALERT', CONNECTED, 'the TLS handshake with h:1 failed: failed with ERR_SSL_ALERT (ERR_SSL_ALERT)'],
  ])('%s, and says where the connection was cut', (code, at, message) => {
    expect(transportFailure(coded(code), at, 'h:1')?.message).toBe(message);
  });

  test('the category that was found while the answer was read', () => {
    const error = new AnswerError('too_large', 'it is large');
    expect(transportFailure(error, WRITTEN, 'h')).toEqual({ category: 'too_large', message: 'h: it is large' });
    expect(transportFailure(new errors.HTTPParserError('no HTTP'), WRITTEN, 'h')).toEqual({
      category: 'invalid_response',
      message: 'h: expected an HTTP/1.1 answer: no HTTP',
    });
  });

  test('this project when it is of no known kind', () => {
    expect(transportFailure(new TypeError('not a function'), WRITTEN, 'h')).toBeNull();
    expect(transportFailure(coded('ERR_INVALID_ARG_TYPE'), CONNECTED, 'h')).toBeNull();
    expect(transportFailure(new errors.InvalidArgumentError('bad header'), trace(), 'h')).toBeNull();
    expect(transportFailure('a text', WRITTEN, 'h')).toBeNull();
    expect(transportFailure({ code: 'ECONNREFUSED' }, WRITTEN, 'h')).toBeNull();
    expect(transportFailure(Object.assign(new Error('a number'), { code: 7 }), CONNECTED, 'h')).toBeNull();
  });

  test('our configuration when the address is forbidden', () => {
    const failure = transportFailure(new AddressForbiddenError(), trace(), 'h');
    expect(failure).toMatchObject({ category: 'config' });
    expect(faultOf(failure?.category ?? 'connect')).toBe('ours');
  });
});

describe('a mistake in the scheme of an address', () => {
  const parserError = (data?: unknown) => Object.assign(new errors.HTTPParserError('no HTTP'), data ? { data } : {});
  const SPEAKS_TLS = 'its port speaks TLS: write https:// in baseUrl';
  const SPEAKS_PLAIN = 'its port speaks plain HTTP, not TLS: correct the port or write http:// in baseUrl';

  test.each<[string, unknown, string | null]>([
    ['an alert of TLS where HTTP was expected', parserError(Buffer.from([0x15, 3, 1])), SPEAKS_TLS],
    ['other bytes where HTTP was expected', parserError('SSH-2.0 \u0015\u0003'), null],
    ['no bytes where HTTP was expected', new errors.HTTPParserError('no HTTP'), null],
    ['another version of TLS', coded('ERR_SSL_WRONG_VERSION_NUMBER'), SPEAKS_PLAIN],
    ['a packet that is too long', coded('ERR_SSL_PACKET_LENGTH_TOO_LONG'), SPEAKS_PLAIN],
    ['another error of TLS', coded('ERR_SSL_NO_CIPHER_MATCH'), null],
    ['an error without a code', new Error('odd'), null],
  ])('is seen by %s', (_, error, mistake) => {
    expect(schemeMistake(error)).toBe(mistake);
  });
});

test('of several addresses the code of the first decides', () => {
  const all = Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), {
    code: 'ECONNREFUSED',
  });
  expect(transportFailure(all, trace({ lookedUpAt: 1 }), 'h:1')).toEqual({
    category: 'connect',
    message: 'h:1 refused the connection (ECONNREFUSED)',
  });
});

describe('a timeout says how far the probe came:', () => {
  const cases: [string, Partial<Trace>][] = [
    ['its name did not resolve, or no connection came to be', {}],
    ['its name resolved, but no connection came to be', { lookedUpAt: 1 }],
    ['connected, but the TLS handshake did not end', { lookedUpAt: 1, connectedAt: 2 }],
    ['connected, but the request was not sent', { connectedAt: 2, newConnection: true }],
    ['the request was sent, and no status came', { connectedAt: 2, newConnection: true, writtenAt: 3 }],
    ['status 200 came, but not the end of the answer', { connectedAt: 2, writtenAt: 3, statusCode: 200 }],
  ];
  test.each(cases)('%s', (progress, fields) => {
    expect(transportFailure(new TimeoutError(10_000), trace(fields), 'h')).toEqual({
      category: 'timeout',
      message: `no complete answer from h within 10 s: ${progress}`,
    });
  });
});

function each(category: Category, codes: readonly string[], at: Trace): [Category, string, Trace][] {
  return codes.map((code) => [category, code, at]);
}
