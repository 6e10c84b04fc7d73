/**
 * Resumed TLS sessions, which make connections cheaper, and a test that no certificate is accepted that would otherwise
 * be refused.
 */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createConnector, type TlsOptions } from '../../../lib/probe/wire/connection.ts';
import { identityError, withoutChain } from '../../../lib/probe/wire/identity.ts';
import { Sessions } from '../../../lib/probe/wire/sessions.ts';
import { Trace } from '../../../lib/probe/wire/stamps.ts';
import { ELSEWHERE, type Identity, LOCALHOST, NAME_ONLY, WILDCARD } from '../../support/servers/certificates.ts';

const AUTHORITIES = [LOCALHOST, ELSEWHERE, WILDCARD, NAME_ONLY].map(({ cert }) => cert).join('\n');
const MINUTE_MS = 60_000;

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function listen(identity: Identity, options: { maxVersion?: 'TLSv1.2' } = {}): Promise<number> {
  server = createServer({ ...identity, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end('bye'));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('the name of a certificate', () => {
  const certificates: [string, Identity][] = [
    ['localhost', LOCALHOST],
    ['another name', ELSEWHERE],
    ['wildcards', WILDCARD],
    ['a name in its subject alone', NAME_ONLY],
  ];
  const names = [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'sub.localhost',
    'a.wild.test',
    'wild.test',
    'a.b.wild.test',
    'www.part.test',
    'other.part.test',
    'elsewhere.test',
    '127.0.0.1',
    '127.0.0.2',
  ];
  const cases = certificates.flatMap(([what, identity]) => names.map((name) => ({ what, identity, name })));

  /** Null when the name was good, else what is wrong with it. */
  async function verdictOn(port: number, name: string, ours: boolean): Promise<string | null> {
    const named = /^[\d.]+$/.test(name) ? { host: name } : { host: '127.0.0.1', servername: name };
    const socket: TLSSocket = tlsConnect({
      port,
      ...named,
      // The address of the name does not matter here, only the name.
      lookup: (_host, _options, callback) => callback(null, '127.0.0.1', 4),
      ca: AUTHORITIES,
      ...(ours && { checkServerIdentity: (host: string) => identityError(socket, host) }),
    });
    if (ours) withoutChain(socket);
    try {
      await once(socket, 'secureConnect');
      return null;
    } catch (error) {
      return String(error);
    } finally {
      socket.destroy();
    }
  }

  it.each(cases)('$name on a certificate for $what is judged as Node does', async ({ identity, name }) => {
    const port = await listen(identity);
    const expected = await verdictOn(port, name, false);
    expect(await verdictOn(port, name, true)).toBe(expected);
  });
});

/** Opens connections to the server, one after the other; time passes only when it is said. */
function connecting(port: number, tls: TlsOptions = {}) {
  let nowMs = 0;
  const sessions = new Sessions({ now: () => nowMs, random: () => 1 });
  const connector = createConnector({ addressPolicy: 'loopback', tls: { ca: AUTHORITIES, ...tls }, sessions });
  return {
    pass(ms: number) {
      nowMs += ms;
    },
    /** Whether the session was resumed. */
    async open(): Promise<boolean> {
      const trace = new Trace({ unreadMs: () => 0 });
      const socket = await connector.open(new URL(`https://localhost:${port}`), trace, new AbortController().signal);
      // Tickets come with the answer at the latest.
      socket.write('hello');
      socket.resume();
      await once(socket, 'close');
      return trace.resumed;
    },
  };
}

describe('a TLS session', () => {
  it.each([
    ['1.3', {}],
    ['1.2', { maxVersion: 'TLSv1.2' as const }],
  ])('of TLS %s is resumed by the next connection to its origin', async (_version, options) => {
    const { open } = connecting(await listen(LOCALHOST, options));
    expect([await open(), await open(), await open()]).toEqual([false, true, true]);
  });

  it('is not resumed where that is switched off', async () => {
    const { open } = connecting(await listen(LOCALHOST), { resume: false });
    expect([await open(), await open()]).toEqual([false, false]);
  });

  it('is followed by a full handshake within 10 minutes, which sees a certificate that went bad', async () => {
    const { open, pass } = connecting(await listen(LOCALHOST));
    await open();
    server?.setSecureContext(ELSEWHERE);
    const resumed: boolean[] = [];
    let error: unknown = null;
    let minutes = 0;
    while (error === null && minutes < 20) {
      pass(MINUTE_MS);
      minutes += 1;
      await open().then(
        (one) => resumed.push(one),
        (cause: unknown) => {
          error = cause;
        },
      );
    }
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(minutes).toBeLessThanOrEqual(10);
  });

  it('of a certificate that is refused is never kept', async () => {
    const { open } = connecting(await listen(ELSEWHERE));
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(open()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    }
  });
});

describe('tickets of an origin', () => {
  function sessions(random = 1) {
    const clock = { nowMs: 0, now: () => clock.nowMs, random: () => random };
    return { kept: new Sessions(clock), clock };
  }
  const ticket = (number: number) => Buffer.from([number]);

  it('are used once each, the newest first, and at most 8 are kept', () => {
    const { kept } = sessions();
    kept.verified('a');
    for (let number = 1; number <= 10; number += 1) kept.keep('a', ticket(number));
    const taken = Array.from({ length: 9 }, () => kept.take('a')?.[0]);
    expect(taken).toEqual([10, 9, 8, 7, 6, 5, 4, 3, undefined]);
  });

  it('are of that origin alone, and of none whose certificate was not seen', () => {
    const { kept } = sessions();
    kept.verified('a');
    kept.keep('a', ticket(1));
    kept.keep('b', ticket(2));
    expect(kept.take('b')).toBeUndefined();
    expect(kept.take('a')).toEqual(ticket(1));
  });

  it('are thrown away when a handshake failed', () => {
    const { kept } = sessions();
    kept.verified('a');
    kept.keep('a', ticket(1));
    kept.forget('a');
    expect(kept.take('a')).toBeUndefined();
  });

  it('are good until the full handshake is due, the first time after a share of the time that is drawn by lot', () => {
    const { kept, clock } = sessions(0.5);
    for (const dueMinutes of [4.5, 4.5 + 9]) {
      kept.verified('a');
      kept.keep('a', ticket(1));
      kept.keep('a', ticket(2));
      clock.nowMs = dueMinutes * MINUTE_MS - 1;
      expect(kept.take('a')).toEqual(ticket(2));
      clock.nowMs += 1;
      expect(kept.take('a')).toBeUndefined();
      expect(kept.take('a')).toBeUndefined();
    }
  });
});
