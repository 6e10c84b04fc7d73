import { describe, expect, test } from 'vitest';
import { isLoopbackHost, isLoopbackUrl, mayBeLoopbackName } from '../../lib/base/loopback.ts';

describe('isLoopbackHost', () => {
  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '127.255.255.254', '::1', '[::1]'])(
    '%s is this machine',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  test.each([
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '192.168.1.2',
    '127.0.0.256',
    '127.0.0.01',
    '127.1',
    'example.com',
    'localhost.',
    'evil.localhost',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '1127.0.0.1',
    '[::1',
    '::1]x',
    '::ffff:10.0.0.1',
    '1',
  ])('%s is not', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

test.each([
  ['http://127.0.0.1:8000', true],
  ['http://[::1]:8000/x', true],
  ['http://localhost', true],
  ['http://127.1:8000', true],
  ['http://localhost@evil.example', false],
  ['https://dynamodb.eu-central-1.amazonaws.com', false],
  ['localhost', false],
])('isLoopbackUrl: %s is this machine: %s', (url, expected) => {
  expect(isLoopbackUrl(url)).toBe(expected);
});

test.each([
  ['localhost', true],
  ['localhost.', true],
  ['api.localhost', true],
  ['mylocalhost', false],
  ['localhost.example.com', false],
])('mayBeLoopbackName: %s may be this machine: %s', (name, expected) => {
  expect(mayBeLoopbackName(name)).toBe(expected);
});
