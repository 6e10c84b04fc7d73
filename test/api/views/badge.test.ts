import { describe, expect, it } from 'vitest';
import { badgeSvg } from '../../../lib/api/views/badge.ts';
import {
  at,
  blacklistedStatus,
  goodCheck,
  healthyStatus,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../../support/builders.ts';
import { testApi } from '../support.ts';

const slow = statusAfter(
  Array.from({ length: 10 }, (_, i) => goodCheck({ timestamp: at(i), responseTimeMs: i < 7 ? 200 : 5000 })),
  provider({ id: 'slow' }),
);

const FLEET = {
  declared: [provider({ id: 'never' })],
  statuses: [
    healthyStatus(),
    unhealthyStatus({ id: 'beta' }),
    blacklistedStatus({ id: 'gamma' }),
    healthyStatus({ id: 'off', enabled: false }),
    slow,
  ],
};

describe('badges', () => {
  it.each([
    ['alpha', 'healthy'],
    ['slow', 'degraded'],
    ['beta', 'unhealthy'],
    ['gamma', 'blacklisted'],
    ['off', 'disabled'],
    ['never', 'unknown'],
  ])('of %s say %s, as a picture and to shields.io', async (id, message) => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(120_000));
    const svg = await request(`/badge/${id}.svg`);
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(svg.text).toContain(`<title>${id}: ${message}</title>`);
    expect((await request(`/badge/${id}.json`)).body).toMatchObject({ schemaVersion: 1, label: id, message });
  });

  it('never show a stale status as if it still held (A4)', async () => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(181_000));
    expect((await request('/badge/alpha.json')).body).toMatchObject({ message: 'stale' });
  });

  it('may be embedded by other sites, and kept for a minute', async () => {
    const { request } = await testApi(FLEET);
    const { headers } = await request('/badge/alpha.svg?style=flat');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('cache-control')).toBe('max-age=60');
  });

  it('have white text that is readable on every colour', async () => {
    const { request } = await testApi(FLEET);
    for (const id of ['alpha', 'slow', 'beta', 'gamma', 'never']) {
      const { body } = await request(`/badge/${id}.json`);
      expect(contrastWithWhite((body as { color: string }).color), id).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('can stand beside each other in one document: no id is in any of them', () => {
    expect(badgeSvg({ label: 'alpha', message: 'healthy', color: '#000000' })).not.toMatch(/ id=|url\(#/);
  });

  it('escape markup', () => {
    expect(badgeSvg({ label: '<a&"', message: 'b>', color: '#000000' })).toContain(
      '<title>&lt;a&amp;&quot;: b&gt;</title>',
    );
  });
});

/** Contrast ratio as WCAG 2 defines it. */
function contrastWithWhite(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(color.slice(i, i + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
