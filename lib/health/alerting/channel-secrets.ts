/** Which settings of a channel can be references to keys. */

import type { ChannelSettings } from './alert-settings.ts';

/** Texts that may be references, by the name of the setting. An address may also be a literal URL. */
export function channelSecrets(channel: ChannelSettings): Readonly<Record<string, string>> {
  switch (channel.type) {
    case 'webhook':
      return { url: channel.url, ...(channel.secret !== null && { secret: channel.secret }) };
    case 'slack':
    case 'discord':
    case 'teams':
      return { url: channel.url };
    case 'pagerduty':
      return { routingKey: channel.routingKey };
    case 'sns':
    case 'eventbridge':
      return {};
    default: {
      const never: never = channel;
      return never;
    }
  }
}
