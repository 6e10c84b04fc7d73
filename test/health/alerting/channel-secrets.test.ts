import { describe, expect, it } from 'vitest';
import type { ChannelSettings } from '../../../lib/health/alerting/alert-settings.ts';
import { channelSecrets } from '../../../lib/health/alerting/channel-secrets.ts';

const settings = (fields: object) =>
  ({ id: 'one', tags: null, severities: [], ...fields }) as unknown as ChannelSettings;
const url = 'env:URL';

describe('the settings of a channel that may be references to keys', () => {
  it.each([
    ['a webhook without a secret', { type: 'webhook', url, secret: null }, { url }],
    ['a webhook that is signed', { type: 'webhook', url, secret: 'env:SECRET' }, { url, secret: 'env:SECRET' }],
    ['Slack', { type: 'slack', url }, { url }],
    ['Discord', { type: 'discord', url }, { url }],
    ['Teams', { type: 'teams', url }, { url }],
    ['PagerDuty', { type: 'pagerduty', routingKey: 'env:ROUTING' }, { routingKey: 'env:ROUTING' }],
    ['SNS, which has none', { type: 'sns', topicArn: 'arn:aws:sns:eu-west-1:123456789012:topic' }, {}],
    ['EventBridge, which has none', { type: 'eventbridge', busName: 'bus' }, {}],
  ])('of %s', (_, channel, expected) => {
    expect(channelSecrets(settings(channel))).toEqual(expected);
  });
});
