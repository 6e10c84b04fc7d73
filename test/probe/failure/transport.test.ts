import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { AddressForbiddenError } from '../../../lib/egress/guard.ts';
import { type Category, faultOf } from '../../../lib/health/category.ts';
import { transportFailure } from '../../../lib/probe/failure/transport.ts';
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
  const cases: [Category, string, Trace][] = [
    ...each('dns', ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_FAIL', 'ESERVFAIL'], trace()),
    ...each('connect', ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'], trace({ lookedUpAt: 1 })),
    ...each('connect', ['ECONNRESET'], CONNECTED),
    ...each('connect', ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ENOTCONN'], WRITTEN),
    ...each(
      'tls',
      [
        'CERT_HAS_EXPIRED',
        'CERT_NOT_YET_VALID',
        'ERR_TLS_CERT_ALTNAME_INVALID',
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'SELF_SIGNED_CERT_IN_CHAIN',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        'EPROTO',
        'ERR_SSL_WRONG_VERSION_NUMBER',
        'EE_KEY_TOO_SMALL',
      ],
      CONNECTED,
    ),
    ...each('too_large', ['UND_ERR_HEADERS_OVERFLOW'], WRITTEN),
    ...each('invalid_response', ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH'], WRITTEN),
  ];
  test.each(cases)('%s: %s', (category, code, at) => {
    expect(transportFailure(coded(code), at, 'api.example.com')).toMatchObject({ category });
  });

  test('the phase where its code is not known', () => {
    expect(transportFailure(coded('EODD', { syscall: 'getaddrinfo' }), trace(), 'h')).toMatchObject({
      category: 'dns',
    });
    expect(transportFailure(coded('EODD', { syscall: 'connect' }), trace(), 'h')).toMatchObject({
      category: 'connect',
    });
    expect(transportFailure(coded('EODD'), CONNECTED, 'h')).toMatchObject({ category: 'tls' });
  });

  test('the category that was found while the answer was read', () => {
    const error = new AnswerError('too_large', 'it is large');
    expect(transportFailure(error, WRITTEN, 'h')).toEqual({ category: 'too_large', message: 'h: it is large' });
    expect(transportFailure(new errors.HTTPParserError('no HTTP'), WRITTEN, 'h')).toMatchObject({
      category: 'invalid_response',
    });
  });

  test('ourselves when it is none of these', () => {
    expect(transportFailure(new TypeError('not a function'), WRITTEN, 'h')).toBeNull();
    expect(transportFailure(coded('ERR_INVALID_ARG_TYPE'), CONNECTED, 'h')).toBeNull();
    expect(transportFailure(new errors.InvalidArgumentError('bad header'), trace(), 'h')).toBeNull();
    expect(transportFailure('a text', WRITTEN, 'h')).toBeNull();
  });

  test('our configuration when the address is forbidden', () => {
    const failure = transportFailure(new AddressForbiddenError(), trace(), 'h');
    expect(failure).toMatchObject({ category: 'config' });
    expect(faultOf(failure?.category ?? 'connect')).toBe('ours');
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
