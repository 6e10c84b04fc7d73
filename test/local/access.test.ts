import { expect, it } from 'vitest';
import { addressOf } from '../../lib/local/access.ts';

const env = (remoteAddress: string, forwarded?: string) => ({
  incoming: { socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } },
});

it.each([
  {
    peer: '203.0.113.9',
    forwarded: '198.51.100.1',
    hasProxy: true,
    is: '203.0.113.9',
    why: 'a sender that skips the proxy',
  },
  {
    peer: '127.0.0.1',
    forwarded: '6.6.6.6, 198.51.100.1',
    hasProxy: true,
    is: '198.51.100.1',
    why: 'the proxy of this machine',
  },
  {
    peer: '::ffff:172.17.0.2',
    forwarded: '198.51.100.1',
    hasProxy: true,
    is: '198.51.100.1',
    why: 'a proxy in a container',
  },
  { peer: 'fd00::2', forwarded: '198.51.100.1', hasProxy: true, is: '198.51.100.1', why: 'a proxy by IPv6' },
  { peer: '127.0.0.1', forwarded: undefined, hasProxy: true, is: '127.0.0.1', why: 'a program of this machine' },
  { peer: '127.0.0.1', forwarded: '6.6.6.6', hasProxy: false, is: '127.0.0.1', why: 'a monitor without a proxy' },
])('counts wrong passwords by $is for $why', ({ peer, forwarded, hasProxy, is }) => {
  expect(addressOf(env(peer, forwarded), hasProxy)).toBe(is);
});
