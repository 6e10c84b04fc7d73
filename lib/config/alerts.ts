/** The schema of `alerts` in providers.json, and its defaults. */

import * as z from 'zod';
import { type AddressPolicy, refuseUrl } from '../egress/guard.ts';
import {
  type AlertSettings,
  type ChannelSettings,
  ALERT_DEFAULTS as DEFAULT,
  SEVERITIES,
} from '../health/alerting/alert-settings.ts';
import { parseKeyReference } from '../keys/reference.ts';
import { list, object, oneOf, reference, tags, text, wholeNumber } from './fields.ts';
import { type Finding, valueAt } from './issues.ts';

const DAY_MINUTES = 1440;
const PAGERDUTY_URL = 'https://events.pagerduty.com';
const DEFAULT_BUS = 'default';

export const URL_OR_REFERENCE =
  'expected a URL that starts with https://, or env:, ssm: or secret: and the name of one';

const common = {
  id: text('an id of lower-case letters, digits and "-", at most 63, such as "on-call"', /^[a-z0-9][a-z0-9-]{0,62}$/)
    .optional()
    .describe('Unique among the channels. Default: the type.'),
  tags: tags()
    .optional()
    .describe(
      'Only alerts about providers that carry one of these tags, and those about the monitor itself. Default: all.',
    ),
  severities: list('severities', oneOf('"critical", "error" or "warning"', SEVERITIES), SEVERITIES.length)
    .min(1, { error: 'expected at least one severity' })
    .optional()
    .describe(
      'Only alerts of these: "critical" (a provider is down by its own fault), "error" (a key, quota or setting of ours), "warning" (flapping, or the monitor itself cannot see). Default: all.',
    ),
};

const secretUrl = reference('its address', 'env:ALERT_URL').describe('Reference to the address, which is a secret.');

const channelSchema = z.discriminatedUnion(
  'type',
  [
    object('a webhook channel', {
      type: z.literal('webhook'),
      ...common,
      url: z.string({ error: URL_OR_REFERENCE }).describe('The address, or a reference to it. JSON is posted to it.'),
      secret: reference('a secret', 'env:ALERT_SECRET')
        .nullish()
        .describe('Reference to the secret that signs the body (HMAC-SHA256). Default: not signed.'),
    }),
    object('a Slack channel', { type: z.literal('slack'), ...common, url: secretUrl }),
    object('a Discord channel', { type: z.literal('discord'), ...common, url: secretUrl }),
    object('a Microsoft Teams channel', { type: z.literal('teams'), ...common, url: secretUrl }),
    object('a PagerDuty channel', {
      type: z.literal('pagerduty'),
      ...common,
      routingKey: reference('an integration key', 'env:PAGERDUTY_KEY').describe(
        'Reference to the integration key (Events API v2).',
      ),
      baseUrl: z
        .string({ error: 'expected a URL that starts with https://' })
        .optional()
        .describe(`Where the Events API is. Default "${PAGERDUTY_URL}".`),
    }),
    object('an SNS channel', {
      type: z.literal('sns'),
      ...common,
      topicArn: text(
        'the ARN of a topic, such as "arn:aws:sns:eu-central-1:123456789012:alerts"',
        /^arn:aws[a-z-]*:sns:[a-z0-9-]{1,32}:\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/,
      ).describe('ARN of the topic.'),
    }),
    object('an EventBridge channel', {
      type: z.literal('eventbridge'),
      ...common,
      eventBus: text(
        'the name or the ARN of an event bus',
        /^(?:arn:aws[a-z-]*:events:[a-z0-9-]{1,32}:\d{12}:event-bus\/)?[A-Za-z0-9._/-]{1,256}$/,
      )
        .optional()
        .describe(`Name or ARN of the event bus. Default "${DEFAULT_BUS}".`),
    }),
  ],
  { error: 'expected a channel type' },
);

export const alertsSchema = object('an object with "channels"', {
  alertAfter: wholeNumber('checks', 1, 100)
    .optional()
    .describe(
      `Failed checks in a row after which a provider that is down by its own fault is announced; at the latest when it is blacklisted. Default ${DEFAULT.alertAfter}.`,
    ),
  remindAfterMinutes: wholeNumber('minutes', 1, 7 * DAY_MINUTES)
    .nullish()
    .describe(`Minutes between two reminders while it lasts; null for none. Default ${DEFAULT.remindAfterMinutes}.`),
  channels: list('channels', channelSchema, 20).describe('Where alerts go, and which.'),
});

type AlertsInput = z.output<typeof alertsSchema>;

/** The settings with every default applied. Without channels no alert is sent. */
export function toAlertSettings(input: AlertsInput | undefined): AlertSettings {
  if (input === undefined) return DEFAULT;
  const { alertAfter = DEFAULT.alertAfter, remindAfterMinutes = DEFAULT.remindAfterMinutes, channels } = input;
  return { alertAfter, remindAfterMinutes, channels: channels.map(toChannel) };
}

function toChannel(channel: AlertsInput['channels'][number]): ChannelSettings {
  const common = {
    id: channel.id ?? channel.type,
    tags: channel.tags ?? [],
    severities: channel.severities ?? SEVERITIES,
  };
  switch (channel.type) {
    case 'webhook':
      return { ...common, type: channel.type, url: channel.url, secret: channel.secret ?? null };
    case 'slack':
    case 'discord':
    case 'teams':
      return { ...common, type: channel.type, url: channel.url };
    case 'pagerduty': {
      const { routingKey, baseUrl = PAGERDUTY_URL } = channel;
      return { ...common, type: channel.type, routingKey, baseUrl: baseUrl.replace(/\/+$/, '') };
    }
    case 'sns':
      return { ...common, type: channel.type, topicArn: channel.topicArn };
    case 'eventbridge':
      return { ...common, type: channel.type, eventBus: channel.eventBus ?? DEFAULT_BUS };
    default: {
      const never: never = channel;
      return never;
    }
  }
}

/** Mistakes that the schema cannot find: addresses that may not be called, and ids that are used twice. */
export function alertFindings(json: unknown, policy: AddressPolicy): Finding[] {
  const channels = valueAt(json, ['alerts', 'channels']);
  if (!Array.isArray(channels)) return [];
  const first = new Map<string, number>();
  return channels.flatMap((channel: unknown, index): Finding[] => {
    const path = ['alerts', 'channels', index];
    const findings: Finding[] = [];
    const refuse = (field: string, message: string) => findings.push({ path: [...path, field], message });

    const type = valueAt(channel, ['type']);
    const url = valueAt(channel, ['url']);
    if (type === 'webhook' && typeof url === 'string') {
      const refusal = refuseUrlOrReference(url, policy);
      if (refusal !== null) refuse('url', `${refusal}.`);
    }
    const baseUrl = valueAt(channel, ['baseUrl']);
    if (type === 'pagerduty' && typeof baseUrl === 'string') {
      const refusal = refuseUrl(baseUrl, policy);
      if (refusal !== null) refuse('baseUrl', `${refusal}.`);
    }

    const id = valueAt(channel, ['id']) ?? type;
    if (typeof id !== 'string') return findings;
    const owner = first.get(id);
    if (owner === undefined) first.set(id, index);
    else
      refuse(
        'id',
        `expected an id of its own, got "${id}", which is also that of channels[${owner}]. Write "${id}-2".`,
      );
    return findings;
  });
}

/** The reason why a text is refused; null when it is a reference, or a URL that may be called. */
export function refuseUrlOrReference(text: string, policy: AddressPolicy): string | null {
  if (parseKeyReference(text) !== null) return null;
  return /^https?:/i.test(text) ? refuseUrl(text, policy) : URL_OR_REFERENCE;
}
