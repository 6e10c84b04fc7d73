import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referencesOf } from '../../lib/egress/references.ts';
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
