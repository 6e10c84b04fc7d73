/** `alert-test`: sends a test message to each alert channel of a providers.json, and prints the answers. */

import { createAlerts } from '../../alerts/alerts.ts';
import type { ChannelTest } from '../../alerts/channels/test-channels.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { createKeyResolver } from '../../keys/keys.ts';
import { createMemoryStore } from '../../store/memory/store.ts';
import { commandOf, EXIT } from '../command.ts';
import { readSettings } from '../settings.ts';
import { tableLines } from '../table.ts';
import { type AlertTestOptions, parseAlertTestOptions, USAGE } from './options.ts';

export const command = commandOf(USAGE, parseAlertTestOptions, test);

async function test({ configFile, json, allowPrivateNetwork }: AlertTestOptions): Promise<number> {
  const read = readSettings(configFile, allowPrivateNetwork);
  if (read === null) return EXIT.misused;
  const { config, proxies, addressPolicy } = read;
  if (config.alerts.channels.length === 0) {
    process.stderr.write(`${configFile}: alerts.channels: expected a channel to test, got none.\n`);
    return EXIT.misused;
  }
  const alerts = createAlerts({
    settings: config.alerts,
    store: createMemoryStore(),
    keys: createKeyResolver(),
    addressPolicy,
    proxies,
    clock: systemClock,
    log: silentLog,
  });
  const results = await alerts.test().finally(() => alerts.close());
  process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
  return results.every(({ outcome }) => outcome === 'delivered') ? EXIT.ok : EXIT.notWell;
}

/** A table with a row for each channel. The answer is the last column, since it is the longest. */
function tableOf(results: readonly ChannelTest[]): string {
  const rows = results.map(({ channel, type, outcome, answer }) => [channel, type, outcome, answer]);
  return `${tableLines([['CHANNEL', 'TYPE', 'OUTCOME', 'ANSWER'], ...rows]).join('\n')}\n`;
}
