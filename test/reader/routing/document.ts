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

${DAYS} days of a router with four providers (usually 700, 300, 500 and 1200 ms, given in this order), 12 requests a minute. Each
provider has an outage every other day (4 to 90 minutes), a partial failure a day and two slow times a day (3 to 10 times
slower), by a seeded generator. The monitor checks once a minute; states, scores and order are the real rules. Simulated, made by
\`npm run -s routing\`; your providers differ.

| routing | failover | failed requests | p50 | p95 |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

\`best\` and \`weighted\` follow the monitor, the other two do not look at it. The time of a request includes the attempts that
failed before; one that was not answered takes 10 s.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = documentText(simulate());
  process.stdout.write(text);
  writeFileSync(DOCUMENT, text);
}
