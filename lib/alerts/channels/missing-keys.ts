/** Warns about keys of channels that cannot be read, before the first alert is lost by it. */

import { messageOf } from '../../base/error-text.ts';
import type { Log } from '../../base/log.ts';
import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import { channelSecrets } from '../../health/alerting/channel-secrets.ts';
import type { KeyResolver } from '../../keys/keys.ts';

/**
 * Looks at the `env:` references. Others are not looked up: each would be a request to AWS, which can also fail only for a
 * moment. Never rejects.
 */
export async function warnOfMissingKeys(
  channels: readonly ChannelSettings[],
  keys: KeyResolver,
  log: Pick<Log, 'warn'>,
): Promise<void> {
  const references = channels.flatMap((channel) =>
    Object.entries(channelSecrets(channel)).map(([setting, text]) => ({ channel: channel.id, setting, text })),
  );
  await Promise.all(
    references.map(async ({ channel, setting, text }) => {
      if (!text.startsWith('env:')) return;
      await keys.resolve(text).catch((cause: unknown) => {
        const advice = 'Until then each of its messages is lost.';
        log.warn('alert channel cannot send', { channel, setting, error: messageOf(cause), advice });
      });
    }),
  );
}
