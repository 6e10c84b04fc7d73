/** Checks which proxy is used for a host, by the environment variables that other programs also read. */

import { describe, expect, it } from 'vitest';
import { ProxySettingError, proxiesOf, proxyFor } from '../../lib/egress/proxy.ts';

const through = (env: Record<string, string>, url: string) => proxyFor(new URL(url), proxiesOf(env))?.host ?? null;

describe('the proxy of a URL', () => {
  it.each([
    [{}, 'https://api.openai.com', null],
    [{ HTTPS_PROXY: 'http://p:3128' }, 'https://api.openai.com/v1', 'p:3128'],
    [{ HTTPS_PROXY: 'p:3128' }, 'https://api.openai.com', 'p:3128'],
    [{ HTTPS_PROXY: 'https://p:8443' }, 'https://api.openai.com', 'p:8443'],
    [{ HTTPS_PROXY: 'http://p:3128' }, 'http://vllm.example.com', null],
    [{ HTTP_PROXY: 'http://p:3128' }, 'https://api.openai.com', null],
    [{ HTTP_PROXY: 'http://p:3128' }, 'http://vllm.example.com:8000', 'p:3128'],
    [{ HTTP_PROXY: 'http://p:3128', REQUEST_METHOD: 'GET' }, 'http://vllm.example.com', null],
    [{ HTTPS_PROXY: 'http://p:1', https_proxy: 'http://p:2' }, 'https://api.openai.com', 'p:2'],
    [{ HTTPS_PROXY: ' ' }, 'https://api.openai.com', null],
    [{ HTTPS_PROXY: ' http://p:3128 ' }, 'https://api.openai.com', 'p:3128'],
    [{ HTTPS_PROXY: 'http://p:1', https_proxy: ' ' }, 'https://api.openai.com', 'p:1'],
    [{ HTTP_PROXY: 'http://p:1', http_proxy: 'http://p:2' }, 'http://vllm.example.com', 'p:2'],
    [{ HTTPS_PROXY: 'p:3128/a://b' }, 'https://api.openai.com', 'p:3128'],
    // This machine is always reached directly.
    [{ HTTP_PROXY: 'http://p:1' }, 'http://localhost:11434', null],
    [{ HTTP_PROXY: 'http://p:1' }, 'http://127.0.0.1:8000', null],
    [{ HTTP_PROXY: 'http://p:1' }, 'http://[::1]:8000', null],
  ])('of %j for %s is %s', (env, url, expected) => {
    expect(through(env as Record<string, string>, url)).toBe(expected);
  });

  it.each([
    ['*', 'https://api.openai.com', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://a.b.example.com', true],
    ['.example.com', 'https://a.example.com', true],
    ['*.example.com', 'https://a.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['ample.com', 'https://example.com', false],
    ['EXAMPLE.com', 'https://example.COM', true],
    ['other.org, example.com', 'https://example.com', true],
    ['other.org example.com', 'https://example.com', true],
    ['example.com:8443', 'https://example.com:8443', true],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://example.com', false],
    ['2001:db8::1', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]', true],
    ['2001:db8::/32', 'https://[2001:db8::1]', true],
    ['2001:DB8:0:0::1', 'https://[2001:db8::1]', true],
    ['[2001:0db8::1]:443', 'https://[2001:db8::1]', true],
    ['2001:db8::2', 'https://[2001:db8::1]', false],
    ['2001:1::1', 'https://[2001:1::1]', true],
    ['example.com', 'https://a.example.com.', true],
    ['example.com.', 'https://a.example.com', true],
    ['.', 'https://example.com', false],
    ['.', 'https://example.com..', false],
    ['10.0.0.0/8', 'https://[2001:db8::1]', false],
    ['2001:db8::/32', 'https://10.1.2.3', false],
    [',,', 'https://example.com', false],
  ])('is not used when NO_PROXY is "%s" and the URL %s: %s', (NO_PROXY, url, isNone) => {
    expect(through({ HTTPS_PROXY: 'http://p:3128', NO_PROXY }, url)).toBe(isNone ? null : 'p:3128');
  });

  it('is asked about with every entry of NO_PROXY, in lower case first', () => {
    const HTTPS_PROXY = 'http://p:3128';
    const exceptions = (env: Record<string, string>) => proxiesOf({ HTTPS_PROXY, ...env })?.except;
    expect(exceptions({ NO_PROXY: ' a.example,  b.example,,c.example ' })).toEqual([
      'a.example',
      'b.example',
      'c.example',
    ]);
    expect(exceptions({ NO_PROXY: 'a.example', no_proxy: 'b.example' })).toEqual(['b.example']);
    expect(exceptions({})).toEqual([]);
    expect(proxiesOf({ NO_PROXY: 'a.example' })).toBeNull();
  });

  it.each(['socks5://p:1080', 'http://', 'ftp://p', 'http://p:99999', '::'])(
    'cannot be %s, which is said without repeating it',
    (HTTPS_PROXY) => {
      expect(() => proxiesOf({ HTTPS_PROXY })).toThrow(ProxySettingError);
      expect(() => proxiesOf({ HTTPS_PROXY })).toThrow(
        expect.objectContaining({ name: 'ProxySettingError', place: 'HTTPS_PROXY' }),
      );
      expect(() => proxiesOf({ HTTPS_PROXY })).toThrow(/^HTTPS_PROXY: expected the URL of an HTTP proxy.* Unset it/);
    },
  );

  it('cannot have credentials that no proxy could be sent', () => {
    expect(() => proxiesOf({ HTTPS_PROXY: 'http://me:100%25@p:3128' })).not.toThrow();
    for (const credentials of ['me:100%', 'm%e:secret', 'me:%ff']) {
      expect(() => proxiesOf({ HTTPS_PROXY: `http://${credentials}@p:3128` })).toThrow(
        /^HTTPS_PROXY: expected user and password percent-encoded, with %25 for a %, got something else\. Unset it/,
      );
    }
  });

  it('repeats no password of one that cannot be used', () => {
    expect(() => proxiesOf({ HTTPS_PROXY: 'socks5://me:very-secret@p:1080' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('very-secret') }),
    );
  });
});
