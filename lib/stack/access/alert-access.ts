/** Grants a function exactly what it needs to send through the configured alert channels. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import { type KeyReference, parseKeyReference } from '../../keys/reference.ts';

/** The key references of channels: to addresses and to secrets. */
export function channelKeys(channels: readonly ChannelSettings[]): KeyReference[] {
  return channels.flatMap(secretsOf).flatMap((text) => parseKeyReference(text) ?? []);
}

/** Texts that may be references. An address may also be a literal URL. */
function secretsOf(channel: ChannelSettings): string[] {
  switch (channel.type) {
    case 'webhook':
      return [channel.url, ...(channel.secret === null ? [] : [channel.secret])];
    case 'slack':
    case 'discord':
    case 'teams':
      return [channel.url];
    case 'pagerduty':
      return [channel.routingKey];
    case 'sns':
    case 'eventbridge':
      return [];
    default: {
      const never: never = channel;
      return never;
    }
  }
}

/** Lets a function publish to the topics and event buses of the channels. */
export function grantChannels(
  { stack, grantPrincipal }: IGrantable & { readonly stack: Stack },
  channels: readonly ChannelSettings[],
): void {
  const topics = channels.flatMap((channel) => (channel.type === 'sns' ? channel.topicArn : []));
  const buses = channels.flatMap((channel) => (channel.type === 'eventbridge' ? busArn(stack, channel.eventBus) : []));
  const allow = (action: string, resources: readonly string[]) => {
    if (resources.length === 0) return;
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [...new Set(resources)] }));
  };
  allow('sns:Publish', topics);
  allow('events:PutEvents', buses);
}

function busArn(stack: Stack, nameOrArn: string): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  return stack.formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: nameOrArn,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
