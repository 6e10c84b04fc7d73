/** Which alerts go where: the `alerts` of providers.json with every default applied. lib/config reads it. */

export const CHANNEL_TYPES = ['webhook', 'slack', 'discord', 'teams', 'pagerduty', 'sns', 'eventbridge'] as const;

export type ChannelType = (typeof CHANNEL_TYPES)[number];

/**
 * `critical`: a provider is down by its own fault. `error`: it is down for us until a person acts. `warning`: it
 * flaps, or the monitor itself cannot see. What is over has the severity of what it ends.
 */
export const SEVERITIES = ['critical', 'error', 'warning'] as const;

export type Severity = (typeof SEVERITIES)[number];

interface ChannelCommon {
  /** Unique among the channels. Default: the type. */
  id: string;
  /** Only alerts about providers that carry one of these tags, and those about the monitor itself. Empty: all. */
  tags: readonly string[];
  /** Only alerts of these severities. Default: all. */
  severities: readonly Severity[];
}

interface SecretAddress<Type extends string> {
  type: Type;
  /** Reference to the address. */
  url: string;
}

/** Addresses that hold a secret, and secrets, are references as `apiKey` of a provider is. */
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
        /** Where the Events API is. Default `https://events.pagerduty.com`. */
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

/** Settings of the channels of one type. */
export type ChannelOf<Type extends ChannelType> = Extract<ChannelSettings, { type: Type }>;

export interface NoticeSettings {
  /** Failed checks in a row after which a provider that is down by its own fault is announced. Default 2. */
  alertAfter: number;
  /** Minutes between two reminders while it lasts; null: none. Default 60. */
  remindAfterMinutes: number | null;
}

export interface AlertSettings extends NoticeSettings {
  channels: readonly ChannelSettings[];
}

/** The only place where they are. */
export const ALERT_DEFAULTS = {
  alertAfter: 2,
  remindAfterMinutes: 60,
  channels: [],
} as const satisfies AlertSettings;
