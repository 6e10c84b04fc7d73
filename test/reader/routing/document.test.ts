import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCUMENT, documentText } from './document.ts';
import { simulate } from './simulation.ts';

it('the page on routing › is what the simulation comes to now (npm run -s routing writes it), and selection is worth it', () => {
  const figures = simulate();
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(documentText(figures));
  const of = (routing: string, failover: boolean) => {
    const found = figures.find((one) => one.routing === routing && one.failover === failover);
    if (!found) throw new Error(`no figures of ${routing}`);
    return found;
  };
  expect(of('best', false).failed).toBeLessThan(of('static order', false).failed / 4);
  expect(of('best', true).p95Ms).toBeLessThan(of('round robin', true).p95Ms / 2);
  expect(of('best', true).p95Ms).toBeLessThan(of('static order', true).p95Ms / 2);
});
