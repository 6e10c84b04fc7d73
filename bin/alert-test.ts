/** `npm run -s alert-test`: a test message to each alert channel of a providers.json, and what each answered. */

import { createAlerts } from '../lib/alerts/alerts.ts';
import type { ChannelTest } from '../lib/alerts/channels/test-channels.ts';
import { systemClock } from '../lib/base/clock.ts';
import { silentLog } from '../lib/base/log.ts';
import { type AlertTestOptions, parseAlertTestOptions, USAGE } from '../lib/cli/alert-test/options.ts';
import { ConfigError } from '../lib/config/error.ts';
import { loadConfig } from '../lib/config/load.ts';
import type { AddressPolicy } from '../lib/egress/guard.ts';
import type { AlertSettings } from '../lib/health/alerting/alert-settings.ts';
import { createKeyResolver } from '../lib/keys/keys.ts';
import { createMemoryStore } from '../lib/store/memory/store.ts';

const ALL_TOOK_IT = 0;
const SOME_DID_NOT = 1;
const MISUSED = 2;
/** What shells give for a bug of the program (EX_SOFTWARE). */
const BROKEN = 70;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error('alert-test:', error);
  return BROKEN;
});

async function main(args: readonly string[]): Promise<number> {
  const command = parseAlertTestOptions(args);
  switch (command.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return ALL_TOOK_IT;
    case 'misused':
      process.stderr.write(`${command.mistakes.join('\n')}\n\n${USAGE}`);
      return MISUSED;
    case 'test':
      return test(command.options);
    default: {
      const never: never = command;
      return never;
    }
  }
}

async function test(options: AlertTestOptions): Promise<number> {
  const addressPolicy = options.allowPrivateNetwork ? 'private' : 'public';
  const settings = settingsOf(options, addressPolicy);
  if (settings === null) return MISUSED;
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
  return results.every(({ outcome }) => outcome === 'delivered') ? ALL_TOOK_IT : SOME_DID_NOT;
}

/** Null after saying what is wrong. */
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

/** One row each, the answer last since it is the longest. */
function tableOf(results: readonly ChannelTest[]): string {
  const rows = [
    ['CHANNEL', 'TYPE', 'OUTCOME', 'ANSWER'],
    ...results.map(({ channel, type, outcome, answer }) => [channel, type, outcome, answer]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
