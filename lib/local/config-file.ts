/** The providers.json of `--config`: read at the start, and again when it has changed. */

import { readFile } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/error-text.ts';
import { ConfigError } from '../config/error.ts';
import { loadConfig } from '../config/load.ts';
import type { MonitorConfig } from '../config/schema.ts';
import type { AddressPolicy } from '../egress/guard.ts';
import { MISUSED, StartError } from './start-error.ts';

/** Polled, since a mounted file (Docker, Kubernetes) sends no event when it changes. */
const LOOK_MS = 2000;

/** @throws {StartError} Naming every mistake. */
export function readConfig(file: string, addressPolicy: AddressPolicy): MonitorConfig {
  try {
    return loadConfig(file, { addressPolicy });
  } catch (error) {
    if (error instanceof ConfigError) throw new StartError(error.message, MISUSED, { cause: error });
    throw error;
  }
}

export interface ConfigWatchOptions {
  file: string;
  addressPolicy: AddressPolicy;
  clock: Clock;
  /** Takes a configuration without mistakes. */
  onChange: (config: MonitorConfig) => Promise<void>;
  /** Takes why the changed file is not used. */
  onMistake: (text: string) => void;
}

/**
 * Begins to look. A change counts when two looks in a row find the same text: one may come while the file is written.
 *
 * @returns Ends it; resolves when nothing of it runs any more.
 */
export function watchConfig({
  file,
  addressPolicy,
  clock,
  onChange,
  onMistake,
}: ConfigWatchOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function look(): Promise<void> {
    let used = await textOf(file);
    let before = used;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      if (signal.aborted) return;
      const text = await textOf(file);
      const isSettled = text === before;
      before = text;
      if (text === used || !isSettled) continue;
      used = text;
      try {
        await onChange(readConfig(file, addressPolicy));
      } catch (error) {
        onMistake(
          `${file} has changed, and is not used: the monitor goes on with what it had before.\n${messageOf(error)}`,
        );
      }
    }
  }

  const looking = look();
  return async () => {
    stopping.abort();
    await looking;
  };
}

/** Why it cannot be read is a text of its own: that changes, too. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => `unreadable: ${error.code}`);
}
