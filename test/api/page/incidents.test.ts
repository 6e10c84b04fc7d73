import { describe, expect, it } from 'vitest';
import { type AlertPhase, newRecord } from '../../../lib/health/alerting/alert.ts';
import type { AnnouncementOutcome } from '../../../lib/health/alerting/announcement.ts';
import type { Transition } from '../../../lib/health/transition.ts';
import { failedCheck, goodCheck, healthyStatus, minute, START } from '../../support/builders.ts';
import { testApi } from '../support.ts';

const DAY = 24 * 60;

function change(provider: string, minutes: number, to: 'unhealthy' | 'blacklisted' | 'healthy'): Transition {
  const good = to === 'healthy';
  return {
    id: `${minute(minutes)}#${provider}`,
    provider,
    from: good ? 'unhealthy' : to === 'blacklisted' ? 'unhealthy' : 'healthy',
    to,
    at: minute(minutes),
    category: good ? null : provider === 'keyless' ? 'auth' : 'timeout',
    fault: good ? null : provider === 'keyless' ? 'ours' : 'provider',
    errorMessage: good ? null : `no answer from ${provider}`,
    lastedMs: 60_000,
  };
}

async function apiWith(changes: readonly Transition[]) {
  const api = await testApi({ statuses: [healthyStatus()] });
  for (const one of changes) await api.store.transitions.put(one);
  return api;
}

const textOf = (html: string) =>
  html
    .slice(html.indexOf('<main'), html.indexOf('</main>'))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the page of all incidents', () => {
  const CHANGES = [
    change('alpha', -300, 'unhealthy'),
    change('alpha', -290, 'healthy'),
    change('keyless', -200, 'unhealthy'),
    change('beta', -90, 'unhealthy'),
  ];

  it.each([
    ['', '3 incidents in 30 days', ['beta: no answer', 'keyless: key refused', 'alpha: no answer']],
    ['?state=ongoing', '2 ongoing incidents', ['beta: no answer', 'keyless: key refused']],
    ['?fault=ours', '1 incident in 30 days', ['keyless: key refused']],
    ['?provider=alpha', '1 incident in 30 days of alpha', ['No answer in time']],
    [
      '?fault=nonsense&page=99',
      '3 incidents in 30 days',
      ['beta: no answer', 'keyless: key refused', 'alpha: no answer'],
    ],
  ])('with "%s" lists what was asked for', async (query, title, expected) => {
    const { request } = await apiWith(CHANGES);
    const { status, text } = await request(`/incidents${query}`);
    expect(status).toBe(200);
    expect(text).toContain(`<h1>${title}</h1>`);
    const links = [...text.matchAll(/<a href="incidents\/[^"]+">([^<]*)/g)].map(([, link]) => link);
    expect(links.map((link, i) => link?.slice(0, expected[i]?.length))).toEqual(expected);
  });

  it.each([
    ['', ['All 3', 'Ongoing 2', 'Provider’s fault 2', 'Needs our fix 1'], 'All 3'],
    ['?state=ongoing', ['All 3', 'Ongoing 2', 'Provider’s fault 1', 'Needs our fix 1'], 'Ongoing 2'],
    ['?fault=provider', ['All 3', 'Ongoing 1', 'Provider’s fault 2', 'Needs our fix 1'], 'Provider’s fault 2'],
  ])('with "%s" counts in each tab what the tab selects', async (query, expected, selected) => {
    const { request } = await apiWith(CHANGES);
    const { text } = await request(`/incidents${query}`);
    const tabs = [...text.matchAll(/data-view( aria-current="true")?>([^<]*)<span>(\d+)/g)];
    expect(tabs.map(([, , word, count]) => `${word}${count}`)).toEqual(expected);
    expect(tabs.filter(([, current]) => current).map(([, , word, count]) => `${word}${count}`)).toEqual([selected]);
  });

  it('says when each began, when it ended and how long it lasted', async () => {
    const { request } = await apiWith(CHANGES);
    const text = textOf((await request('/incidents')).text);
    expect(text).toContain('alpha: no answer in time lasted 10 min');
    expect(text).toContain('1 Mar, 05:00 – 05:10 UTC');
    expect(text).toContain('beta: no answer in time ongoing for 1 h 30 min');
    expect(text).toContain('since 1 Mar, 08:30 UTC');
  });

  it('makes one line of the incidents of a provider that flaps', async () => {
    const flaps = [0, 1, 2, 3].flatMap((i) => [
      change('alpha', 2 * i - 60, 'unhealthy'),
      change('alpha', 2 * i - 59, 'healthy'),
    ]);
    const { request } = await apiWith(flaps);
    const { text } = await request('/incidents');
    expect(textOf(text)).toContain('alpha: 4 incidents in 7 min no answer in time');
    expect(text.match(/<details>/g)).toHaveLength(1);
    expect(text.match(/href="incidents\//g)).toHaveLength(4);
  });

  it('comes in pages of 50', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `p-${i}`).map((id, i) => change(id, -i - 1, 'unhealthy'));
    const { request } = await apiWith(many);
    const links = (text: string) => text.match(/href="incidents\//g)?.length;
    expect(links((await request('/incidents')).text)).toBe(50);
    expect(links((await request('/incidents?page=2')).text)).toBe(10);
  });
});

describe('the last incidents of the overview', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `p-${String(i).padStart(2, '0')}`);
  const apiOf = async (names: readonly string[], changes: readonly Transition[]) => {
    const api = await testApi({ statuses: names.map((id) => healthyStatus({ id })) });
    for (const one of changes) await api.store.transitions.put(one);
    return api;
  };
  const listed = (text: string) => [...text.matchAll(/<a href="incidents\/[^"]+">([^:]*):/g)].map(([, id]) => id);

  it('begin with the ongoing ones, also when many newer ones are over', async () => {
    const over = ids(12).flatMap((id, i) => [change(id, 2 * i - 60, 'unhealthy'), change(id, 2 * i - 59, 'healthy')]);
    const { request } = await apiOf([...ids(12), 'old'], [change('old', -300, 'unhealthy'), ...over]);
    const names = listed((await request('/')).text);
    expect(names).toEqual(['old', 'p-11', 'p-10', 'p-09', 'p-08', 'p-07', 'p-06', 'p-05']);
  });

  it('say how many more are ongoing', async () => {
    const { request } = await apiOf(
      ids(14),
      ids(14).map((id, i) => change(id, i - 60, 'unhealthy')),
    );
    const { text } = await request('/');
    expect(listed(text)).toHaveLength(8);
    expect(text).toContain('<a href="incidents?state=ongoing">6 more ongoing</a>');
  });
});

describe('the page of an incident', () => {
  const SLUG = '20260301T090000000Z-alpha';
  const STORY = [
    change('alpha', -60, 'unhealthy'),
    change('alpha', -58, 'blacklisted'),
    change('alpha', -50, 'healthy'),
    change('alpha', -10, 'unhealthy'),
  ];

  it('shows what changed, and the checks around it with their errors and request ids', async () => {
    const { request, store } = await apiWith(STORY);
    await store.checks.put([
      goodCheck({ timestamp: minute(-61) }),
      failedCheck('timeout', { timestamp: minute(-60), requestId: 'req_42', errorMessage: 'nothing for 10 s' }),
      goodCheck({ timestamp: minute(-30) }),
    ]);
    const text = textOf((await request(`/incidents/${SLUG}`)).text);
    expect(text).toContain('alpha: no answer in time');
    expect(text).toContain('Over , lasted 10 min');
    expect(text).toContain('1 Mar, 09:00:00 UTC Healthy → unhealthy : no answer in time: no answer from alpha');
    expect(text).toContain('1 Mar, 09:02:00 UTC Unhealthy → blacklisted');
    expect(text).toContain('1 Mar, 09:10:00 UTC Unhealthy → healthy');
    expect(text).not.toContain('09:50:00');
    expect(text).toContain('nothing for 10 s. Provider’s fault. Request req_42.');
    expect(text).toContain('08:59:00');
    expect(text).not.toContain('09:30:00');
  });

  it('is found by any moment while it lasted, since an alert names the one that it knows', async () => {
    const { request } = await apiWith(STORY);
    expect(textOf((await request('/incidents/20260301T090200000Z-alpha')).text)).toContain('Over , lasted 10 min');
  });

  it('says what was announced about an incident that is not over', async () => {
    const { request, store } = await apiWith(STORY);
    const slug = '20260301T095000000Z-alpha';
    expect(textOf((await request(`/incidents/${slug}`)).text)).toContain('Ongoing for 10 min');
    const open = { problem: 'outage', since: minute(-10), announcedAt: minute(-9), thread: 't', tags: [] } as const;
    await store.alerts.put({ ...newRecord('alpha'), asOf: minute(-9), open });
    expect(textOf((await request(`/incidents/${slug}`)).text)).toContain('Last announced 1 Mar, 09:51:00 UTC');
  });

  it('says that no channel is configured, where none is', async () => {
    const monitor = { tickSeconds: 60, shards: ['0'] };
    for (const [hasChannels, expected] of [
      [false, 'Alerts No channel is configured, so no alert is sent.'],
      [true, 'Alerts None was sent yet.'],
    ] as const) {
      const { request, store } = await testApi({ statuses: [healthyStatus()], monitor: { ...monitor, hasChannels } });
      await store.transitions.put(change('alpha', -10, 'unhealthy'));
      expect(textOf((await request('/incidents/20260301T095000000Z-alpha')).text)).toContain(expected);
    }
  });

  it('says of a finished incident which alerts went to which channels, and of no other incident', async () => {
    const { request, store } = await apiWith(STORY);
    expect(textOf((await request(`/incidents/${SLUG}`)).text)).toContain('No alert about it was sent.');
    const alert = (minutes: number, phase: AlertPhase, channel: string, outcome: AnnouncementOutcome = 'delivered') =>
      store.alerts.announce({
        ...{ subject: 'alpha', alertAt: minute(minutes), phase, problem: 'outage', channel, outcome },
        at: minute(minutes + 0.1),
      });
    await alert(-59, 'opened', 'on-call');
    await alert(-59, 'opened', 'team');
    await alert(-59, 'opened', 'tickets', 'refused');
    await alert(-50, 'recovered', 'on-call');
    await alert(-9, 'opened', 'later');
    const text = textOf((await request(`/incidents/${SLUG}`)).text);
    expect(text).toContain('1 Mar, 09:01:06 UTC Announced to on-call, team Not taken by tickets');
    expect(text).toContain('1 Mar, 09:10:06 UTC Recovery announced to on-call');
    expect(text).not.toContain('later');
  });

  it('finds the end of one that lasted weeks', async () => {
    const { request } = await apiWith([change('alpha', -60 * DAY, 'unhealthy'), change('alpha', -20 * DAY, 'healthy')]);
    const slug = `${minute(-60 * DAY).replaceAll(/[-:.]/g, '')}-alpha`;
    expect(textOf((await request(`/incidents/${slug}`)).text)).toContain('Over , lasted 40 d');
  });

  it.each(['20260301T080000000Z-alpha', '20260301T091500000Z-alpha', 'nonsense', '20269901T080000000Z-alpha'])(
    '%s, which there is none of, is a 404',
    async (slug) => {
      const { request } = await apiWith(STORY);
      expect(await request(`/incidents/${slug}`)).toMatchObject({ status: 404, body: { code: 'unknown_incident' } });
    },
  );
});

describe('the feed', () => {
  it('names the monitor in its id and in those of its entries, and links to each incident', async () => {
    const { request, store } = await testApi({
      statuses: [healthyStatus()],
      monitor: { tickSeconds: 60, shards: ['0'], publicUrl: 'https://health.example.com/prod' },
    });
    await store.transitions.put(change('alpha', -5, 'unhealthy'));
    const { text } = await request('/feed.atom');
    const address = 'https://health.example.com/prod/incidents/20260301T095500000Z-alpha';
    expect(text).toContain('<id>https://health.example.com/prod/feed.atom</id>');
    expect(text).toContain(`<id>${address}</id>`);
    expect(text).toContain(`<link rel="alternate" type="text/html" href="${address}"/>`);
  });

  it('has the address of the request, where no other is configured', async () => {
    const { request } = await testApi({ basePath: '/prod' });
    expect((await request('/prod/feed.atom')).text).toContain('<id>http://localhost/prod/feed.atom</id>');
  });
});

it('the overview and a provider’s page lead to the incidents', async () => {
  const { request, clock } = await apiWith([change('alpha', -5, 'unhealthy')]);
  clock.set(START);
  expect((await request('/')).text).toContain('href="incidents/20260301T095500000Z-alpha"');
  expect((await request('/providers/alpha')).text).toContain('href="../incidents/20260301T095500000Z-alpha"');
});
