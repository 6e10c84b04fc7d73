/** `select`: prints the provider to use now, by the statuses of a monitor and the rules of the API and the reader. */

import { rank } from '../../health/select.ts';
import { commandOf, EXIT } from '../command.ts';
import { openSource, type StatusSource, UnreadableError } from '../monitor/source.ts';
import { parseSelectOptions, type SelectOptions, USAGE } from './options.ts';

export const command = commandOf(USAGE, parseSelectOptions, select);

async function select({ target, selection, json }: SelectOptions): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  let source: StatusSource | undefined;
  try {
    source = await openSource(target, process.env);
    const { now, statuses, unreadable } = await source.read(stopping.signal);
    const { ranked, panic } = rank(statuses, selection, now, Math.random);
    const [first] = ranked;
    const known = new Set([...statuses, ...unreadable].map(({ provider }) => provider));
    const unknownIds = [...(selection.only ?? []), ...(selection.exclude ?? [])].filter((id) => !known.has(id));
    if (unknownIds.length > 0) process.stderr.write(`No provider has the id ${unknownIds.join(', ')}.\n`);
    const order = ranked.map(({ status, tier, usable, stale }) => ({
      provider: status.provider,
      model: status.model,
      state: status.state,
      tier,
      usable,
      stale,
      routingScore: status.routingScore,
    }));
    const answer = { provider: first?.status.provider ?? null, panic, ranked: order, unknownIds };
    if (json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    else if (first) process.stdout.write(`${first.status.provider}\n`);
    return first?.usable ? EXIT.ok : EXIT.notWell;
  } catch (error) {
    if (stopping.signal.aborted) return EXIT.interrupted;
    if (!(error instanceof UnreadableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.unreadable;
  } finally {
    source?.close();
  }
}
