/**
 * A process of the deployed API function, as bundled: answers one path several times, and says what each answer cost.
 * The first is that of a process that has answered nothing yet.
 */

import { gunzipSync } from 'node:zlib';
import type { ViewOrder, ViewReport } from './protocol.ts';

type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const VIEWS = 15;

const { handlerUrl, path } = JSON.parse(process.argv[2] ?? '') as ViewOrder;
const { handler } = (await import(handlerUrl)) as { handler: Handler };
const [rawPath, rawQueryString = ''] = path.split('?');
const event = {
  version: '2.0',
  rawPath,
  rawQueryString,
  headers: { host: 'bench', 'accept-encoding': 'gzip' },
  isBase64Encoded: false,
  requestContext: { domainName: 'bench', http: { method: 'GET', path: rawPath, sourceIp: '192.0.2.1' } },
};

const report: Pick<ViewReport, 'cpuMs' | 'timeMs'> = { cpuMs: [], timeMs: [] };
let lastBody = '';
for (let view = 0; view < VIEWS; view += 1) {
  const [cpuBefore, startedAt] = [process.cpuUsage(), performance.now()];
  const { statusCode, body } = await handler(event, {});
  const { user, system } = process.cpuUsage(cpuBefore);
  report.cpuMs.push((user + system) / 1000);
  report.timeMs.push(performance.now() - startedAt);
  if (statusCode !== 200) throw new Error(`${path}: expected status 200, got ${statusCode}: ${body.slice(0, 200)}`);
  lastBody = body;
}
const compressed = Buffer.from(lastBody, 'base64');
process.send?.({
  ...report,
  bytes: gunzipSync(compressed).length,
  compressedBytes: compressed.length,
} satisfies ViewReport);
process.disconnect();
