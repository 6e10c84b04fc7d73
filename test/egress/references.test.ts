import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathSegments, referencesOf, withValues } from '../../lib/egress/references.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { provider } from '../support/builders.ts';
import { GOOD } from '../support/servers/misbehaviours.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

const ENV = {
  KEY: 'the-key-0123456789',
  HEADER: ' the-header-value\n',
  BODY: 'the-body-value',
  PATH: 'the/path?value',
};
const keys = createKeyResolver({ env: ENV });

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer((socket) => socket.end(answer(GOOD)));
});
afterEach(() => peer.close());

describe('K10: a reference', () => {
  it('in a header, a body or a path is sent as its value, trimmed; every other text as it is', async () => {
    const settings = {
      baseUrl: `${peer.origin}/env:PATH/%65nv:BODY/v1`,
      headers: { 'x-gateway': 'env:HEADER', 'x-team': 'Bearer env:HEADER' },
      body: { metadata: { session: ['env:BODY', 'not env:BODY', 7, null] } },
    };
    expect(await probeOnce(targetOf(peer, settings), { keys })).toMatchObject({ isHealthy: true });
    const [request = ''] = peer.requests;
    expect(request).toContain('POST /the%2Fpath%3Fvalue/the-body-value/v1/chat/completions HTTP/1.1');
    expect(request).toContain('x-gateway: the-header-value\r\n');
    expect(request).toContain('x-team: Bearer env:HEADER\r\n');
    expect(request).toContain('"session":["the-body-value","not env:BODY",7,null]');
  });

  it.each([
    ['a header', { headers: { 'x-gateway': 'env:MISSING' } }],
    ['a body', { body: { user: 'env:MISSING' } }],
    ['a path', { baseUrl: 'https://llm.example.com/env:MISSING/v1' }],
  ])('in %s that names nothing fails the check as ours, and nothing is sent', async (_, settings) => {
    expect(await probeOnce(targetOf(peer, settings), { keys })).toMatchObject({
      category: 'config',
      fault: 'ours',
      errorMessage: 'env:MISSING: the environment variable is not set. Set MISSING',
    });
    expect(peer.requests).toEqual([]);
  });

  it.each(['a\r\nx-evil: 1', 'a\u0000b'])('to %j is refused', async (HEADER) => {
    const outcome = await probeOnce(targetOf(peer, { headers: { 'x-gateway': 'env:HEADER' } }), {
      keys: createKeyResolver({ env: { ...ENV, HEADER } }),
    });
    expect(outcome.errorMessage).toMatch(/^env:HEADER: expected a key of visible ASCII characters/);
    expect(peer.requests).toEqual([]);
  });
});

it('K10: values of headers from 8 characters on and all that references name are hidden, and short words are not', async () => {
  const said = 'team search-all, env two, the-header-value, the-body-value, the/path?value, the%2Fpath%3Fvalue';
  await peer.close();
  peer = await startPeer((socket) =>
    socket.end(answer(JSON.stringify({ error: { message: said } }), {}, '400 Bad Request')),
  );
  const settings = {
    baseUrl: `${peer.origin}/env:PATH/v1`,
    headers: { 'x-gateway': 'env:HEADER', 'x-team': 'search-all', 'x-env': 'two' },
    body: { user: 'env:BODY' },
  };
  const { errorMessage } = await probeOnce(targetOf(peer, settings), { keys });
  expect(errorMessage).toContain('team ***, env two, ***, ***, ***, ***');
});

it('every place of a reference is found, and names itself and where it is sent', () => {
  const url = 'https://llm.example.com/secret:e%23f/ssm:%2Fg%2Fh/ssm:/v1';
  const tokenUrl = 'https://login.example.com/token';
  const settings = provider({
    apiKey: 'secret:llm#key',
    auth: { type: 'google-service-account', key: 'secret:file', tokenUrl },
    headers: { 'x-a': 'ssm:/a', 'x-b': 'b' },
    body: { list: [{ deep: 'env:C' }, 'ssm:no-slash'], 'a.b': 'secret:d' },
    baseUrl: url,
  });
  expect(referencesOf(settings)).toEqual([
    { field: 'apiKey', reference: 'secret:llm#key', url },
    { field: 'headers.x-a', reference: 'ssm:/a', url },
    { field: 'body.list[0].deep', reference: 'env:C', url },
    { field: 'body.a.b', reference: 'secret:d', url },
    { field: 'baseUrl', reference: 'secret:e#f', url },
    { field: 'baseUrl', reference: 'ssm:/g/h', url },
    // The provider never gets this one.
    { field: 'auth.key', reference: 'secret:file', url: tokenUrl },
  ]);
});

describe('settings with the values of their references', () => {
  const textOf = (reference: string) => {
    if (!reference.startsWith('env:')) throw new Error(`${reference}: expected a reference`);
    return `value of ${reference.slice(4)}`;
  };
  const withBaseUrl = (baseUrl: string) => withValues(provider({ baseUrl }), textOf).baseUrl;

  it('have them in headers and in the body, and every other value as it was', () => {
    const body = { texts: ['env:B', 'b', { deep: 'env:C' }], number: 7, nothing: null, yes: true };
    expect(withValues(provider({ apiKey: 'env:KEY', headers: { a: 'env:A', b: 'b' }, body }), textOf)).toMatchObject({
      apiKey: 'env:KEY',
      headers: { a: 'value of A', b: 'b' },
      body: { texts: ['value of B', 'b', { deep: 'value of C' }], number: 7, nothing: null, yes: true },
    });
  });

  it.each([
    ['https://a.example/env:A/v1', 'https://a.example/value%20of%20A/v1'],
    ['https://a.example/b%2fc/%65nv:A/%zz/', 'https://a.example/b%2fc/value%20of%20A/%zz/'],
    // Without a reference it is written as it was, not as a parser would.
    ['HTTPS://A.example:443/b/../c', 'HTTPS://A.example:443/b/../c'],
    ['no URL', 'no URL'],
  ])('have them in the path of %s: %s', (baseUrl, expected) => {
    expect(withBaseUrl(baseUrl)).toBe(expected);
  });
});

it.each([
  ['https://a.example/b%2fc/%zz', ['', 'b/c', '%zz']],
  ['no URL', []],
])('the segments of the path of %s are %j', (url, segments) => {
  expect(pathSegments(url)).toEqual(segments);
});
