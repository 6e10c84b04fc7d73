/**
 * `npm run pictures`: the README's pictures, taken by Chromium from a real `npm start` whose table has ninety days of a
 * simulated past. Takes two minutes, most of it the filling and the wait for the simulated trouble.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { startOpenTable } from '../support/open-table.ts';
import { chromiumPath, launch } from './chromium.ts';
import { fillStore, PAST_FLEET } from './filled-store.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.github/assets', import.meta.url));
/** By then one provider is blacklisted, one degraded and one recovers. */
const TROUBLE_MS = 48_000;
/** Sharp on good screens, and still small files. */
const SCALE = 1.5;

interface Picture {
  file: string;
  path: string;
  scheme: 'light' | 'dark';
  width: number;
  height: number;
}

const PICTURES: readonly Picture[] = [
  { file: 'overview-light.webp', path: '/', scheme: 'light', width: 1280, height: 1120 },
  { file: 'overview-dark.webp', path: '/', scheme: 'dark', width: 1280, height: 1120 },
  { file: 'telephone.webp', path: '/', scheme: 'light', width: 360, height: 780 },
  { file: 'provider.webp', path: '/providers/claude', scheme: 'light', width: 1280, height: 1640 },
];

const executable = chromiumPath();
if (executable === null) throw new Error('PATH: expected a Chromium to take pictures with, got none.');

const table = await startOpenTable();
const store = createDynamoStore({ tableName: table.tableName, client: table.client });
await fillStore(store, PAST_FLEET, new Date());
store.close();

const args = ['start', '--', '--port', '0', '--dynamodb-endpoint', table.endpoint];
const monitor = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
const browser = await launch(executable);
try {
  const url = await urlOf(monitor.stdout);
  await sleep(TROUBLE_MS);
  mkdirSync(FOLDER, { recursive: true });
  for (const picture of PICTURES) await take(browser, url, picture);
} finally {
  await browser.close();
  // npm hands no signal on, so its whole group gets it.
  if (monitor.pid) process.kill(-monitor.pid, 'SIGINT');
  await once(monitor, 'exit');
  await table.close();
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [, url] = /^Status page\s+(\S+)\/$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('npm start: expected the address of its page, got none.');
}

async function take(browser: Browser, url: string, { file, path, scheme, width, height }: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    deviceScaleFactor: SCALE,
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  await page.locator('#live.on').waitFor();
  if (path !== '/') await page.locator('#phase-chart .u-legend').waitFor();
  // Charts are drawn in the frame after their figures came.
  await page.waitForLoadState('networkidle');
  const session = await context.newCDPSession(page);
  // At quality 100 it is without loss, and less than half of a PNG.
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 100 });
  writeFileSync(`${FOLDER}/${file}`, data, 'base64');
  await context.close();
}
