/** Makes a channel from its settings. A type of channel without a case here does not compile. */

import type { ChannelSettings } from '../health/alerting/alert-settings.ts';
import type { Channel } from './channels/channel.ts';
import { discordChannel } from './channels/discord.ts';
import { eventBridgeChannel } from './channels/eventbridge.ts';
import type { ChannelParts } from './channels/http-channel.ts';
import { pagerDutyChannel } from './channels/pagerduty.ts';
import { slackChannel } from './channels/slack.ts';
import { snsChannel } from './channels/sns.ts';
import { teamsChannel } from './channels/teams.ts';
import { webhookChannel } from './channels/webhook.ts';

export function createChannel(settings: ChannelSettings, parts: ChannelParts): Channel {
  switch (settings.type) {
    case 'webhook':
      return webhookChannel(settings, parts);
    case 'slack':
      return slackChannel(settings, parts);
    case 'discord':
      return discordChannel(settings, parts);
    case 'teams':
      return teamsChannel(settings, parts);
    case 'pagerduty':
      return pagerDutyChannel(settings, parts);
    case 'sns':
      return snsChannel(settings);
    case 'eventbridge':
      return eventBridgeChannel(settings);
    default: {
      const never: never = settings;
      return never;
    }
  }
}
