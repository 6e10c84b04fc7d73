/** `alert-test`: sends a test message to each alert channel of a providers.json, and prints the answers. */

import { createAlerts } from '../../alerts/alerts.ts';
import type { ChannelTest } from '../../alerts/channels/test-channels.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { ConfigError } from '../../config/error.ts';
import { loadConfig } from '../../config/load.ts';
import type { AddressPolicy } from '../../egress/guard.ts';
import type { AlertSettings } from '../../health/alerting/alert-settings.ts';
import { createKeyResolver } from '../../keys/keys.ts';
import { createMemoryStore } from '../../store/memory/store.ts';
import { commandOf, EXIT } from '../command.ts';
import { type AlertTestOptions, parseAlertTestOptions, USAGE } from './options.ts';

export const command = commandOf(USAGE, parseAlertTestOptions, test);

async function test(options: AlertTestOptions): Promise<number> {
  const addressPolicy = options.allowPrivateNetwork ? 'private' : 'public';
  const settings = settingsOf(options, addressPolicy);
  if (settings === null) return EXIT.misused;
  const alerts = createAlerts({
    settings,
    store: createMemoryStore(),
    keys: createKeyResolver(),
    addressPolicy,
    clock: systemClock,
    log: silentLog,
  });
  const results = await alerts.test().finally(() => alerts.close());
  process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
  return results.every(({ outcome }) => outcome === 'delivered') ? EXIT.ok : EXIT.notWell;
}

/** The alert settings; null after printing what is wrong. */
function settingsOf({ configFile }: AlertTestOptions, addressPolicy: AddressPolicy): AlertSettings | null {
  try {
    const { alerts } = loadConfig(configFile, { addressPolicy });
    if (alerts.channels.length > 0) return alerts;
    process.stderr.write(`${configFile}: alerts.channels: expected a channel to test, got none.\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { length } = error.issues;
    process.stderr.write(`${length === 1 ? '' : `${configFile}: ${length} mistakes\n`}${error.message}\n`);
  }
  return null;
}

/** A table with a row for each channel. The answer is the last column, since it is the longest. */
function tableOf(results: readonly ChannelTest[]): string {
  const rows = [
    ['CHANNEL', 'TYPE', 'OUTCOME', 'ANSWER'],
    ...results.map(({ channel, type, outcome, answer }) => [channel, type, outcome, answer]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${lineOf(row, widths)}\n`).join('');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return cells.join('  ').trimEnd();
}
