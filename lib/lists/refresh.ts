/** Looks at the list of providers now and then. A good new one is put in force; a wrong one changes nothing and is reported. */

import { createHash } from 'node:crypto';
import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { ConfigError } from '../config/error.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';
import { type ListReader, ListUnreadableError } from './read.ts';

/** A new list is in force within two of these: one until it is seen, one until every function has asked for it. */
const LOOK_EVERY_MS = 60_000;
/** A look that failed once is made good by the next. */
const TROUBLE_AFTER_FAILURES = 3;
const MOST_SHOWN = 20;

export interface RefreshOptions {
  reader: ListReader;
  lists: ListStore;
  deployed: Deployed;
  /** Whether a text can be kept. */
  fits: (text: string) => boolean;
  log: Log;
  /** For people: a list that is not in force because it is wrong, or cannot be read. Each time that it is found so. */
  onTrouble: () => void;
  now: () => Date;
}

export interface Refresh {
  /** Whether another list is in force. Never rejects. @param at The tick's own time. */
  look(at: Date): Promise<boolean>;
}

export function createRefresh({ reader, lists, deployed, fits, log, onTrouble, now }: RefreshOptions): Refresh {
  let lookedAt: number | null = null;
  let isWrong = false;
  let failures = 0;
  /** What was read and not settled: the table failed meanwhile. */
  let pending: string | null = null;
  /** Of the list that this process has seen in force last. */
  let settled: string | null = null;

  async function accept(text: string): Promise<boolean> {
    // Also where it was accepted before: this deployment may have fewer rights than that one.
    const { providers } = parseList(text, deployed);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
    // Its text may be lost: of two processes that accept lists at one time each removes the one before.
    const isNew = (await lists.accepted())?.hash !== hash || (await lists.textOf(hash)) === null;
    if (isNew) {
      if (!fits(text)) {
        const message = 'expected a list that fits into one item of the table, got more.';
        throw new ConfigError([{ path: '', message }]);
      }
      await lists.accept({ hash, acceptedAt: now().toISOString() }, text);
      log.info('provider list accepted', { hash, providers: providers.length });
    }
    settled = hash;
    isWrong = false;
    return isNew;
  }

  /** What is at the source and not in force; null when all is. */
  async function unsettled(): Promise<string | null> {
    const text = (await reader.read()) ?? pending;
    if (text !== null || settled === null || isWrong || (await lists.accepted())?.hash === settled) return text;
    // Another process has accepted a list that is gone from the source by now.
    reader.forget();
    return reader.read();
  }

  function report(error: unknown): void {
    if (error instanceof ConfigError) {
      isWrong = true;
      pending = null;
      failures = 0;
      const { issues } = error;
      const advice = 'The last good list stays in force. Correct the list.';
      log.error('provider list refused', { mistakes: issues.length, issues: issues.slice(0, MOST_SHOWN), advice });
      onTrouble();
      return;
    }
    failures += 1;
    const reason = error instanceof ListUnreadableError ? error.message : messageOf(error);
    log.warn('provider list not read', { reason, failures, advice: 'The last good list stays in force.' });
    if (failures >= TROUBLE_AFTER_FAILURES) onTrouble();
  }

  return {
    async look(at) {
      const sinceMs = lookedAt === null ? null : at.getTime() - lookedAt;
      if (sinceMs !== null && sinceMs >= 0 && sinceMs < LOOK_EVERY_MS) return false;
      lookedAt = at.getTime();
      try {
        pending = await unsettled();
        const isNew = pending !== null && (await accept(pending));
        pending = null;
        failures = 0;
        // It was said before what is wrong; the alarm lasts as long as it is.
        if (isWrong) onTrouble();
        return isNew;
      } catch (error) {
        report(error);
        return false;
      }
    },
  };
}
