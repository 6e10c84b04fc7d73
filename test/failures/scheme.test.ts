/** http where https is wanted, and the other way round. */

import { afterEach, expect, test } from 'vitest';
import { LOCALHOST } from '../support/servers/certificates.ts';
import { answer, type Peer, startPeer } from '../support/servers/peer.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

/** The answer of an OpenSSL server to a request in plain text: a fatal alert, "protocol version". */
const TLS_ALERT = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);

let peer: Peer | undefined;

afterEach(() => peer?.close());

test('plain HTTP to a port that speaks TLS is a mistake in baseUrl', async () => {
  peer = await startPeer((socket) => socket.end(TLS_ALERT));
  expect(await probeOnce(targetOf(peer))).toMatchObject({
    category: 'config',
    fault: 'ours',
    errorMessage: `localhost:${peer.port}: its port speaks TLS: write https:// in baseUrl`,
  });
});

test('TLS to a port that speaks plain HTTP is a mistake in baseUrl', async () => {
  peer = await startPeer(() => {}, {
    scheme: 'https',
    onConnection: (socket) => void socket.once('data', () => socket.end(answer('{}'))),
  });
  expect(await probeOnce(targetOf(peer))).toMatchObject({
    category: 'config',
    fault: 'ours',
    errorMessage: `localhost:${peer.port}: its port speaks plain HTTP, not TLS: correct the port or write http:// in baseUrl`,
  });
});

test('a TLS connection that breaks off shows no wrong scheme', async () => {
  peer = await startPeer(() => {}, { scheme: 'https', tls: LOCALHOST, onConnection: (socket) => socket.destroy() });
  expect((await probeOnce(targetOf(peer))).category).not.toBe('config');
});
