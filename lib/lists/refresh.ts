/** Reads the provider list once a minute. A new list that is correct is accepted; a wrong list changes nothing and is logged. */

import { createHash } from 'node:crypto';
import { messageOf } from '../base/error-text.ts';
import type { Log } from '../base/log.ts';
import { ConfigError } from '../config/error.ts';
import type { ListStore } from '../store/lists.ts';
import { type Deployed, parseList } from './parse.ts';
import { type ListReader, ListUnreadableError } from './read.ts';

/** A new list is in force after two minutes at most: one until it is read, one until every function has asked for it. */
const REFRESH_EVERY_MS = 60_000;
/** One failed read is no trouble: the next one usually works. */
const TROUBLE_AFTER_FAILURES = 3;
const MOST_SHOWN = 20;

export interface RefreshOptions {
  reader: ListReader;
  lists: ListStore;
  deployed: Deployed;
  /** Whether a text fits into an item of the table. */
  fits: (text: string) => boolean;
  log: Log;
  /** Called for every read that finds a list that is wrong or cannot be read. It raises the alarm. */
  onTrouble: () => void;
  now: () => Date;
}

export interface Refresh {
  /** Reads the list if it is time. True when a new list was accepted. Never rejects. @param at The tick's own time. */
  run(at: Date): Promise<boolean>;
}

export function createRefresh({ reader, lists, deployed, fits, log, onTrouble, now }: RefreshOptions): Refresh {
  let lastAt: number | null = null;
  let isWrong = false;
  let failures = 0;
  /** A text that was read but could not be stored, because the table failed. */
  let pending: string | null = null;
  /** The hash of the last list that this process accepted or found accepted. */
  let settled: string | null = null;

  async function accept(text: string): Promise<boolean> {
    // Parse also a list that was accepted before: this deployment may have fewer rights than the earlier one.
    const { providers } = parseList(text, deployed);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
    // The text may be missing: two processes that accept lists at the same time can each remove the other's text.
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

  /** The text at the source that is not yet accepted; null when there is none. */
  async function unsettled(): Promise<string | null> {
    const text = (await reader.read()) ?? pending;
    if (text !== null || settled === null || isWrong || (await lists.accepted())?.hash === settled) return text;
    // Another process accepted an older list after this one, so accept the list at the source again.
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
    async run(at) {
      const sinceMs = lastAt === null ? null : at.getTime() - lastAt;
      if (sinceMs !== null && sinceMs >= 0 && sinceMs < REFRESH_EVERY_MS) return false;
      lastAt = at.getTime();
      try {
        pending = await unsettled();
        const isNew = pending !== null && (await accept(pending));
        pending = null;
        failures = 0;
        // The mistakes are in the log already, but the alarm must last as long as the list is wrong.
        if (isWrong) onTrouble();
        return isNew;
      } catch (error) {
        report(error);
        return false;
      }
    },
  };
}
