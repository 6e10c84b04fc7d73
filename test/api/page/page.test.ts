import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/api/app.ts';
import { ASSETS } from '../../../lib/api/page/generated/assets.ts';
import { ASSETS_FILE, assetsModule } from '../../../lib/build/page-assets.ts';
import { countsOfTally } from '../../../lib/health/uptime/day-counts.ts';
import { type DayHistory, dayFrom } from '../../../lib/health/uptime/history.ts';
import { hoursOf } from '../../../lib/history/aggregate.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import { StoreError } from '../../../lib/store/store.ts';
import {
  at,
  blacklistedStatus,
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  START,
  statusAfter,
  unhealthyStatus,
} from '../../support/builders.ts';
import { testApi } from '../support.ts';

const HTML = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

/** The text of the page's main part, without markup, as a reader sees it. */
function textOf(html: string): string {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'));
  return main
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' ,', ',')
    .replaceAll('&#39;', "'")
    .trim();
}

const rowOf = (html: string, id: string) => {
  const from = html.indexOf(`id="p-${id}"`);
  return from < 0 ? '' : textOf(`<main ${html.slice(from, html.indexOf('</li>', from))}</main>`);
};

const slow = statusAfter(
  Array.from({ length: 10 }, (_, i) => goodCheck({ timestamp: at(i), responseTimeMs: i < 7 ? 200 : 5000 })),
  provider({ id: 'slow' }),
);

describe('the row of a provider', () => {
  it.each([
    ['a healthy one', healthyStatus(), 'Healthy for 0 s Response 200 ms Usable 100% Routing 0.90 Checked 0 s ago'],
    ['an outage', unhealthyStatus(), 'Unhealthy for 0 s provider’s fault', 'Server error simulated server_error'],
    ['a fault of ours', unhealthyStatus({}, 'auth'), 'Unhealthy for 0 s needs our fix', 'Key refused simulated auth'],
    [
      'a blacklisted one',
      blacklistedStatus({}, 'timeout'),
      'Blacklisted for 0 s provider’s fault',
      'No answer in time',
    ],
    ['a slow one', { ...slow, provider: 'alpha' }, 'Degraded for 0 s', 'Slow 5.00 s, usually 200 ms'],
    ['a disabled one', healthyStatus({ enabled: false }), 'Disabled', 'Neither checked nor selected'],
  ])('says for %s its state, the reason, and whose fault it is', async (_, status, ...expected) => {
    const { request, clock } = await testApi({ statuses: [status] });
    clock.set(status.lastCheck?.timestamp ?? at(0));
    const row = rowOf((await request('/')).text, 'alpha');
    for (const text of expected) expect(row).toContain(text);
  });

  it('says that nothing is known before the first check', async () => {
    const { request } = await testApi({ declared: [provider({ id: 'never' })] });
    const { text } = await request('/');
    expect(rowOf(text, 'never')).toContain('Unknown');
    expect(rowOf(text, 'never')).toContain('Not checked yet');
    expect(textOf(text)).toContain('Waiting for the first checks');
  });

  it('shows a stale status as stale, and what it was', async () => {
    const { request, clock } = await testApi({ statuses: [healthyStatus()] });
    await clock.advance(181_000);
    expect(rowOf((await request('/')).text, 'alpha')).toMatch(/Stale .*It was healthy when it was last checked/);
  });

  it('calls a blacklisted provider whose checks are good again recovering, and says when it is back', async () => {
    const good = statusAfter([
      ...[0, 1, 2].map((i) => failedCheck('server_error', { timestamp: at(i * 1000) })),
      goodCheck({ timestamp: at(3000) }),
    ]);
    const { request, clock } = await testApi({ statuses: [good] });
    clock.set(at(4000));
    const row = rowOf((await request('/')).text, 'alpha');
    expect(row).toContain('Recovering for 2 s');
    expect(row).toMatch(/Back in (2\d|3\d) s, if it keeps working/);
    expect(row).not.toContain('Blacklisted');
    clock.set(at(60_000));
    expect(rowOf((await request('/')).text, 'alpha')).toContain('Back after the next good check');
  });

  it('says that the last answer was quick, of a provider that is slow by its earlier checks', async () => {
    const times = [200, 200, 200, 200, 200, 5000, 5000, 5000, 300];
    const checks = times.map((responseTimeMs, i) => goodCheck({ timestamp: at(i), responseTimeMs }));
    const { request } = await testApi({ statuses: [statusAfter(checks)] });
    expect(rowOf((await request('/')).text, 'alpha')).toContain('300 ms now; slow in 3 of the last 5 checks');
  });

  it('counts in what callers could use the failures that need our fix, and names them', async () => {
    const checks = [0, 1, 2].map((i) => failedCheck('auth', { timestamp: minute(i - 3) }));
    const { request, store } = await testApi({ statuses: [statusAfter(checks)] });
    await store.checks.put(checks);
    expect(rowOf((await request('/')).text, 'alpha')).toContain('Usable 0% our key');
  });

  it('ends the message of a failure before its advice', async () => {
    const errorMessage = 'the request was sent, and no status came';
    const { request } = await testApi({ statuses: [unhealthyStatus({}, 'timeout', { errorMessage })] });
    const expected = 'No answer in time the request was sent, and no status came. Use another provider until';
    expect(rowOf((await request('/')).text, 'alpha')).toContain(expected);
    expect(textOf((await request('/providers/alpha')).text)).toContain(expected);
  });

  it('shows a warning in two words, with the whole of it beside', async () => {
    const warning = 'asked for model a, answered by b';
    const { request } = await testApi({ statuses: [statusAfter([goodCheck({ warning })])] });
    expect((await request('/')).text).toContain(`<span class="note" title="${warning}">Other model</span>`);
  });

  it('notes a planned pause, a drain, flapping and a used-up limit', async () => {
    const noted = {
      ...healthyStatus(),
      maintenanceUntil: minute(5),
      maintenanceReason: 'new model',
      drainUntil: minute(90),
      flapping: true,
      tokenLimitReached: true,
    };
    const { request } = await testApi({ statuses: [noted] });
    const row = rowOf((await request('/')).text, 'alpha');
    expect(row).toContain('Maintenance for 5 min more');
    expect(row).toContain('Drained for 1 h 30 min more');
    expect(row).toContain('Flapping');
    expect(row).toContain('Token limit');
    const page = textOf((await request('/providers/alpha')).text);
    expect(page).toContain('Maintenance Until 1 Mar, 10:05:00 UTC: new model');
    expect(page).toContain('Flapping Its state changed 4 times in 30 minutes.');
  });
});

it.each([
  [6, '1 Mar, 09:53 UTC (7 min)'],
  [200, 'about 1 Mar, 06:30 UTC (3 h 30 min)'],
])(
  'the page of a provider that was first checked %i minutes ago says so as exactly as the history',
  async (ago, expected) => {
    const checks = [ago, 1].map((minutes) => goodCheck({ timestamp: at(-minutes * 60_000 - 13_000) }));
    const { request, store } = await testApi({ statuses: [statusAfter(checks)] });
    await store.checks.put(checks);
    const { text } = await request('/providers/alpha');
    expect(text).toContain(`<dt>Monitored since</dt><dd>${expected}</dd>`);
  },
);

describe('the headline', () => {
  it.each([
    ['All 2 providers are healthy', [healthyStatus(), healthyStatus({ id: 'beta' })]],
    ['The provider is healthy', [healthyStatus()]],
    ['All work, 1 of 2 degraded', [healthyStatus(), slow]],
    ['1 of 2 providers not working', [healthyStatus(), unhealthyStatus({ id: 'beta' })]],
    ['None of the 2 providers works', [unhealthyStatus({}, 'auth'), unhealthyStatus({ id: 'beta' })]],
    ['The provider is healthy', [healthyStatus(), healthyStatus({ id: 'off', enabled: false })]],
    ['No provider is monitored yet', []],
  ])('is "%s"', async (line, statuses) => {
    const { request } = await testApi({ statuses });
    const { text } = await request('/');
    expect(text).toContain(`<h1>${line}</h1>`);
    expect(text).toContain(`<title>${line} · Provider Health</title>`);
  });

  it('distinguishes outages from what needs our fix', async () => {
    const statuses = [unhealthyStatus(), unhealthyStatus({ id: 'beta' }), unhealthyStatus({ id: 'gamma' }, 'quota')];
    const { request } = await testApi({ statuses });
    const text = textOf((await request('/')).text);
    expect(text).toMatch(/alpha and beta : down by the provider’s fault\. gamma : needs our fix\./);
  });

  it('is that the monitor is silent when no tick came for three times the time between two', async () => {
    const { request, store, clock } = await testApi({ statuses: [healthyStatus()] });
    const counts = { due: 1, stored: 1, failed: 0, skipped: 0, monitorFault: false };
    await store.ticks.finish('0', { tick: START, finishedAt: START, ...counts });
    expect((await request('/')).text).toContain('<h1>The provider is healthy</h1>');
    await clock.advance(181_000);
    const text = textOf((await request('/')).text);
    expect(text).toContain('The monitor is silent The last tick was 3 min ago. The statuses below may be out of date.');
  });

  it("is the monitor's own fault when its network failed", async () => {
    const { request, store } = await testApi({ statuses: [healthyStatus()] });
    const counts = { due: 1, stored: 0, failed: 0, skipped: 0, monitorFault: true };
    await store.ticks.finish('0', { tick: START, finishedAt: START, ...counts });
    expect((await request('/')).text).toContain('<h1>The monitor’s own network failed</h1>');
  });
});

describe('the filter', () => {
  const FLEET = {
    statuses: [
      healthyStatus({ tags: ['chat'] }),
      unhealthyStatus({ id: 'beta', tags: ['chat', 'a b&c'] }),
      blacklistedStatus({ id: 'gamma' }),
    ],
  };
  const shown = (html: string) => [...html.matchAll(/id="p-([a-z]+)"/g)].map(([, id]) => id);

  it.each([
    ['', ['beta', 'gamma', 'alpha']],
    ['?state=not-working', ['beta', 'gamma']],
    ['?q=GAM', ['gamma']],
    ['?q=chat', ['beta', 'alpha']],
    ['?state=healthy', ['alpha']],
    ['?state=unhealthy,blacklisted', ['beta', 'gamma']],
    ['?tag=chat', ['beta', 'alpha']],
    ['?tag=a+b%26c', ['beta']],
    ['?state=healthy&tag=a+b%26c', []],
    ['?state=nonsense&utm_source=mail&sort=x&page=-1', ['beta', 'gamma', 'alpha']],
  ])('of "%s" shows %j', async (query, expected) => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(120_000));
    expect(shown((await request(`/${query}`)).text)).toEqual(expected);
  });

  it('keeps one part when the other is chosen, and says which is chosen', async () => {
    const { request } = await testApi(FLEET);
    const { text } = await request('/?tag=chat');
    expect(text).toContain('<a href="./?state=not-working&amp;tag=chat" data-view>Not working <span>1</span></a>');
    expect(text).toContain('<a href="./" data-view aria-current="true">chat</a>');
  });

  it('does not change the headline: hidden providers count too', async () => {
    const { request, clock } = await testApi(FLEET);
    clock.set(at(120_000));
    expect((await request('/?state=healthy')).text).toContain('<h1>2 of 3 providers not working</h1>');
  });
});

describe('hostile text', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
  const status = statusAfter(
    [failedCheck('server_error', { errorMessage: evil, model: evil, requestId: evil })],
    provider({ model: evil, tags: [evil] }),
  );

  it.each(['/', '/providers/alpha', '/feed.atom', '/?tag=%22%3E%3Cscript%3Ealert(1)%3C/script%3E'])(
    'K5 in %s stays text',
    async (path) => {
      const { request, store } = await testApi({ statuses: [status] });
      await store.checks.put([failedCheck('server_error', { errorMessage: evil, requestId: evil })]);
      await store.checks.put([goodCheck({ timestamp: minute(1), warning: evil, requestId: evil })]);
      if (status.lastTransition) await store.transitions.put(status.lastTransition);
      const { text } = await request(path);
      expect(text).not.toContain('<script>');
      expect(text).not.toContain('<img');
      expect(text).not.toContain('"><script');
    },
  );
});

describe('the page of a provider', () => {
  const CHECKS = [
    failedCheck('overloaded', {
      timestamp: minute(2),
      statusCode: 529,
      requestId: 'req_1',
      attempts: 2,
      firstAttempt: { category: 'timeout', errorMessage: 'no answer', responseTimeMs: 10_000 },
    }),
    goodCheck({
      timestamp: minute(1),
      attempts: 2,
      firstAttempt: { category: 'connect', errorMessage: 'reset', responseTimeMs: 12 },
    }),
    goodCheck({ trigger: 'manual', probe: 'models', warning: 'another model answered' }),
  ];

  it('shows figures, uptime by window and the last checks with their errors', async () => {
    const { request, store, clock } = await testApi({ statuses: [statusAfter([...CHECKS].reverse())] });
    await store.checks.put(CHECKS);
    await clock.advance(150_000);
    const text = textOf((await request('/providers/alpha')).text);
    expect(text).toContain('Last hour 66.66% 66.66%');
    expect(text).toContain('1 × overloaded');
    expect(text).toContain(
      'Overloaded 50 ms – 529 simulated overloaded. Provider’s fault. Confirmed by a second attempt. Request req_1.',
    );
    expect(text).toContain('Good at the second attempt; the first: no connection, reset');
    expect(text).toContain('Another model answered. Manual. Listed models.');
    expect(text).toContain('Checked 30 s ago');
  });

  it('shows its incidents, with their length and how many there were', async () => {
    const { request, store, clock } = await testApi({ statuses: [healthyStatus()] });
    const states = ['unhealthy', 'healthy', 'unhealthy'] as const;
    for (const [i, to] of states.entries()) {
      const failed = to === 'unhealthy';
      await store.transitions.put({
        id: `${minute(i)}#alpha`,
        provider: 'alpha',
        from: failed ? 'healthy' : 'unhealthy',
        to,
        at: minute(i),
        category: failed ? 'overloaded' : null,
        fault: failed ? 'provider' : null,
        errorMessage: failed ? `busy ${i}` : null,
        lastedMs: 60_000,
      });
    }
    await clock.advance(180_000);
    const text = textOf((await request('/providers/alpha')).text);
    expect(text).toContain('Overloaded ongoing for 1 min provider’s fault 2nd in 24 h busy 2 since 1 Mar, 10:02 UTC');
    expect(text).toContain('Overloaded lasted 1 min provider’s fault busy 0 1 Mar, 10:00 – 10:01 UTC');
    expect(textOf((await request('/')).text)).toContain('alpha: overloaded ongoing for 1 min');
  });

  it.each([
    ['where checks are answered', undefined, true],
    ['nowhere else', null, false],
  ])('offers a manual check %s', async (_, checker, offered) => {
    const options = checker === null ? { checker } : {};
    const { request } = await testApi({ statuses: [healthyStatus()], ...options });
    expect((await request('/providers/alpha')).text.includes('Check now')).toBe(offered);
  });
});

describe('the health score', () => {
  it.each([
    [
      'is not shown before the first good check, however fast it failed',
      [],
      '–',
      'It is shown after the first good check.',
    ],
    ['is shown after one', [goodCheck({ timestamp: at(-60_000) })], '0.60', 'so no router should use it.</p>'],
  ])('%s', async (_, before, shown, explained) => {
    const checks = [...before, failedCheck('connect', { responseTimeMs: 2 })];
    const { request } = await testApi({ statuses: [statusAfter(checks, provider())] });
    const { text } = await request('/providers/alpha');
    expect(text).toContain(`<dt>Health score</dt><dd>${shown}</dd>`);
    expect(text).toContain(explained);
  });
});

describe('ninety days', () => {
  it('are bars from the first observed one on: good, some outage, much outage, ours alone, not observed', async () => {
    const store = createMemoryStore({ now: () => new Date(START) });
    const days: [string, ('server_error' | 'auth')[], number][] = [
      ['2026-02-25', [], 100],
      ['2026-02-26', ['server_error'], 99],
      ['2026-02-27', ['server_error', 'server_error', 'server_error'], 97],
      ['2026-02-28', ['auth'], 99],
    ];
    const whole: DayHistory[] = [];
    for (const [day, failures, good] of days) {
      const checks = [
        ...failures.map((category) => failedCheck(category)),
        ...Array.from({ length: good }, () => goodCheck()),
      ].map((check, i) => ({ ...check, timestamp: new Date(Date.parse(day) + i * 60_000).toISOString() }));
      whole.push(dayFrom('alpha', day, hoursOf('alpha', checks, 60_000), Date.parse(day) + 86_400_000));
    }
    for (const day of whole) await store.days.put(day);
    const counts = whole.map(({ day, tally }) => countsOfTally(day, tally));
    await store.fleetDays.put('0', [{ provider: 'alpha', through: '2026-02-28', days: counts }]);
    const { request } = await testApi({ store, statuses: [healthyStatus()] });
    const { text } = await request('/providers/alpha');
    const bars = [...(/<div class="days"[^>]*>(.*?)<\/div>/s.exec(text)?.[1] ?? '').matchAll(/<i class="(\w)">/g)];
    expect(bars.map(([, look]) => look).join('')).toBe('kwbon');
    expect(text).toContain(
      'aria-label="Up 99% over 4 observed days of 90. 2 days with an outage; the worst, 27 Feb 2026, was up 97%."',
    );
    const overview = (await request('/')).text;
    const paths = [...overview.matchAll(/(M\d+ 11h3)/g)].map(([path = '']) => [
      /class="(\w)" d="[^"]*$/.exec(overview.slice(0, overview.indexOf(path)))?.[1],
      path,
    ]);
    expect(paths.sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1))).toEqual([
      ['k', 'M255 11h3'],
      ['w', 'M258 11h3'],
      ['b', 'M261 11h3'],
      ['o', 'M264 11h3'],
      // Today has the one check of the status.
      ['k', 'M267 11h3'],
    ]);
    expect(rowOf(overview, 'alpha')).toContain('Usable 98.75%');
  });

  it('are read once in five ticks, however often the page is', async () => {
    const { request, calls, clock } = await testApi({ statuses: [healthyStatus(), healthyStatus({ id: 'beta' })] });
    const reads = () => calls.filter((call) => call === 'fleetDays.list').length;
    await Promise.all([request('/'), request('/'), request('/')]);
    await clock.advance(299_000);
    await request('/');
    expect(reads()).toBe(1);
    await clock.advance(1000);
    await request('/');
    expect(reads()).toBe(2);
  });
});

describe('when the table fails', () => {
  it('A1 a browser gets a page that says so, with the status and Retry-After', async () => {
    const { request } = await failingApi(() => true);
    const response = await request('/', HTML);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(textOf(await response.text())).toContain('The monitor cannot read its table');
  });

  it('for reads of history only, the page still shows the present', async () => {
    const { request } = await failingApi((call) => /^(days|fleetDays|hours|checks|transitions)\./.test(call));
    const overview = textOf(await (await request('/', HTML)).text());
    expect(overview).toContain('The provider is healthy');
    expect(overview).toContain('History cannot be read now.');
    const page = textOf(await (await request('/providers/alpha', HTML)).text());
    expect(page).toContain('Healthy for 0 s');
    expect(page.match(/It cannot be read now\./g)).toHaveLength(3);
  });

  it('and works again, the past is shown at once', async () => {
    let broken = true;
    const { request } = await failingApi((call) => broken && call.startsWith('fleetDays.'));
    expect(textOf(await (await request('/', HTML)).text())).toContain('History cannot be read now.');
    broken = false;
    expect(textOf(await (await request('/', HTML)).text())).not.toContain('History cannot be read now.');
  });

  /** Without the comparison with the documentation: problems that are shown as pages are documented as problems. */
  async function failingApi(fails: (call: string) => boolean) {
    const { store } = await testApi({
      statuses: [healthyStatus()],
      onCall: (call) => {
        if (fails(call)) throw new StoreError('unreachable', 'no answer');
      },
    });
    return createAppOver(store);
  }
});

function createAppOver(store: Parameters<typeof createApp>[0]['store']) {
  const nothing = () => {};
  return createApp({
    store,
    checker: null,
    declared: [],
    monitor: { tickSeconds: 60, shards: ['0'] },
    log: { info: nothing, warn: nothing, error: nothing },
    now: () => new Date(START),
  });
}

describe('an unknown path', () => {
  it.each([
    ['/providers/missing', 'There is no provider "missing"', '../'],
    ['/nowhere', 'No route has this path', './'],
    ['/providers/A.B', 'expected lower-case letters', '../'],
  ])('at %s is a page for a browser, and JSON for a program', async (path, words, home) => {
    const { store, request } = await testApi();
    const page = await createAppOver(store).request(path, HTML);
    const html = await page.text();
    expect(textOf(html).replaceAll('&quot;', '"')).toContain(words);
    expect(html).toContain(`<a href="${home}">All providers</a>`);
    expect(html).not.toContain('page.js');
    const { status, body } = await request(path);
    expect(page.status).toBe(status);
    expect(body).toMatchObject({ status });
  });

  it('under /v1 is JSON for a browser too', async () => {
    const { request } = await testApi();
    expect((await request('/v1/providers/missing', HTML)).body).toMatchObject({ code: 'unknown_provider' });
  });
});

describe('the feed', () => {
  it('has an entry for each incident, brought up to date when it is over', async () => {
    const { request, store, clock } = await testApi({ statuses: [healthyStatus()] });
    const base = {
      provider: 'alpha',
      category: 'timeout',
      fault: 'provider',
      errorMessage: 'a & b',
      lastedMs: 0,
    } as const;
    await store.transitions.put({ ...base, id: `${START}#alpha`, from: 'healthy', to: 'unhealthy', at: START });
    await clock.advance(60_000);
    const open = await request('/feed.atom');
    expect(open.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(open.text).toContain('<title>alpha: no answer in time</title>');
    expect(open.text).toContain('<summary type="text">Not over. a &amp; b</summary>');
    expect(open.text).toContain(
      '<link rel="alternate" type="text/html" href="http://localhost/incidents/20260301T100000000Z-alpha"/>',
    );

    const good = { category: null, fault: null, errorMessage: null };
    await store.transitions.put({
      ...base,
      ...good,
      id: `${minute(1)}#alpha`,
      from: 'unhealthy',
      to: 'healthy',
      at: minute(1),
    });
    await clock.advance(60_000);
    const over = (await request('/feed.atom')).text;
    const ids = (text: string) => [...text.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id);
    expect(ids(over)).toEqual(ids(open.text));
    expect(over).toContain('Over after 1 min.');
    expect(over).toContain(`<published>${START}</published>\n<updated>${minute(1)}</updated>`);
  });

  it('without incidents is still a valid feed', async () => {
    const { request } = await testApi();
    const { text } = await request('/feed.atom');
    expect(text).toContain(`<updated>${START}</updated>`);
    expect(text).not.toContain('<entry>');
  });
});

describe('the organisation’s own', () => {
  const LOGO = 'data:image/svg+xml;base64,PHN2Zy8+';
  const page = {
    title: 'Models & keys',
    logoUrl: LOGO,
    links: [{ text: 'On <call>', url: 'https://wiki.example.com/?a=1&b=2' }],
  };
  const monitor = { tickSeconds: 60, shards: ['0'], page };

  it.each(['/', '/providers/alpha', '/incidents', '/providers/missing'])(
    'title, logo and links are on %s, escaped',
    async (path) => {
      const { raw } = await testApi({ statuses: [healthyStatus()], monitor });
      const text = await (await raw(path, HTML)).text();
      expect(text).toContain('· Models &amp; keys</title>');
      expect(text).toContain(`<img src="${LOGO}" alt="" height="24"><span>Models &amp; keys</span>`);
      const link = '<a href="https://wiki.example.com/?a=1&amp;b=2" rel="noreferrer">On &lt;call&gt;</a>';
      expect(text).toContain(link);
    },
  );

  it('title names the feed', async () => {
    const { request } = await testApi({ monitor });
    expect((await request('/feed.atom')).text).toContain('<title>Models &amp; keys: incidents</title>');
  });
});

describe('the files of the page', () => {
  it('are those that its sources give; "npm run page" makes them anew', () => {
    expect(readFileSync(ASSETS_FILE, 'utf8')).toBe(assetsModule());
  });

  it.each([
    ['page.css', 'text/css; charset=utf-8'],
    ['page.js', 'text/javascript; charset=utf-8'],
    ['chart.js', 'text/javascript; charset=utf-8'],
  ] as const)('%s is served, to be kept for ever under an address with its version', async (file, media) => {
    const { request } = await testApi({ statuses: [healthyStatus()] });
    const page = (await request('/providers/alpha')).text;
    const [, link = ''] = new RegExp(`"\\.\\./(assets/${file}\\?v=[0-9a-f]{12})"`).exec(page) ?? [];
    const { status, headers, text } = await request(`/${link}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(media);
    expect(headers.get('cache-control')).toBe('max-age=31536000');
    expect(text).toBe(ASSETS[file]);
  });

  it('and a page of 20 providers are at most 100 KB compressed', async () => {
    const statuses = Array.from({ length: 20 }, (_, i) => unhealthyStatus({ id: `provider-${i}`, tags: [`tag-${i}`] }));
    const { request } = await testApi({ statuses });
    const parts = [(await request('/')).text, ...Object.values(ASSETS)].map((text) => gzipSync(text).length);
    expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(100 * 1024);
  });

  it('load nothing from elsewhere', () => {
    for (const text of Object.values(ASSETS)) {
      const addresses = [...text.matchAll(/https?:\/\/[^\s"'`)]+/g)].map(([address]) => address);
      expect(addresses.filter((address) => !address.includes('github.com/leeoniya/uPlot'))).toEqual([]);
    }
  });
});

it('A3 pages and feed neither probe nor write', async () => {
  const { request, calls } = await testApi({ statuses: [healthyStatus()] });
  for (const path of ['/', '/providers/alpha', '/feed.atom']) await request(path);
  expect(calls.filter((call) => /put|delete|claim|finish/i.test(call))).toEqual([]);
});

it('is compressed for clients that can unpack it', async () => {
  const { store } = await testApi({ statuses: [healthyStatus()] });
  const response = await createAppOver(store).request('/', { headers: { 'accept-encoding': 'gzip' } });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toContain('Accept-Encoding');
});
