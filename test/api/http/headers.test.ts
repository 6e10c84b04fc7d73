import { describe, expect, it } from 'vitest';
import { healthyStatus } from '../../support/builders.ts';
import { testApi } from '../support.ts';

const ANSWERS = [
  '/',
  '/v1/summary',
  '/v1/providers/alfa',
  '/v1/providers?x=1',
  '/nowhere',
  '/metrics',
  '/badge/alpha.svg',
];

describe('every answer', () => {
  it.each(ANSWERS)('GET %s is protected against being misread', async (path) => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    const { headers } = await request(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(ANSWERS)('GET %s allows no script but our own, inline ones included', async (path) => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    const policy = (await request(path)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it.each([
    ['/v1/summary', 'max-age=5'],
    ['/v1/providers/alpha/uptime', 'max-age=30'],
    ['/v1/providers/alfa', 'no-store'],
    ['/v1/providers?x=1', 'no-store'],
    ['/metrics', 'no-store'],
  ])('GET %s says how long it may be kept: %s', async (path, expected) => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    expect((await request(path)).headers.get('cache-control')).toBe(expected);
  });

  it('to HEAD has the headers of GET and no body', async () => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    const { status, text, headers } = await request('/v1/summary', { method: 'HEAD' });
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers.get('content-type')).toBe('application/json');
  });
});

describe('the page', () => {
  it('links relatively, so that it works under any path', async () => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    const { text } = await request('/');
    expect([...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link)).not.toContainEqual(
      expect.stringMatching(/^(\/|https?:)/),
    );
    expect(text).not.toMatch(/<script>|style=| on\w+=/);
  });

  it('is under the base path like every route', async () => {
    const { request } = await testApi({ basePath: '/prod', statuses: [healthyStatus()] });
    expect((await request('/prod/v1/summary')).status).toBe(200);
    expect((await request('/prod/badge/alpha.svg')).status).toBe(200);
    expect((await request('/prod/')).status).toBe(200);
    expect((await request('/prod/v1/summary', { method: 'PUT' })).status).toBe(405);
  });
});

describe('how long an answer may be kept', () => {
  it.each([
    ['/', 'max-age=5'],
    ['/providers/alpha', 'max-age=5'],
    ['/v1/summary', 'max-age=5'],
    ['/v1/providers', 'max-age=5'],
    ['/v1/providers/alpha/checks', 'max-age=5'],
    ['/v1/providers/alpha/uptime', 'max-age=30'],
    ['/badge/alpha.svg', 'max-age=60'],
    ['/feed.atom', 'max-age=60'],
    ['/assets/page.css', 'max-age=31536000'],
    ['/v1/select', 'no-store'],
    ['/metrics', 'no-store'],
    ['/v1/providers/missing', 'no-store'],
    ['/nowhere', 'no-store'],
  ])('of GET %s is %s', async (path, expected) => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    expect((await request(path)).headers.get('cache-control')).toBe(expected);
  });

  it.each(['/', '/v1/summary', '/v1/providers/alpha/checks?format=ndjson', '/badge/alpha.svg'])(
    'depends on how GET %s was asked to be encoded, whether it was encoded or not',
    async (path) => {
      const { raw } = await testApi({ statuses: [healthyStatus()] });
      for (const encoding of ['gzip', 'identity']) {
        const { headers } = await raw(path, { headers: { 'accept-encoding': encoding } });
        expect(headers.get('vary')).toContain('Accept-Encoding');
      }
    },
  );
});
