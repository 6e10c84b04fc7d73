/**
 * The schema of providers.json: all fields, and the allowed values of each. providers.schema.json is made from it. rules.ts checks
 * how fields agree with each other, and defaults.ts has the defaults.
 */

import { Cron } from 'croner';
import * as z from 'zod';
import { HOST_ENTRY, type RegisteredKey, urlOfHost } from '../egress/key-rights.ts';
import type { AlertSettings } from '../health/alerting/alert-settings.ts';
import { PROBE_KINDS, PROVIDER_TYPES, type ProviderConfig } from '../health/provider.ts';
import { KEY_REFERENCE, parseKeyReference } from '../keys/reference.ts';
import { alertsSchema, URL_OR_REFERENCE } from './alerts.ts';
import { PROVIDER_DEFAULTS as DEFAULT, DEFAULT_WITNESSES, type ProviderDefaults } from './defaults.ts';
import { flag, list, object, oneOf, seconds, tags, text, wholeNumber } from './fields.ts';
import { type PageSettings, pageSchema } from './page.ts';
import { tokenAuthSchema } from './token-auth.ts';

/**
 * API Gateway ends a request after 30 s, so a manual check must be answered before. A probe and its confirmation must also fit
 * into a tick of one minute.
 */
const MAX_TIMEOUT_SECONDS = 25;
const TIMEOUT_REASON = 'a check and its confirmation must end within a tick';

const DAY_SECONDS = 86_400;
const WEEK_MINUTES = 10_080;

/** The allowed intervals and timeouts in seconds: least and most. */
export const SECONDS_RANGES = { interval: [1, DAY_SECONDS], timeout: [0.1, MAX_TIMEOUT_SECONDS] } as const;

const WITNESS = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/;

/** Without a query, because paths are appended. */
const PUBLIC_URL = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/;
const PUBLIC_URL_EXPECTED = 'an address without query that starts with https:// or http://';

const maintenanceWindow = object('an object with "cron" and "durationMinutes"', {
  cron: text(
    'five cron fields that come true, such as "0 3 * * 0" for Sundays at 3',
    /^\S+(?: \S+){4}$/,
    comesTrue,
  ).describe('When it starts: five cron fields (minute hour day-of-month month day-of-week).'),
  timeZone: text('an IANA time zone, such as "Europe/Berlin"', /^[A-Za-z0-9_+/-]{1,64}$/, isTimeZone)
    .default('UTC')
    .describe('IANA time zone of "cron".'),
  durationMinutes: wholeNumber('minutes', 1, WEEK_MINUTES).describe('Length in minutes.'),
});

const tunable = {
  maxTokens: wholeNumber('tokens', 1, 4096)
    .nullish()
    .describe("Output cap of the probe in tokens. Default: the type's, 1 or 16."),
  intervalSeconds: wholeNumber('seconds', 1, DAY_SECONDS)
    .optional()
    .describe(`Time between two scheduled checks in seconds. Default ${DEFAULT.intervalSeconds}.`),
  timeoutSeconds: seconds(0.1, MAX_TIMEOUT_SECONDS, TIMEOUT_REASON)
    .optional()
    .describe(
      `Total deadline of one probe in seconds, at most ${MAX_TIMEOUT_SECONDS}, so that a check with its confirmation ends within a tick. Default ${DEFAULT.timeoutSeconds}, with ticks below 12.5 s 80 % of one.`,
    ),
  firstTokenTimeoutSeconds: seconds(0.1, MAX_TIMEOUT_SECONDS, TIMEOUT_REASON)
    .nullish()
    .describe('With probe "stream", deadline of the first token in seconds. Default: none of its own.'),
  targetResponseMs: wholeNumber('milliseconds', 1, 600_000)
    .optional()
    .describe(
      `The response time in milliseconds that earns half of the routing score's speed part. Default ${DEFAULT.targetResponseMs}.`,
    ),
  degradedAboveMs: wholeNumber('milliseconds', 1, 600_000)
    .nullish()
    .describe(
      'Degraded when 3 of the last 5 checks are slower than this, in milliseconds. Default: than 1000 and three times its own usual.',
    ),
  degradedFirstTokenAboveMs: wholeNumber('milliseconds', 1, 600_000)
    .nullish()
    .describe('With probe "stream", the same for the first token. Default: no such rule.'),
  probe: oneOf('"completion", "stream" or "models"', PROBE_KINDS)
    .optional()
    .describe(
      `"completion" asks for 1-2 tokens, "stream" the same streamed, "models" lists models: free, but proves only the key, and where no key is wanted only that a server is there. Default "${DEFAULT.probe}".`,
    ),
  completionEverySeconds: wholeNumber('seconds', 1, 7 * DAY_SECONDS)
    .nullish()
    .describe(
      'Only one scheduled check in this many seconds costs tokens, the others list models. Default: each does.',
    ),
  maxTokensPerDay: wholeNumber('tokens', 0, 1_000_000_000)
    .optional()
    .describe(`Tokens a UTC day after which checks list models instead. Default ${DEFAULT.maxTokensPerDay}.`),
  blacklistAfter: wholeNumber('checks', 1, 100)
    .optional()
    .describe(`Failed checks in a row that blacklist. Default ${DEFAULT.blacklistAfter}.`),
  recoveryThreshold: wholeNumber('checks', 1, 100)
    .optional()
    .describe(`Good checks in a row that end a blacklisting. Default ${DEFAULT.recoveryThreshold}.`),
  tags: tags().optional().describe('Labels to filter and to select by. Default: none.'),
  maintenance: list('maintenance windows', maintenanceWindow, 10)
    .optional()
    .describe('Planned pauses: no alerts, not counted as downtime. Default: none.'),
};

/** A token by RFC 9110. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/** Headers that the HTTP client sets (they decide where a request goes and ends), or that `apiKey` sets. */
const RESERVED_HEADERS =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|authorization)$/i;

export const providerSchema = object('an object with at least "type"', {
  id: text('an id of lower-case letters, digits and "-", at most 63, such as "openai-eu"', /^[a-z0-9][a-z0-9-]{0,62}$/)
    .optional()
    .describe('Unique. Default: the type.'),
  type: oneOf('a provider type', PROVIDER_TYPES).describe('Which API it speaks, and which defaults it has.'),
  model: text('a model name of visible ASCII characters, at most 200', /^[\x21-\x7e]{1,200}$/)
    .optional()
    .describe("Model or deployment that the probe asks for. Default: the type's, where it has one."),
  baseUrl: z
    .string({ error: 'expected a URL that starts with https://' })
    .optional()
    .describe(
      'URL to which the API\'s paths are appended. A secret in its path is a reference as one segment, such as "https://llm.example.com/env:GATEWAY_ID/v1" (with "%2F" for "/" and "%23" for "#"). Default: the type\'s, where it has one.',
    ),
  apiKey: text('env:, ssm: or secret: and a name', KEY_REFERENCE)
    .nullish()
    .describe(
      'Reference to the key, never a key: "env:NAME", "ssm:/name", "secret:name" or "secret:name#field". Absent where the endpoint wants none.',
    ),
  auth: tokenAuthSchema
    .nullish()
    .describe(
      'Credentials for which a token endpoint gives tokens that end, in place of "apiKey": the key of a Google service account (Vertex AI) or a client of Entra ID (Azure OpenAI). Default: none.',
    ),
  headers: z
    .record(
      text(
        'a header name that may be set: not one that the client sets, nor authorization (use "apiKey")',
        HEADER_NAME,
        maySet,
      ),
      text('visible ASCII characters, at most 1024', /^[\x20-\x7e]{0,1024}$/),
      { error: 'expected an object of texts' },
    )
    .optional()
    .describe(
      'Extra request headers. One that carries a key has a reference as its whole value, such as "x-gateway-token": "ssm:/name".',
    ),
  body: z
    .record(z.string(), z.json(), { error: 'expected an object' })
    .optional()
    .describe(
      'Extra fields of the request body; a null removes a field that the type would send. A text that is a reference and nothing else ("env:NAME", "ssm:/name", "secret:name") stands for its value.',
    ),
  enabled: flag().optional().describe('A disabled provider is neither probed nor selected. Default true.'),
  ...tunable,
});

const registeredKey = object('an object with "apiKey" and "hosts"', {
  apiKey: text(
    'env:, ssm: or secret: and a name',
    KEY_REFERENCE,
    (reference) => parseKeyReference(reference) !== null,
  ).describe('Reference to a key.'),
  hosts: list(
    'hosts',
    text(
      'a host such as "api.example.com" or "api.example.com:8443", with http:// before it where http is allowed',
      HOST_ENTRY,
      (host) => URL.canParse(urlOfHost(host)),
    ),
    100,
  )
    .min(1, { error: 'expected at least one host' })
    .describe('Hosts that the key may be sent to, with a port where it is not that of https.'),
});

const defaultsSchema = object('an object of settings', tunable);

export const configSchema = object('an object with "providers"', {
  $schema: z.string({ error: 'expected a text' }).optional().describe('For editors: "./providers.schema.json".'),
  defaults: defaultsSchema.optional().describe('Settings of every provider that does not say otherwise.'),
  providers: list('providers', providerSchema, 10_000).describe('The monitored endpoints and models.'),
  witnesses: list('witnesses', text('a host and its port, such as "one.one.one.one:443"', WITNESS), 4)
    .optional()
    .describe(
      `Hosts that are asked whether the monitor's own network works, when nearly all providers fail at once; [] for none. Default ${DEFAULT_WITNESSES.join(' and ')}.`,
    ),
  alerts: alertsSchema.optional().describe('Alerts when a provider goes down or recovers. Default: none.'),
  heartbeatUrl: z
    .string({ error: URL_OR_REFERENCE })
    .nullish()
    .describe(
      'URL, or a reference to it, that is called after each tick, so that another service notices when the ticks stop. Default: none.',
    ),
  publicUrl: text(PUBLIC_URL_EXPECTED, PUBLIC_URL)
    .nullish()
    .describe(
      'Where people reach the status page, such as "https://health.example.com". Alerts link to it, and the feed is named by it. Default: alerts have no link.',
    ),
  page: pageSchema.optional().describe('Title, logo and links of the status page. Default: those of Provider Health.'),
  registeredKeys: list('keys', registeredKey, 1000)
    .optional()
    .describe(
      'References that providers registered while the monitor runs may use, and the hosts that they go to. Beyond these, such a provider may use what a provider of this file names for the same host. Default: none.',
    ),
});

/** One entry of `registeredKeys`, before parsing. */
export type RegisteredKeyInput = z.input<typeof registeredKey>;

/** One entry of `providers`, before parsing. */
export type ProviderInput = z.input<typeof providerSchema>;

/** The content of providers.json, before parsing. */
export type ConfigInput = z.input<typeof configSchema>;

/** The configuration with every default applied. */
export interface MonitorConfig {
  /** The providers in the order of the file. */
  providers: ProviderConfig[];
  /** Each is `host:port`; empty: no witnesses. */
  witnesses: readonly string[];
  alerts: AlertSettings;
  /** The address, or a reference to it; null for none. */
  heartbeatUrl: string | null;
  /** Address of the status page, without a slash at the end; null: not known. */
  publicUrl: string | null;
  page: PageSettings;
  /** Further references that registered providers may use, and the hosts to which they may be sent. */
  registeredKeys: readonly RegisteredKey[];
  /** Defaults for providers that are registered later. */
  defaults: ProviderDefaults;
}

function maySet(header: string): boolean {
  return !RESERVED_HEADERS.test(header);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a cron expression with a date that exists. False for 30 February. */
function comesTrue(cron: string): boolean {
  try {
    return new Cron(cron, { mode: '5-part', timezone: 'UTC', paused: true }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}
