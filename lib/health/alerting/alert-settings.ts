/** Which alerts go to which channel: `alerts` of providers.json with every default applied. lib/config parses it. */

export const CHANNEL_TYPES = ['webhook', 'slack', 'discord', 'teams', 'pagerduty', 'sns', 'eventbridge'] as const;

export type ChannelType = (typeof CHANNEL_TYPES)[number];

/**
 * `critical`: a provider is down by its own fault. `error`: it is down for us until a person acts. `warning`: it flaps, or
 * the monitor's own network fails. A recovery has the severity of the problem that it ends.
 */
export const SEVERITIES = ['critical', 'error', 'warning'] as const;

export type Severity = (typeof SEVERITIES)[number];

interface ChannelCommon {
  /** Unique among the channels. Default: the type. */
  id: string;
  /** The channel gets alerts about providers with one of these tags, and alerts about the monitor itself. Empty: all. */
  tags: readonly string[];
  /** The channel gets only alerts of these severities. Default: all. */
  severities: readonly Severity[];
}

interface SecretAddress<Type extends string> {
  type: Type;
  /** Reference to the address. */
  url: string;
}

/** Secrets, and addresses that contain a secret, are references, like `apiKey` of a provider. */
export type ChannelSettings = ChannelCommon &
  (
    | {
        type: 'webhook';
        /** The address, or a reference to it. */
        url: string;
        /** Reference to the secret that signs the body; null: not signed. */
        secret: string | null;
      }
    | SecretAddress<'slack'>
    | SecretAddress<'discord'>
    | SecretAddress<'teams'>
    | {
        type: 'pagerduty';
        /** Reference to the integration key of an Events API v2 integration. */
        routingKey: string;
        /** Base address of the Events API. Default `https://events.pagerduty.com`. */
        baseUrl: string;
      }
    | {
        type: 'sns';
        /** ARN of a standard or FIFO topic. */
        topicArn: string;
      }
    | {
        type: 'eventbridge';
        /** Name or ARN of the bus. Default `default`. */
        eventBus: string;
      }
  );

/** The settings of a channel of one type. */
export type ChannelOf<Type extends ChannelType> = Extract<ChannelSettings, { type: Type }>;

export interface NoticeSettings {
  /** Number of failed checks in a row after which an outage causes an alert. Default 2. */
  alertAfter: number;
  /** Minutes between two reminders while a problem lasts; null: no reminders. Default 60. */
  remindAfterMinutes: number | null;
}

export interface AlertSettings extends NoticeSettings {
  channels: readonly ChannelSettings[];
}

/** Defaults of the alert settings. */
export const ALERT_DEFAULTS = {
  alertAfter: 2,
  remindAfterMinutes: 60,
  channels: [],
} as const satisfies AlertSettings;
