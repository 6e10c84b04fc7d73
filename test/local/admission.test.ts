import { describe, expect, test } from 'vitest';
import {
  ambiguityOf,
  otherMachines,
  refusalOf,
  THIS_MACHINE_AND_OWN_PAGES,
  THIS_MACHINE_WITHOUT_PAGES,
} from '../../lib/local/admission.ts';

const HOST = '127.0.0.1:3000';
type Headers = Record<string, string>;

const withPages = (headers: Headers, method = 'GET') =>
  refusalOf(THIS_MACHINE_AND_OWN_PAGES, { method, headers: { host: HOST, ...headers } });
const withoutPages = (headers: Headers, method = 'POST') =>
  refusalOf(THIS_MACHINE_WITHOUT_PAGES, { method, headers: { host: HOST, ...headers } });

describe('both admissions', () => {
  test.each(['localhost', 'localhost:3000', '127.0.0.1', '127.0.0.1:3000', '[::1]:3000', '127.9.9.9:1'])(
    'let in Host %s',
    (host) => {
      expect(withPages({ host })).toBeNull();
      expect(withoutPages({ host })).toBeNull();
    },
  );

  test.each([
    '',
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.localhost:3000',
    'evil@127.0.0.1',
    '127.0.0.1:3000@evil.example',
    '127.0.0.1/evil',
    '127.0.0.1, evil.example',
    '127.0.0.1:3000:1',
    '[::1].evil.example',
    '0.0.0.0:3000',
    '192.168.1.2:3000',
  ])('refuse Host %j', (host) => {
    expect(withPages({ host })).toMatch(/^Host: expected a name of this machine/);
    expect(withoutPages({ host })).toMatch(/^Host: /);
  });

  test('refuse a request that names no host', () => {
    expect(refusalOf(THIS_MACHINE_AND_OWN_PAGES, { method: 'GET', headers: {} })).toMatch(/^Host: .* got ""/);
  });

  test('let in what programs send, fetch of Node among them', () => {
    expect(withPages({}, 'POST')).toBeNull();
    expect(withPages({ 'sec-fetch-mode': 'cors' }, 'POST')).toBeNull();
    expect(withoutPages({ 'sec-fetch-mode': 'cors' })).toBeNull();
  });
});

test('a request with more than one Host is ambiguous, in any spelling, and the value of another header does not count', () => {
  const ofHeaders = (...rawHeaders: string[]) => ambiguityOf({ rawHeaders });
  expect(ofHeaders('Host', HOST, 'hOST', 'evil.example')).toBe('Host: expected one, got 2.');
  expect(ofHeaders('Host', HOST, 'X-Name', 'host')).toBeNull();
  expect(ofHeaders()).toBeNull();
});

describe('a port with pages of its own', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE'])('lets its own page send %s', (method) => {
    expect(withPages({ origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }, method)).toBeNull();
  });

  test('takes its own page for its own by the name that it was opened with', () => {
    expect(withPages({ host: 'localhost:8080', origin: 'http://localhost:8080' }, 'POST')).toBeNull();
    expect(withPages({ host: 'localhost:3000', origin: 'http://127.0.0.1:3000' }, 'POST')).toMatch(/^Origin: /);
  });

  test.each(['http://127.0.0.1:5173', 'http://127.0.0.1', 'http://localhost:4000', `https://${HOST}`, 'null', ''])(
    'refuses Origin %j, with every method',
    (origin) => {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']) {
        expect(withPages({ origin }, method)).toBe(
          `Origin: expected none, or http://${HOST}, got ${JSON.stringify(origin)}.`,
        );
      }
    },
  );

  test.each(['cross-site', 'same-site', 'unheard-of'])('refuses Sec-Fetch-Site %s, but for a link', (site) => {
    const link = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(withPages(link)).toBeNull();
    for (const other of [
      { ...link, 'sec-fetch-mode': 'no-cors' },
      { ...link, 'sec-fetch-dest': 'iframe' },
      { ...link, origin: 'https://evil.example' },
      { 'sec-fetch-site': site },
    ]) {
      expect(withPages(other)).not.toBeNull();
    }
    expect(withPages(link, 'POST')).not.toBeNull();
  });

  test('opens when its address is typed', () => {
    expect(withPages({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toBeNull();
  });
});

describe('a port for other machines', () => {
  const others = otherMachines(['Status.example.com', 'monitor']);
  const refusal = (headers: Headers, method = 'GET') =>
    refusalOf(others, { method, headers: { host: HOST, ...headers } });

  test.each([
    '10.0.0.7:3000',
    '[2001:db8::1]:3000',
    'localhost',
    'status.example.com',
    'STATUS.example.com:8443',
    'monitor:3000',
  ])('lets in Host %s', (host) => {
    expect(refusal({ host })).toBeNull();
  });

  test.each([
    'evil.example',
    'status.example.com.evil.example',
    'x.status.example.com',
    '10.0.0.7.evil.example',
    '1.2.3',
    '',
  ])('refuses Host %j', (host) => {
    expect(refusal({ host })).toMatch(/^Host: expected an address, localhost or a name of --trusted-host, got/);
  });

  test('takes a page for its own by the name that it was opened with, behind TLS or not', () => {
    const host = 'status.example.com';
    expect(refusal({ host, origin: 'https://status.example.com' }, 'POST')).toBeNull();
    expect(refusal({ host, origin: 'http://status.example.com' }, 'POST')).toBeNull();
    expect(refusal({ host, origin: 'https://monitor' }, 'POST')).toMatch(/^Origin: /);
    expect(refusal({ host, 'sec-fetch-site': 'cross-site' }, 'POST')).toMatch(/^Sec-Fetch-Site: /);
  });
});

describe('a port without pages', () => {
  test.each<Headers>([
    { origin: `http://${HOST}` },
    { origin: 'https://evil.example' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])('refuses what a browser sends: %j', (headers) => {
    expect(withoutPages(headers, 'GET')).toMatch(/web pages may not use this port/);
    expect(withoutPages(headers, 'POST')).toMatch(/web pages may not use this port/);
  });
});
