import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/api/app.ts';
import type { Transition } from '../../lib/health/transition.ts';
import { dayFrom } from '../../lib/health/uptime/history.ts';
import { hoursOf } from '../../lib/history/aggregate.ts';
import { createFleetDaysKeeper } from '../../lib/history/fleet-days.ts';
import type { Door } from '../../lib/local/door.ts';
import { startServer } from '../../lib/local/server.ts';
import { createMemoryStore } from '../../lib/store/memory/store.ts';
import type { Store } from '../../lib/store/store.ts';
import {
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  provider,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { chromiumPath, launch } from './chromium.ts';

const executable = chromiumPath();
if (executable === null) console.warn('The pages are not looked at: there is no Chromium on PATH.');

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STAGE = '/prod';

/** The cumulative layout shift since the page began: how far visible parts moved, as browsers count it. */
const COUNT_SHIFTS = `window.shift = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shift += one.value; })
  .observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver(() => window.painted()).observe({ type: 'paint', buffered: true });`;

/** All that the Tab key must reach, in the page's order. */
const REACHABLE = `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((one) => !one.disabled && one.type !== 'hidden' && one.checkVisibility())`;

describe.skipIf(executable === null)('the pages in a browser', () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  let server: Door;
  let context: BrowserContext | undefined;
  let store: Store;
  let clock: FakeClock;
  let manualChecks: string[];
  /** Answers instead of the app; null: nothing does. */
  let interrupt: ((request: Request) => Response | null) | null;
  /** The requests and the errors of the page. */
  let seen: { requests: string[]; complaints: string[] };

  beforeAll(async () => {
    browser = await launch(executable ?? '');
    let app: ReturnType<typeof createApp> | undefined;
    let appOf: Store | undefined;
    server = await startServer({
      host: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        const answer = interrupt?.(request);
        if (answer) return answer;
        if (appOf !== store) {
          app = appOver();
          appOf = store;
        }
        return app?.fetch(request) ?? new Response(null, { status: 500 });
      },
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.cut();
    await server?.drain();
  });

  beforeEach(async () => {
    clock = new FakeClock();
    store = createMemoryStore({ now: clock.now });
    interrupt = null;
    manualChecks = [];
    seen = { requests: [], complaints: [] };
    await fill();
    return async () => {
      await context?.close();
      context = undefined;
    };
  });

  function appOver() {
    const nothing = () => {};
    return createApp({
      store,
      basePath: STAGE,
      checker: {
        registerProvider: refuse,
        unregisterProvider: refuse,
        manualHealthCheckAll: refuse,
        setDrain: refuse,
        setMaintenance: refuse,
        testAlerts: refuse,
        async manualHealthCheck(id) {
          manualChecks.push(id);
          return goodCheck({ provider: id, responseTimeMs: 321, timestamp: minute(9), trigger: 'manual' });
        },
      },
      declared: [],
      monitor: { tickSeconds: 20, shards: ['0'] },
      log: { info: nothing, warn: nothing, error: nothing },
      now: clock.now,
    });
  }

  const CHECKS = Array.from({ length: 40 }, (_, i) =>
    i % 9 === 8
      ? failedCheck('overloaded', { timestamp: minute(i - 40) })
      : goodCheck({
          timestamp: minute(i - 40),
          responseTimeMs: 200 + i,
          timings: { dnsMs: 2, connectMs: 8, tlsMs: 12, firstByteMs: 100, firstTokenMs: 150, totalMs: 222 + i },
        }),
  );

  async function fill(): Promise<void> {
    await store.checks.put(CHECKS);
    const early = [
      goodCheck({ timestamp: '2026-02-27T10:00:00.000Z' }),
      goodCheck({ timestamp: '2026-02-27T10:01:00.000Z' }),
    ];
    await store.days.put(dayFrom('alpha', '2026-02-27', hoursOf('alpha', early, 60_000), Date.parse('2026-02-28')));
    await createFleetDaysKeeper(store, () => clock.now().getTime()).keep('0', ['alpha'], clock.now());
    await store.statuses.put(statusAfter(CHECKS, provider({ tags: ['chat'] })), null, null);
    await store.statuses.put(unhealthyStatus({ id: 'beta', tags: ['slow'] }), null, null);
    for (const [to, minutes] of [
      ['unhealthy', -60],
      ['healthy', -50],
      ['unhealthy', -48],
      ['healthy', -45],
      ['unhealthy', -40],
      ['healthy', -38],
    ] as const) {
      await store.transitions.put(changeOf('alpha', to, minutes));
    }
    await store.transitions.put(changeOf('beta', 'unhealthy', -5));
    await store.statuses.put(healthyStatus({ id: 'gamma', tags: ['chat'] }), null, null);
  }

  async function open(
    path: string,
    options: Parameters<typeof browser.newContext>[0] = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('request', (request) => seen.requests.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') seen.complaints.push(message.text());
    });
    page.on('pageerror', (error) => seen.complaints.push(error.message));
    await page.clock.install({ time: clock.now() });
    await prepare(page);
    await page.goto(`${server.url}${STAGE}${path}`);
    return page;
  }

  /** As over a slow line: the scripts come when the page has been seen without them. */
  function openSlowly(path: string): Promise<Page> {
    return open(path, {}, async (page) => {
      let painted = () => {};
      const isPainted = new Promise<void>((resolve) => {
        painted = resolve;
      });
      // Awaited: a page that is painted before it has the function would wait for its scripts for ever.
      await page.exposeFunction('painted', () => painted());
      await page.addInitScript(COUNT_SHIFTS);
      await page.route(/\/assets\/\w+\.js/, (route) => isPainted.then(() => route.continue()));
    });
  }

  /** Lets time pass for the page and for the monitor. */
  async function pass(page: Page, ms: number): Promise<void> {
    await clock.advance(ms);
    await page.clock.runFor(ms);
  }

  const rowText = (page: Page, id: string) => page.locator(`#p-${id}`).textContent();

  const PATHS = ['/', '/providers/alpha', '/incidents', '/incidents/20260301T090000000Z-alpha', '/providers/missing'];
  const SCHEMES = ['light', 'dark'] as const;
  /** Dark is other colours and nothing else. */
  const RULES = { light: '{}', dark: "{ runOnly: ['color-contrast'] }" };
  const WIDTHS = [1280, 390];

  describe.each(PATHS)('%s in light and dark, wide and narrow', (path) => {
    it('is clean to axe, fits, stands still, is reached by keys, breaks no policy, and asks only its own server', async () => {
      const page = await openSlowly(path);
      if (path === '/providers/alpha') await page.locator('#phase-chart canvas').waitFor();
      expect(await page.evaluate('window.shift')).toBeLessThan(0.01);
      const stops = await page.evaluate<number>(`(window.stops = ${REACHABLE}).length`);
      const reached: number[] = [];
      for (let i = 0; i < stops; i++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate<number>('window.stops.indexOf(document.activeElement)'));
      }
      expect(reached).toEqual(Array.from({ length: stops }, (_, i) => i));
      await page.evaluate(AXE);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          const violations = await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(
            `axe.run(document, ${RULES[colorScheme]}).then(({ violations }) => violations)`,
          );
          const found = violations.map(({ id, nodes }) => [id, nodes.map((one) => [one.html, one.failureSummary])]);
          expect(found, `${colorScheme} at ${width} px`).toEqual([]);
        }
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate(overflow), `${width} px`).toBe(0);
      }
      expect(seen.complaints.filter((text) => !text.includes('404'))).toEqual([]);
      expect(
        seen.requests.filter((url) => !url.startsWith(`${server.url}${STAGE}/`) && !url.startsWith('data:')),
      ).toEqual([]);
    });
  });

  describe('at every width', () => {
    it('whose fault a failure is stands whole in its row, or not at all', async () => {
      await store.statuses.put(unhealthyStatus({ id: 'delta' }, 'auth'), null, null);
      const page = await open('/');
      for (const width of [1280, 1200, 1100, 1099, 900, 800, 700, 641, 390]) {
        await page.setViewportSize({ width, height: 800 });
        const pills = await page.evaluate<{ shown: boolean; isCut: boolean }[]>(
          `[...document.querySelectorAll('.row .fault')].map((pill) => ({
            shown: pill.checkVisibility(),
            isCut: pill.checkVisibility() && pill.getBoundingClientRect().right > pill.closest('.state').getBoundingClientRect().right,
          }))`,
        );
        const isRoom = width >= 800;
        expect(pills, `${width} px`).toEqual(pills.map(() => ({ shown: isRoom, isCut: false })));
        expect(pills.length).toBeGreaterThan(1);
      }
    });

    it('the details of a check wrap, and no table of checks scrolls', async () => {
      const errorMessage = `HTTP 302 to https://login.example.com/${'a'.repeat(150)}: it is not followed`;
      await store.checks.put([failedCheck('redirect', { timestamp: minute(-5), errorMessage })]);
      const page = await open('/providers/alpha');
      for (const width of [1280, 1100, 1099, 800, 641, 640, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const hidden = await page.evaluate(
          `(() => { const box = document.querySelector('.checks').parentElement; return box.scrollWidth - box.clientWidth; })()`,
        );
        expect(hidden, `${width} px`).toBe(0);
      }
    });

    it('a reason has the room of the bars where no provider has days', async () => {
      const widthOf = async () => (await page.locator('#p-delta .what').boundingBox())?.width ?? 0;
      await store.statuses.put(unhealthyStatus({ id: 'delta' }, 'auth'), null, null);
      const page = await open('/');
      const beside = await widthOf();
      await page.goto(`${server.url}${STAGE}/?q=delta`);
      expect(await widthOf()).toBeGreaterThan(beside * 1.5);
      expect(await page.locator('#p-delta .strip').boundingBox()).toMatchObject({ width: 60 });
    });

    it('planned pauses, drains and flapping stand whole in their rows', async () => {
      const pauses = { maintenanceUntil: minute(80), drainUntil: minute(90), flapping: true };
      await store.statuses.put({ ...healthyStatus({ id: 'delta' }), maintenanceUntil: minute(80) }, null, null);
      await store.statuses.put({ ...healthyStatus({ id: 'epsilon' }), flapping: true }, null, null);
      await store.statuses.put({ ...unhealthyStatus({ id: 'zeta' }, 'auth'), ...pauses }, null, null);
      const page = await open('/');
      for (const width of [1280, 1100, 1099, 800, 641, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const notes = await page.evaluate<{ text: string; isWhole: boolean }[]>(
          `[...document.querySelectorAll('.row .note')].map((note) => {
            const [inner, row] = [note.getBoundingClientRect(), note.closest('.row').getBoundingClientRect()];
            const what = note.closest('.what').getBoundingClientRect();
            return {
              text: note.firstChild.textContent,
              isWhole: note.checkVisibility() && inner.right <= what.right && inner.top >= row.top && inner.bottom <= row.bottom,
            };
          })`,
        );
        const texts = ['Drained', 'Flapping', 'Flapping', 'Flapping', 'Maintenance', 'Maintenance'];
        expect(notes.map(({ text }) => text).sort(), `${width} px`).toEqual(texts);
        expect(
          notes.filter(({ isWhole }) => !isWhole),
          `${width} px`,
        ).toEqual([]);
      }
    });
  });

  describe('on a telephone', () => {
    it('long names, models and errors wrap, and nothing is cut or sticks out', async () => {
      const id = 'anthropic-production-eu-central-1-with-a-very-long-name-number-1';
      const model = `arn:aws:bedrock:eu-central-1:123456789012:inference-profile/${'eu.anthropic.'.repeat(4)}`;
      await store.statuses.put(unhealthyStatus({ id, model }, 'auth', { errorMessage: 'x'.repeat(150) }), null, null);
      const page = await open('/', { viewport: { width: 390, height: 800 } });
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      const isCut = (selector: string) =>
        page.evaluate(`[...document.querySelectorAll('${selector}')].some((one) => one.scrollWidth > one.clientWidth)`);
      expect(await page.evaluate(overflow)).toBe(0);
      expect(await isCut('.row h2')).toBe(false);
      interrupt = () => new Response('down', { status: 503 });
      await pass(page, 10_000);
      await page.getByText('The monitor does not answer (HTTP 503)').waitFor();
      expect(await page.evaluate(overflow)).toBe(0);
      expect(await isCut('.brand')).toBe(false);
      interrupt = null;
      await page.goto(`${server.url}${STAGE}/providers/${id}`);
      expect(await page.evaluate(overflow)).toBe(0);
      expect(await isCut('h1, .why, .about dd')).toBe(false);
    });
  });

  describe('without a script', () => {
    it('the overview shows the same, and its filter is of links', async () => {
      const page = await open('/', { javaScriptEnabled: false });
      expect(await page.locator('h1').textContent()).toBe('1 of 3 providers not working');
      await page.getByRole('link', { name: 'chat' }).click();
      await page.waitForURL(/tag=chat/);
      expect(await page.locator('.row').count()).toBe(2);
    });

    it('a provider’s page offers no button, and says where the charts would be', async () => {
      const page = await open('/providers/alpha', { javaScriptEnabled: false });
      expect(await page.locator('#checked').count()).toBe(1);
      expect(await page.locator('button:visible, select:visible').count()).toBe(0);
      expect(await page.locator('noscript:visible').allTextContents()).toEqual(
        Array(2).fill(expect.stringContaining('Charts are drawn by a script.')),
      );
    });
  });

  describe('a refresh', () => {
    it('changes what changed and nothing else: focus, scroll and elements stay', async () => {
      const page = await open('/');
      await page.locator('#p-gamma h2 a').focus();
      await page.evaluate("document.querySelectorAll('.row').forEach((row) => { row.isTheSame = true })");
      const beta = await store.statuses.get('beta');
      if (beta) {
        const mended = { ...statusAfter([goodCheck({ timestamp: minute(1) })], provider({ id: 'beta' })), version: 2 };
        await store.statuses.put(mended, beta.version, null);
      }
      await Promise.all([page.waitForResponse(`${server.url}${STAGE}/`), pass(page, 10_000)]);
      await page.locator('#p-beta.ok').waitFor();
      expect(await page.locator('h1').textContent()).toBe('All 3 providers are healthy');
      expect(await page.title()).toBe('All 3 providers are healthy · Provider Health');
      expect(await page.evaluate("[...document.querySelectorAll('.row')].every((row) => row.isTheSame)")).toBe(true);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('gamma');
    });

    it('keeps the focus in a row that moves up', async () => {
      const page = await open('/?sort=response');
      await page.locator('#p-gamma h2 a').focus();
      const gamma = await store.statuses.get('gamma');
      const slower = statusAfter([goodCheck({ timestamp: minute(0), responseTimeMs: 900 })], provider({ id: 'gamma' }));
      if (gamma) await store.statuses.put({ ...slower, version: 2 }, gamma.version, null);
      await Promise.all([page.waitForResponse(/sort=response/), pass(page, 10_000)]);
      await page.getByText('900 ms').waitFor();
      expect(await page.locator('.row h2').allInnerTexts()).toEqual(['gamma', 'alpha', 'beta']);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('gamma');
    });

    it('lets a provider come and another go', async () => {
      const page = await open('/');
      await store.statuses.delete('alpha');
      await store.statuses.put(healthyStatus({ id: 'aardvark' }), null, null);
      await pass(page, 10_000);
      await page.locator('#p-aardvark').waitFor();
      expect(await page.locator('.row h2').allInnerTexts()).toEqual(['beta', 'aardvark', 'gamma']);
    });

    it('waits while the page is hidden, and comes at once when it is shown', async () => {
      const page = await open('/');
      const asked = () => seen.requests.filter((url) => url === `${server.url}${STAGE}/`).length;
      const setHidden = (hidden: boolean) =>
        page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
          document.dispatchEvent(new Event('visibilitychange'))`);
      await setHidden(true);
      await pass(page, 60_000);
      expect(asked()).toBe(1);
      const answered = page.waitForResponse(`${server.url}${STAGE}/`);
      await setHidden(false);
      await page.clock.runFor(1);
      await answered;
      expect(asked()).toBe(2);
    });

    it('that fails leaves what was known, says so, and tries again', async () => {
      const page = await open('/');
      interrupt = () => new Response('down', { status: 503 });
      await pass(page, 10_000);
      await page.getByText('The monitor does not answer (HTTP 503)').waitFor();
      expect(await page.locator('.row').count()).toBe(3);
      interrupt = null;
      await pass(page, 10_000);
      await page.locator('#live.on').waitFor();
    });

    it('is not needed for ages: they count on by themselves', async () => {
      const page = await open('/');
      // The page's clock also goes on by itself.
      const secondsAgo = async () => Number(/(\d+) s ago/.exec((await rowText(page, 'gamma')) ?? '')?.[1]);
      const before = await secondsAgo();
      await page.clock.runFor(7000);
      expect((await secondsAgo()) - before).toBeGreaterThanOrEqual(7);
    });
  });

  describe('the filter', () => {
    it('filters in place, is in the address, and goes back', async () => {
      const page = await open('/');
      await page.evaluate('window.isTheSame = true');
      await page.getByRole('link', { name: 'Not working 1' }).click();
      await page.locator('#p-alpha').waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).toBe('?state=not-working');
      expect(await page.locator('.row h2').allInnerTexts()).toEqual(['beta']);
      expect(await page.locator('.filters a[aria-current]').textContent()).toBe('Not working 1');
      await page.goBack();
      await page.locator('#p-alpha').waitFor();
      expect(await page.evaluate('window.isTheSame')).toBe(true);
    });
  });

  describe('the search', () => {
    it('is focused by "/", filters while one types, and is one step back', async () => {
      const page = await open('/');
      await page.keyboard.press('/');
      await page.keyboard.type('gam');
      await page.clock.runFor(200);
      await page.locator('#p-alpha').waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).toBe('?q=gam');
      expect(await page.evaluate('document.activeElement.name')).toBe('q');
      await page.keyboard.press('Escape');
      await page.locator('#p-alpha').waitFor();
      await page.keyboard.type('bet');
      await page.clock.runFor(200);
      await page.locator('#p-alpha').waitFor({ state: 'detached' });
      await page.keyboard.type('a');
      await page.clock.runFor(200);
      await page.waitForURL(/q=beta/);
      await page.locator('h1').click();
      await page.evaluate('document.activeElement.blur()');
      await page.goBack();
      await page.locator('#p-alpha').waitFor();
      expect(await page.locator('.search input[type=search]').inputValue()).toBe('');
    });

    it('works without a script', async () => {
      const page = await open('/?sort=name', { javaScriptEnabled: false });
      await page.getByRole('searchbox').fill('chat');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=chat/);
      expect(await page.locator('.row h2').allInnerTexts()).toEqual(['alpha', 'gamma']);
      expect(new URL(page.url()).searchParams.get('sort')).toBe('name');
    });
  });

  describe('the first hour', () => {
    it('opens with the hour alone, no wall of grey days, and since when it was monitored', async () => {
      const early = [-6, -5].map((i) => goodCheck({ provider: 'young', timestamp: minute(i) }));
      await store.checks.put(early);
      await store.statuses.put(statusAfter(early, provider({ id: 'young' })), null, null);
      const page = await open('/providers/young');
      expect(await page.locator('.days').count()).toBe(0);
      expect(await page.locator('.scroll tbody th').allInnerTexts()).toEqual(['Last hour']);
      expect(await page.locator('.about').textContent()).toContain('Monitored since1 Mar, 09:54 UTC (6 min)');
      expect(seen.requests.some((url) => url.endsWith('uptime?window=1h'))).toBe(true);
      expect(await page.locator('.tabs').isVisible()).toBe(false);
      await page.goto(`${server.url}${STAGE}/`);
      expect(await page.locator('#p-young .strip path').getAttribute('d')).toBe('M264 11h6');
    });
  });

  describe('a row', () => {
    it('has room for the longest word for whose the failures were', async () => {
      const failed = [-6, -5].map((i) => failedCheck('config', { provider: 'wrong-url', timestamp: minute(i) }));
      await store.checks.put(failed);
      await store.statuses.put(statusAfter(failed, provider({ id: 'wrong-url' })), null, null);
      const page = await open('/', { viewport: { width: 1280, height: 800 } });
      const share = page.locator('#p-wrong-url .past p');
      expect(await share.textContent()).toContain('our settings');
      expect(await share.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    });
  });

  describe('without contact', () => {
    it('the page greys, counts on, offers no button, and is back without a reload', async () => {
      const page = await open('/providers/beta');
      await page.evaluate('window.isTheSame = true');
      interrupt = () => new Response('down', { status: 503 });
      await pass(page, 10_000);
      await page.getByText('The monitor does not answer (HTTP 503)').waitFor();
      await pass(page, 120_000);
      expect(await page.locator('#contact').textContent()).toMatch(/^No contact for 2 min\./);
      expect(await page.getByRole('button', { name: 'Check now' }).isDisabled()).toBe(true);
      const colours =
        page.evaluate(`['.hero .mark use', 'h1'].map((one) => getComputedStyle(document.querySelector(one)))
        .map(({ fill, color }, index) => (index === 0 ? fill : color))`);
      expect(await colours).toEqual(['rgb(92, 101, 112)', 'rgb(92, 101, 112)']);
      interrupt = null;
      await pass(page, 10_000);
      await page.locator('#live.on').waitFor();
      expect(await page.locator('#contact').isVisible()).toBe(false);
      expect(await page.getByRole('button', { name: 'Check now' }).isDisabled()).toBe(false);
      expect(await page.evaluate('window.isTheSame')).toBe(true);
    });
  });

  describe('a day', () => {
    const tip = (page: Page) => page.locator('#tip');

    it('says what it was like when it is pointed at', async () => {
      const page = await open('/providers/alpha');
      await page.locator('.days i').last().hover();
      expect(await tip(page).textContent()).toMatch(
        /^1 Mar 2026Up in 36 of 40 checks40 checks, 6\.\d\d% of the day observed$/,
      );
      await page.locator('.days i').first().hover();
      expect(await tip(page).textContent()).toMatch(/^27 Feb 2026Up 100%2 checks, 0\.\d+% of the day observed$/);
      await page.locator('h1').hover();
      expect(await tip(page).isVisible()).toBe(false);
    });

    it('is reached by keys, and read by a screen reader', async () => {
      const page = await open('/providers/alpha');
      const days = page.locator('.days');
      await page.locator('.scores summary').focus();
      await page.keyboard.press('Tab');
      expect(await tip(page).textContent()).toContain('1 Mar 2026');
      await page.keyboard.press('ArrowLeft');
      expect(await tip(page).textContent()).toContain('28 Feb 2026');
      expect(await days.getAttribute('aria-valuetext')).toBe('28 Feb 2026, Not observed');
      await page.keyboard.press('Home');
      expect(await days.getAttribute('aria-valuenow')).toBe('1');
      await page.keyboard.press('Escape');
      expect(await tip(page).isVisible()).toBe(false);
    });

    it('of a row is asked for when it is first pointed at', async () => {
      const page = await open('/');
      const asked = () => seen.requests.filter((url) => url.includes('/uptime?window=90d')).length;
      const box = await page.locator('#p-alpha .strip').boundingBox();
      if (!box) throw new Error('#p-alpha .strip: expected bars, got none');
      await page.mouse.move(box.x + box.width - 2, box.y + 10);
      await expect.poll(() => tip(page).textContent()).toMatch(/^1 Mar 2026Up in 36 of 40 checks40 checks/);
      await page.mouse.move(box.x + box.width - 8, box.y + 10);
      await expect.poll(() => tip(page).textContent()).toContain('27 Feb 2026');
      expect(asked()).toBe(1);
    });
  });

  describe('the charts', () => {
    const legend = (page: Page, chart: string) => page.locator(`#${chart} .u-legend`).textContent();

    it('show the values of where one points, and of the newest check otherwise', async () => {
      const page = await open('/providers/alpha');
      await page.locator('#phase-chart canvas').waitFor();
      await expect.poll(() => legend(page, 'phase-chart')).toMatch(/1 Mar, 09:59:00 UTC.*First token150 ms/);
      await page.locator('#phase-chart .u-over').hover({ position: { x: 1, y: 90 } });
      await expect.poll(() => legend(page, 'phase-chart')).toMatch(/09:20:00 UTC.*DNS2 ms/);
    });

    it('name in the legend only what occurs, and a failure in words', async () => {
      await store.checks.put([
        goodCheck({ provider: 'gamma', timestamp: minute(-2) }),
        failedCheck('invalid_response', { provider: 'gamma', timestamp: minute(-1) }),
      ]);
      const page = await open('/providers/gamma');
      await expect.poll(() => legend(page, 'phase-chart')).toContain('50 ms, not a genuine answer');
      const labels = await page.locator('#phase-chart .u-legend th').allInnerTexts();
      expect(labels.map((label) => label.replace(':', ''))).toEqual(['Time', 'Failed after', 'Rest']);
    });

    it('say the local time beside UTC', async () => {
      const page = await open('/providers/alpha', { timezoneId: 'Asia/Kolkata' });
      await expect.poll(() => legend(page, 'phase-chart')).toMatch(/1 Mar, 09:59:00 UTC \(1 Mar, 15:29:00 here\)/);
      await page.locator('.checks time').first().hover();
      expect(await page.locator('.checks time').first().getAttribute('title')).toContain('15:29:00 here');
    });

    it('zoom by dragging, keep the zoom over a refresh, and show all again', async () => {
      const page = await open('/providers/alpha');
      const reset = page.locator('#phase-chart .reset');
      await expect.poll(() => legend(page, 'phase-chart')).toContain('09:59:00');
      await page.locator('#phase-chart .u-over').scrollIntoViewIfNeeded();
      const box = await page.locator('#phase-chart .u-over').boundingBox();
      if (!box) throw new Error('#phase-chart: expected a plot, got none');
      await page.mouse.move(box.x + box.width * 0.3, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await reset.waitFor();
      const answered = page.waitForResponse(/\/checks\?/);
      await pass(page, 10_000);
      await answered;
      expect(await reset.isVisible()).toBe(true);
      await reset.click();
      await reset.waitFor({ state: 'hidden' });
    });

    it('are read by keys', async () => {
      const page = await open('/providers/alpha');
      await expect.poll(() => legend(page, 'phase-chart')).toContain('09:59:00');
      await page.locator('#phase-chart [role=group]').focus();
      await page.keyboard.press('Home');
      expect(await page.locator('#phase-chart output').textContent()).toContain('09:20:00');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('#phase-chart output').textContent()).toContain('09:21:00');
    });

    it('show another window when it is chosen', async () => {
      const page = await open('/providers/alpha');
      const answered = page.waitForResponse(/uptime\?window=7d/);
      await page.getByRole('button', { name: '7d' }).click();
      expect((await answered).ok()).toBe(true);
      expect(await page.getByRole('button', { name: '7d' }).getAttribute('aria-pressed')).toBe('true');
    });
  });

  describe('a manual check', () => {
    it('is sent, and its result shown', async () => {
      const page = await open('/providers/beta');
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.getByText('Good, in 321 ms.').waitFor();
      expect(manualChecks).toEqual(['beta']);
    });

    it.each([
      [429, { retryAfterSeconds: 6 }, 'Checked a moment ago. Again in 6 s.'],
      [403, {}, 'Not allowed to check from here.'],
      [504, { detail: 'It did not end in time.' }, 'It did not end in time.'],
    ])('that is answered with %i says so', async (status, body, expected) => {
      const page = await open('/providers/beta');
      interrupt = (request) => (request.method === 'POST' ? Response.json(body, { status }) : null);
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.getByText(expected).waitFor();
    });
  });
});

function changeOf(id: string, to: 'healthy' | 'unhealthy', minutes: number): Transition {
  const failed = to === 'unhealthy';
  return {
    id: `${minute(minutes)}#${id}`,
    provider: id,
    from: failed ? 'healthy' : 'unhealthy',
    to,
    at: minute(minutes),
    category: failed ? 'timeout' : null,
    fault: failed ? 'provider' : null,
    errorMessage: failed ? 'no-answer-in-a-very-long-word-'.repeat(8) : null,
    lastedMs: 60_000,
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('expected not to be asked'));
}
