import { describe, expect, it } from 'vitest';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import {
  at,
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../../support/builders.ts';
import { testApi } from '../support.ts';

const shown = (html: string) => [...html.matchAll(/id="p-([a-z0-9-]+)"/g)].map(([, id]) => id);

const slow = statusAfter(
  Array.from({ length: 10 }, (_, i) => goodCheck({ timestamp: at(i), responseTimeMs: i < 7 ? 200 : 5000 })),
  provider({ id: 'c-slow' }),
);
const recovering = statusAfter(
  [...[0, 1, 2].map((i) => failedCheck('timeout', { timestamp: at(i) })), goodCheck({ timestamp: at(3) })],
  provider({ id: 'b-recovering' }),
);
const FLEET = [
  healthyStatus({ id: 'a-healthy' }),
  recovering,
  slow,
  healthyStatus({ id: 'd-disabled', enabled: false }),
  blacklistedStatus({ id: 'e-blacklisted' }),
  unhealthyStatus({ id: 'f-unhealthy' }),
];

async function listOf(statuses: readonly ProviderStatus[], query = ''): Promise<string> {
  const { request, clock } = await testApi({ statuses });
  clock.set(at(120_000));
  return (await request(`/${query}`)).text;
}

function many(count: number): ProviderStatus[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `provider-${String(i).padStart(4, '0')}`;
    const tags = [`team-${i % 40}`, `region-${i % 7}`];
    const times = Array.from({ length: 20 }, (_, k) =>
      i % 9 === 0 && k > 15
        ? failedCheck('server_error', { provider: id, timestamp: at(k), errorMessage: 'HTTP 503: '.padEnd(120, 'x') })
        : goodCheck({ provider: id, timestamp: at(k), responseTimeMs: 200 + ((i * 31 + k * 17) % 200) }),
    );
    return statusAfter(times, provider({ id, tags, model: 'a-model-with-a-long-name' }));
  });
}

describe('the list', () => {
  it('orders names as people count, the other way round too', async () => {
    const ids = ['p-10', 'p-2', 'p-1', 'p-01', 'o-3'];
    const fleet = ids.map((id) => healthyStatus({ id }));
    expect(shown(await listOf(fleet))).toEqual(['o-3', 'p-01', 'p-1', 'p-2', 'p-10']);
    expect(shown(await listOf(fleet, '?sort=-name'))).toEqual(['p-10', 'p-2', 'p-1', 'p-01', 'o-3']);
  });

  it.each([
    ['', ['e-blacklisted', 'f-unhealthy', 'c-slow', 'b-recovering', 'a-healthy', 'd-disabled']],
    ['?sort=-trouble', ['d-disabled', 'a-healthy', 'b-recovering', 'c-slow', 'e-blacklisted', 'f-unhealthy']],
    ['?sort=name', ['a-healthy', 'b-recovering', 'c-slow', 'd-disabled', 'e-blacklisted', 'f-unhealthy']],
    ['?sort=-name', ['f-unhealthy', 'e-blacklisted', 'd-disabled', 'c-slow', 'b-recovering', 'a-healthy']],
    ['?sort=response', ['c-slow', 'a-healthy', 'b-recovering', 'd-disabled', 'e-blacklisted', 'f-unhealthy']],
    ['?sort=-response', ['a-healthy', 'b-recovering', 'd-disabled', 'c-slow', 'e-blacklisted', 'f-unhealthy']],
    ['?state=recovering', ['b-recovering']],
    ['?state=not-working', ['e-blacklisted', 'f-unhealthy', 'b-recovering']],
  ])('of "%s" is in the order %j', async (query, expected) => {
    expect(shown(await listOf(FLEET, query))).toEqual(expected);
  });

  it('sorts by the usable share, the least usable provider first, unknown ones last', async () => {
    const { request } = await testApi({
      statuses: [healthyStatus({ id: 'a' }), unhealthyStatus({ id: 'b' }, 'auth')],
      declared: [provider({ id: 'c' })],
    });
    expect(shown((await request('/?sort=usable')).text)).toEqual(['b', 'a', 'c']);
    expect(shown((await request('/?sort=-usable')).text)).toEqual(['a', 'b', 'c']);
  });

  it('names a few in the headline and links to the others', async () => {
    const statuses = Array.from({ length: 9 }, (_, i) => unhealthyStatus({ id: `down-${i}` }));
    const html = await listOf([...statuses, healthyStatus()]);
    expect(html).toContain('<a href="providers/down-0">down-0</a>');
    expect(html).toContain('<a href="./?state=not-working" data-view>6 more</a>: down by the provider’s fault.');
  });

  it('of 200 providers comes in pages, each below 100 KB, with every provider once', async () => {
    const { request } = await testApi({ statuses: many(200) });
    const seen: (string | undefined)[] = [];
    let link: string | undefined = './';
    while (link !== undefined) {
      const { text }: { text: string } = await request(`/${link.slice(2)}`);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100 * 1024);
      seen.push(...shown(text));
      link = /<a href="([^"]*)" data-view rel="next">/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(200);
    expect(new Set(seen).size).toBe(200);
  });

  it('shows its last page where the address asks for one beyond it', async () => {
    expect(shown(await listOf(many(60), '?page=99'))).toHaveLength(10);
  });

  it('has one stop for the Tab key in each row', async () => {
    const html = await listOf(FLEET);
    const row = html.slice(
      html.indexOf('id="p-f-unhealthy"'),
      html.indexOf('</li>', html.indexOf('id="p-f-unhealthy"')),
    );
    expect(row.match(/<a |<button|tabindex/g)).toHaveLength(1);
  });

  it('keeps filter, search and order in every link and in the form', async () => {
    const html = await listOf(many(120), '?state=healthy&tag=region-1&q=prov&sort=-name');
    expect(html).toContain('href="./?state=healthy&amp;tag=region-1&amp;q=prov&amp;sort=name"');
    expect(html).toContain('<input type="hidden" name="sort" value="-name">');
    expect(html).toContain('name="q" value="prov"');
  });
});
