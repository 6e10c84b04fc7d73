/** The simulation as a page of the documentation. Run as a program (`npm run -s routing`), it prints and writes it. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DAYS, type Figures, simulate } from './simulation.ts';

export const DOCUMENT = fileURLToPath(new URL('../../../docs/reader-routing.md', import.meta.url));

export function documentText(figures: readonly Figures[]): string {
  const rows = figures.map(
    ({ routing, failover, failed, p50Ms, p95Ms }) =>
      `| ${routing} | ${failover ? 'yes' : 'no'} | ${(failed * 100).toFixed(2)} % | ${p50Ms} ms | ${p95Ms} ms |`,
  );
  return `# What selection is worth

This page compares four ways to choose a provider, in ${DAYS} simulated days of a router with four providers (usually 700, 300,
500 and 1200 ms, given in this order) and 12 requests a minute. Each provider has an outage every other day (4 to 90 minutes), a
partial failure a day and two slow times a day (3 to 10 times slower), at times from a seeded random generator. The monitor checks
once a minute, and the real rules make states, scores and order. \`npm run -s routing\` simulates it and writes this page; your
providers differ.

| routing | failover | failed requests | p50 | p95 |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

\`best\` and \`weighted\` follow the monitor, the other two ignore it. The time of a request includes its failed attempts; a
request without an answer takes 10 s.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = documentText(simulate());
  process.stdout.write(text);
  writeFileSync(DOCUMENT, text);
}
