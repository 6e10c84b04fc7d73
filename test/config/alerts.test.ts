import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/config/error.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import type { AddressPolicy } from '../../lib/egress/guard.ts';

const SLACK = { type: 'slack', url: 'env:SLACK_URL' };
const SECRET_URL = 'https://hooks.slack.example/services/T0000/B0000/4fQ9ZkT7wXy2Lm8R';

function parse(alerts: unknown, addressPolicy: AddressPolicy = 'public') {
  return parseConfig({ providers: [], alerts }, { addressPolicy }).alerts;
}

function linesOf(alerts: unknown): string[] {
  try {
    parse(alerts);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('alerts', () => {
  test('go nowhere when there are no settings', () => {
    expect(parse(undefined)).toEqual({ alertAfter: 2, remindAfterMinutes: 60, channels: [] });
  });

  test('have every default applied', () => {
    const channels = [
      { type: 'webhook', url: 'https://example.com/hook?a=1' },
      SLACK,
      { type: 'pagerduty', routingKey: 'ssm:/pagerduty' },
      { type: 'eventbridge' },
    ];
    const common = { tags: [], severities: ['critical', 'error', 'warning'] };
    expect(parse({ channels })).toEqual({
      alertAfter: 2,
      remindAfterMinutes: 60,
      channels: [
        { ...common, id: 'webhook', type: 'webhook', url: 'https://example.com/hook?a=1', secret: null },
        { ...common, id: 'slack', type: 'slack', url: 'env:SLACK_URL' },
        {
          ...common,
          id: 'pagerduty',
          type: 'pagerduty',
          routingKey: 'ssm:/pagerduty',
          baseUrl: 'https://events.pagerduty.com',
        },
        { ...common, id: 'eventbridge', type: 'eventbridge', eventBus: 'default' },
      ],
    });
  });

  test('are used as they are written', () => {
    const alerts = {
      alertAfter: 5,
      remindAfterMinutes: null,
      channels: [
        {
          type: 'webhook',
          id: 'own',
          url: 'secret:hook#url',
          secret: 'env:SECRET',
          tags: ['production'],
          severities: ['critical'],
        },
        {
          type: 'sns',
          id: 'mail',
          tags: [],
          severities: ['error'],
          topicArn: 'arn:aws:sns:eu-central-1:123456789012:alerts.fifo',
        },
        {
          type: 'eventbridge',
          id: 'bus',
          tags: [],
          severities: ['error'],
          eventBus: 'arn:aws-cn:events:cn-north-1:123456789012:event-bus/mine',
        },
      ],
    };
    expect(parse(alerts)).toEqual(alerts);
  });

  test('may call a private webhook only where private networks are allowed', () => {
    const alerts = { channels: [{ type: 'webhook', url: 'http://10.1.2.3/hook' }] };
    expect(parse(alerts, 'private').channels).toHaveLength(1);
    expect(linesOf(alerts)).toEqual([
      expect.stringContaining('alerts.channels[0].url: expected https and a host on the internet'),
    ]);
  });
});

describe('a mistake in the alerts', () => {
  const at = (channel: object) => ({ channels: [channel] });

  test.each([
    [{}, 'alerts.channels: expected a list of at most 20 channels, got nothing.'],
    [{ channels: [], alertAfter: 0 }, 'alerts.alertAfter: expected a whole number of checks from 1 to 100, got 0.'],
    [{ channels: [], alertsAfter: 3 }, 'alerts.alertsAfter: unknown field. Did you mean "alertAfter"?'],
    [
      { channels: [], remindAfterMinutes: '60' },
      'alerts.remindAfterMinutes: expected a whole number of minutes from 1 to 10080, got "60".',
    ],
    [
      at({ ...SLACK, type: 'slak' }),
      'alerts.channels[0].type: expected a channel type, got "slak". Did you mean "slack"?',
    ],
    [
      at({}),
      'alerts.channels[0].type: expected a channel type, got nothing. Write one of webhook, slack, discord, teams, pagerduty, sns, eventbridge.',
    ],
    [
      at({ ...SLACK, severites: ['critical'] }),
      'alerts.channels[0].severites: unknown field. Did you mean "severities"?',
    ],
    [at({ ...SLACK, topicArn: 'x' }), 'alerts.channels[0].topicArn: unknown field. Remove it.'],
    [
      at({ type: 'slack', url: SECRET_URL }),
      `alerts.channels[0].url: expected env:, ssm: or secret: and the name of its address, such as "env:ALERT_URL", got a text of ${SECRET_URL.length} characters.`,
    ],
    [
      at({ type: 'slack', url: 'env:AWS_SECRET_ACCESS_KEY' }),
      'alerts.channels[0].url: expected env:, ssm: or secret: and the name of its address, such as "env:ALERT_URL", got a text of 25 characters.',
    ],
    [
      at({ type: 'webhook', url: 'hook' }),
      'alerts.channels[0].url: expected a URL that starts with https://, or env:, ssm: or secret: and the name of one.',
    ],
    [
      at({ type: 'pagerduty', routingKey: 'R0123456789ABCDEF0123456789ABCDE' }),
      'alerts.channels[0].routingKey: expected env:, ssm: or secret: and the name of an integration key, such as "env:PAGERDUTY_KEY", got a text of 32 characters.',
    ],
    [
      at({ type: 'sns', topicArn: 'arn:aws:sqs:eu-central-1:123456789012:alerts' }),
      'alerts.channels[0].topicArn: expected the ARN of a topic, such as "arn:aws:sns:eu-central-1:123456789012:alerts", got a text of 44 characters.',
    ],
    [
      at({ ...SLACK, severities: ['fatal'] }),
      'alerts.channels[0].severities[0]: expected "critical", "error" or "warning", got "fatal".',
    ],
    [
      at({ ...SLACK, severities: [] }),
      'alerts.channels[0].severities: expected at least one severity, got a list of 0.',
    ],
    [
      { channels: [SLACK, SLACK] },
      'alerts.channels[1].id: expected an id of its own, got "slack", which is also that of channels[0]. Write "slack-2".',
    ],
  ])('%j', (alerts, line) => {
    expect(linesOf(alerts)).toEqual([line]);
  });

  test('K1: repeats no part of an address or a key', () => {
    const alerts = {
      channels: [
        { type: 'slack', url: SECRET_URL },
        { type: 'pagerduty', routingKey: SECRET_URL },
      ],
    };
    expect(linesOf(alerts).join()).not.toContain('4fQ9ZkT7wXy2');
  });
});
