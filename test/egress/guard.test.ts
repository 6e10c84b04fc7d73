import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  AddressForbiddenError,
  type AddressPolicy,
  guardedLookup,
  isAllowedAddress,
  refuseBaseUrl,
  refuseUrl,
} from '../../lib/egress/guard.ts';
import { createConnector } from '../../lib/probe/wire/connection.ts';
import { Trace } from '../../lib/probe/wire/stamps.ts';

const POLICIES: AddressPolicy[] = ['public', 'loopback', 'private', 'vpc'];
const FORBIDDEN =
  'expected https and a host on the internet. Private addresses need allowPrivateNetwork (--allow-private-network), others are never allowed';

/** A URL and the policies that allow it, first letters: p(ublic) l(oopback) n(etwork: private) v(pc). */
type Row = [url: string, allowedBy: string];

const allowedBy = (url: string) =>
  POLICIES.map((policy, index) => (refuseBaseUrl(url, policy) === null ? 'plnv'[index] : '-')).join('');

const ADDRESSES: Row[] = [
  ['https://api.openai.com/v1', 'plnv'],
  ['https://api.openai.com:8443/v1', 'plnv'],
  ['HTTPS://API.OPENAI.COM/v1', 'plnv'],
  ['https://8.8.8.8/v1', 'plnv'],
  ['https://1.example.com/v1', 'plnv'],
  ['https://[2606:4700::6810:7c0]/v1', 'plnv'],
  ['http://api.openai.com/v1', '--nv'],
  ['http://8.8.8.8/v1', '--nv'],
  ['https://localhost/v1', '-ln-'],
  ['http://localhost:11434/v1', '-ln-'],
  ['http://LOCALHOST:11434/v1', '-ln-'],
  ['http://localhost.:11434/v1', '-ln-'],
  ['http://api.localhost:11434/v1', '-ln-'],
  ['https://127.0.0.1/v1', '-ln-'],
  ['http://127.0.0.1:8000', '-ln-'],
  ['http://127.8.8.8', '-ln-'],
  ['http://[::1]:8000', '-ln-'],
  ['http://[0:0:0:0:0:0:0:1]', '-ln-'],
  // Other writings of 127.0.0.1.
  ['https://2130706433/', '-ln-'],
  ['https://0x7f000001/', '-ln-'],
  ['https://0x7f.1/', '-ln-'],
  ['https://0177.0.0.1/', '-ln-'],
  ['https://017700000001/', '-ln-'],
  ['https://127.1/', '-ln-'],
  ['https://127.0.0.1./', '-ln-'],
  ['https://10.0.0.1/', '--nv'],
  ['https://167772161/', '--nv'],
  ['https://0xa.0.0.1/', '--nv'],
  ['https://012.0.0.1/', '--nv'],
  ['https://172.16.0.1/', '--nv'],
  ['https://192.168.1.1/', '--nv'],
  ['https://100.64.0.1/', '--nv'],
  ['https://169.254.1.1/', '--n-'],
  ['https://[fc00::1]/', '--nv'],
  ['https://[fe80::1]/', '--n-'],
  ['https://169.254.169.254/', '----'],
  ['http://169.254.169.254/latest/meta-data', '----'],
  ['http://2852039166/latest/meta-data', '----'],
  ['http://0xa9fea9fe/', '----'],
  ['http://0251.0376.0251.0376/', '----'],
  ['http://169.254.170.2/', '----'],
  ['http://[fd00:ec2::254]/', '----'],
  ['http://100.100.100.200/', '----'],
  ['http://168.63.129.16/', '----'],
  ['https://0.0.0.0/', '----'],
  ['https://0/', '----'],
  ['https://[::]/', '----'],
  ['https://[::ffff:127.0.0.1]/', '----'],
  ['https://[::ffff:7f00:1]/', '----'],
  ['https://[::ffff:8.8.8.8]/', '----'],
  ['https://[::127.0.0.1]/', '----'],
  ['https://[64:ff9b::a9fe:a9fe]/', '----'],
  ['https://[2002:7f00:1::]/', '----'],
  ['https://[2001:0:53aa:64c::1]/', '----'],
  ['https://192.0.2.1/', '----'],
  ['https://[2001:db8::1]/', '----'],
  ['https://224.0.0.1/', '----'],
  ['https://255.255.255.255/', '----'],
];

describe('K3 a base URL', () => {
  test.each(ADDRESSES)('%s is allowed by %s', (url, expected) => {
    expect(allowedBy(url)).toBe(expected);
  });

  test('gets the same answer for every address that is refused', () => {
    const answers = new Set(
      ADDRESSES.flatMap(([url]) => POLICIES.map((policy) => refuseBaseUrl(url, policy))).filter(
        (answer) => answer !== null,
      ),
    );
    expect([...answers]).toEqual([FORBIDDEN]);
  });

  const SCHEME = 'expected a URL that starts with https://';
  const USER = 'expected a URL without user or password';
  const ASCII = 'expected a URL of visible ASCII characters';
  test.each([
    ['', SCHEME],
    ['api.openai.com', SCHEME],
    ['ftp://api.openai.com', SCHEME],
    ['file:///etc/passwd', SCHEME],
    ['javascript:alert(1)', SCHEME],
    ['//api.openai.com', SCHEME],
    ['https:/api.openai.com', SCHEME],
    ['https:api.openai.com', SCHEME],
    [' https://api.openai.com', SCHEME],
    ['https:\\\\api.openai.com', SCHEME],
    ['https://', 'expected a URL with a host, such as "https://api.example.com/v1"'],
    ['https:///v1', 'expected a URL with a host, such as "https://api.example.com/v1"'],
    ['https://[::1', 'expected a URL with a host, such as "https://api.example.com/v1"'],
    ['https://1.2.3.4.5', 'expected a URL with a host, such as "https://api.example.com/v1"'],
    ['https://api.openai.com:99999', 'expected a URL with a host, such as "https://api.example.com/v1"'],
    ['https://user@api.openai.com', USER],
    ['https://user:password@api.openai.com', USER],
    ['https://api.openai.com@10.0.0.1', USER],
    ['https://@api.openai.com', USER],
    ['https://api.openai.com\\@10.0.0.1', 'expected a URL without "\\"'],
    ['https://api.openai.com\\v1', 'expected a URL without "\\"'],
    ['https://api.openai.com/v1\\', 'expected a URL without "\\"'],
    ['https://api.openai\u0000.com', ASCII],
    ['https://api.openai.com\n', ASCII],
    ['https://api\t.openai.com', ASCII],
    ['https://api.openai.com/v 1', ASCII],
    ['https://api.openai.com/\u007f', ASCII],
    ['https://аpi.openai.com', ASCII],
    ['https://①②⑦.0.0.1', ASCII],
    ['https://api。openai.com', ASCII],
    ['https://api.openai.com\u202e', ASCII],
    ['https://%31%32%37.0.0.1', 'expected a host without "%"'],
    ['https://[fe80::1%25eth0]', 'expected a host without "%"'],
    ['https://api.openai.com/v1?api-key=1', 'expected a URL without "?" and "#": paths are appended to it'],
    ['https://api.openai.com/v1#', 'expected a URL without "?" and "#": paths are appended to it'],
  ])('%j is refused by every policy', (url, reason) => {
    for (const policy of POLICIES) expect(refuseBaseUrl(url, policy)).toBe(reason);
  });

  test('of more than 2048 characters is refused', () => {
    const url = `https://api.openai.com/${'a'.repeat(3000)}`;
    expect(refuseBaseUrl(url, 'private')).toBe('expected a URL of at most 2048 characters, got 3023');
  });

  test('may not have a query; a URL that is called unchanged may', () => {
    expect(refuseUrl('https://hooks.example.com/a?b=c#d', 'public')).toBeNull();
    expect(refuseUrl('https://10.0.0.1/a?b=c', 'public')).toBe(FORBIDDEN);
  });
});

describe('K3 a looked-up or connected address', () => {
  test.each([
    ['8.8.8.8', 'plnv'],
    ['127.0.0.1', '-ln-'],
    ['10.0.0.1', '--nv'],
    ['169.254.1.1', '--n-'],
    ['fe80::1', '--n-'],
    ['169.254.169.254', '----'],
    ['::ffff:127.0.0.1', '----'],
    ['not an address', '----'],
  ])('%s is allowed by %s', (ip, expected) => {
    const allowed = POLICIES.map((policy, index) => (isAllowedAddress(ip, policy) ? 'plnv'[index] : '-'));
    expect(allowed.join('')).toBe(expected);
  });
});

describe('K3 the guarded look-up', () => {
  /** Answers as a resolver would that was asked for these addresses. */
  const resolver =
    (...addresses: string[]): LookupFunction =>
    (_hostname, options, callback) => {
      const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all) callback(null, answers);
      else callback(null, answers[0]?.address ?? '', answers[0]?.family);
    };

  const ask = (lookup: LookupFunction, hostname: string, all: boolean) =>
    new Promise<unknown>((resolve) => {
      lookup(hostname, { all }, (error, found) => resolve(error ?? found));
    });

  test('gives what the resolver gave when every address is allowed', async () => {
    const lookup = guardedLookup('public', resolver('8.8.8.8', '2606:4700::1'));
    expect(await ask(lookup, 'api.example.com', false)).toBe('8.8.8.8');
    expect(await ask(lookup, 'api.example.com', true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
  });

  test.each([
    ['the only address', ['10.0.0.1']],
    ['the first of two', ['10.0.0.1', '8.8.8.8']],
    ['the last of two', ['8.8.8.8', '169.254.169.254']],
    ['one in IPv6 clothes', ['8.8.8.8', '::ffff:127.0.0.1']],
  ])('refuses when %s is not allowed', async (_name, addresses) => {
    const answer = await ask(guardedLookup('public', resolver(...addresses)), 'rebind.example.com', true);
    expect(answer).toBeInstanceOf(AddressForbiddenError);
    expect(answer).toMatchObject({
      name: 'AddressForbiddenError',
      code: 'ERR_ADDRESS_FORBIDDEN',
      message: `address not allowed: ${FORBIDDEN}`,
    });
  });

  test("hands on the resolver's own failure", async () => {
    const failure = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    const lookup = guardedLookup('public', (_hostname, _options, callback) => callback(failure, ''));
    expect(await ask(lookup, 'nowhere.invalid', false)).toBe(failure);
  });

  test.each([true, false])("refuses this machine's own name by the system's resolver (all: %s)", async (all) => {
    expect(await ask(guardedLookup('public'), 'localhost', all)).toMatchObject({ code: 'ERR_ADDRESS_FORBIDDEN' });
    expect(await ask(guardedLookup('loopback'), 'localhost', all)).not.toBeInstanceOf(Error);
    expect(await ask(guardedLookup('private'), 'localhost', all)).not.toBeInstanceOf(Error);
    expect(await ask(guardedLookup('vpc'), 'localhost', all)).toMatchObject({ code: 'ERR_ADDRESS_FORBIDDEN' });
  });

  test.each([true, false])('stops a real connection before its first packet (autoSelectFamily: %s)', async (both) => {
    let connections = 0;
    const server = createServer().on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const attempt = (policy: AddressPolicy) =>
      new Promise<unknown>((resolve) => {
        const lookup = guardedLookup(policy);
        const socket = connect({ host: 'localhost', port, autoSelectFamily: both, family: both ? 0 : 4, lookup });
        socket.on('connect', () => resolve('connected')).on('error', resolve);
        socket.on('connect', () => socket.destroy());
      });

    expect(await attempt('public')).toMatchObject({ code: 'ERR_ADDRESS_FORBIDDEN' });
    expect(connections).toBe(0);
    expect(await attempt('loopback')).toBe('connected');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('K3 a connector', () => {
  const opened = async (host: '127.0.0.1' | '::1', listening: string, policy: AddressPolicy) => {
    let connections = 0;
    const server = createServer().on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    const { open } = createConnector({ addressPolicy: policy });
    const url = new URL(`http://${listening}:${port}`);
    const result = await open(url, new Trace({ unreadMs: () => 0 }), new AbortController().signal).then(
      (socket) => {
        socket.destroy();
        return 'connected';
      },
      (error: unknown) => error,
    );
    await new Promise((resolve) => server.close(resolve));
    return { result, connections };
  };

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const)('sends no packet to the literal address %s, which no look-up sees', async (host, listening) => {
    const refused = await opened(host, listening, 'public');
    expect(refused.result).toMatchObject({ code: 'ERR_ADDRESS_FORBIDDEN' });
    expect(refused.connections).toBe(0);
    expect(await opened(host, listening, 'loopback')).toMatchObject({ result: 'connected' });
  });
});

describe('the form of a URL', () => {
  test('K3: has no port 0, where nothing listens', () => {
    expect(refuseUrl('https://api.example.com:0/v1', 'public')).toBe(
      'expected a port from 1 to 65535: nothing listens at port 0',
    );
  });

  test('K3: is as long as it may be, and no longer', () => {
    const longest = 'https://api.example.com/'.padEnd(2048, 'x');
    expect(refuseUrl(longest, 'public')).toBeNull();
    expect(refuseUrl(`${longest}x`, 'public')).toBe('expected a URL of at most 2048 characters, got 2049');
  });
});
