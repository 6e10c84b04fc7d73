/** Reads the providers.json of `--config`, at the start and after each change. */

import { readFile } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/error-text.ts';
import { ConfigError } from '../config/error.ts';
import { loadConfig } from '../config/load.ts';
import type { ParseOptions } from '../config/parse.ts';
import type { MonitorConfig } from '../config/schema.ts';
import { MISUSED, StartError } from './start-error.ts';

/** Period of polling. A mounted file (Docker, Kubernetes) sends no event when it changes. */
const LOOK_MS = 2000;

/** @throws {StartError} With every mistake. */
export function readConfig(file: string, options: ParseOptions): MonitorConfig {
  try {
    return loadConfig(file, options);
  } catch (error) {
    if (error instanceof ConfigError) throw new StartError(error.message, MISUSED, { cause: error });
    throw error;
  }
}

export interface ConfigWatchOptions {
  file: string;
  parsing: ParseOptions;
  clock: Clock;
  /** Called with the new configuration, if it has no mistakes. */
  onChange: (config: MonitorConfig) => Promise<void>;
  /** Called with the reason why a changed file is not used. */
  onMistake: (text: string) => void;
}

/**
 * Starts to watch the file. A change counts when two reads in a row find the same text, since one read may come while
 * the file is being written.
 *
 * @returns A function that ends the watch, and resolves when nothing of it runs any more.
 */
export function watchConfig({ file, parsing, clock, onChange, onMistake }: ConfigWatchOptions): () => Promise<void> {
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
        await onChange(readConfig(file, parsing));
      } catch (error) {
        onMistake(
          `${file} has changed but cannot be used. The monitor continues with the former configuration.\n${messageOf(error)}`,
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

/** The file's text. For an unreadable file it is the reason, so that a new reason counts as a change. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => `unreadable: ${error.code}`);
}
