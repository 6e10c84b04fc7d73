/** Grants a function exactly what it needs to send through the configured alert channels. */

import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ChannelSettings } from '../../health/alerting/alert-settings.ts';
import { channelSecrets } from '../../health/alerting/channel-secrets.ts';
import { type KeyReference, parseKeyReference } from '../../keys/reference.ts';

/** The key references of channels: to addresses and to secrets. */
export function channelKeys(channels: readonly ChannelSettings[]): KeyReference[] {
  return channels
    .flatMap((channel) => Object.values(channelSecrets(channel)))
    .flatMap((text) => parseKeyReference(text) ?? []);
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
