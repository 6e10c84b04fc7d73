/** The services behind the channels, one fake server each, and a configuration that names them all. */

import type { Channel } from '../../lib/alerts/channels/channel.ts';
import { eventBridgeChannel } from '../../lib/alerts/channels/eventbridge.ts';
import { createHttp, type Http } from '../../lib/alerts/channels/http.ts';
import { snsChannel } from '../../lib/alerts/channels/sns.ts';
import { createChannel } from '../../lib/alerts/channels.ts';
import {
  type ChannelOf,
  type ChannelSettings,
  type ChannelType,
  SEVERITIES,
} from '../../lib/health/alerting/alert-settings.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { type ChannelServer, type ServerAnswer, startChannelServer } from './channel-server.ts';

/** The answer with which each service accepts a message. */
const ANSWERS: Record<ChannelType, ServerAnswer> = {
  webhook: { status: 204 },
  slack: { status: 200, body: 'ok' },
  discord: { status: 204 },
  teams: { status: 202 },
  pagerduty: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"x"}' },
  sns: {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>',
  },
  eventbridge: {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '{"FailedEntryCount":0,"Entries":[{"EventId":"e-1"}]}',
  },
};

const COMMON = { tags: [], severities: SEVERITIES };
const CLIENT = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

export const WEBHOOK_SECRET = 'webhook-secret-0123456789';
export const ROUTING_KEY = 'routing-key-0123456789abcdef';

export interface AlertServices {
  readonly servers: Readonly<Record<ChannelType, ChannelServer>>;
  readonly http: Http;
  /** A channel of the kind, with some settings of its own. */
  channel(type: ChannelType, fields?: Partial<Pick<ChannelSettings, 'id' | 'tags' | 'severities'>>): Channel;
  close(): Promise<void>;
}

/** @param now The time that signatures are checked with. */
export async function startAlertServices(now: () => Date = () => new Date()): Promise<AlertServices> {
  const types = Object.keys(ANSWERS) as ChannelType[];
  const started = await Promise.all(
    types.map(async (type) => [type, await startChannelServer(ANSWERS[type])] as const),
  );
  const servers = Object.fromEntries(started) as Record<ChannelType, ChannelServer>;
  const env = {
    SLACK: `${servers.slack.url}/services/T0/B0/slack-token-0123456789`,
    DISCORD: `${servers.discord.url}/api/webhooks/1/discord-token-0123456789`,
    TEAMS: `${servers.teams.url}/workflows/teams-token-0123456789`,
    WEBHOOK_SECRET,
    ROUTING_KEY,
  };
  const http = createHttp('loopback');
  const parts = { http, keys: createKeyResolver({ env }), addressPolicy: 'loopback', now } as const;
  const settings: Record<Exclude<ChannelType, 'sns' | 'eventbridge'>, ChannelSettings> = {
    webhook: {
      ...COMMON,
      id: 'webhook',
      type: 'webhook',
      url: `${servers.webhook.url}/hook`,
      secret: 'env:WEBHOOK_SECRET',
    },
    slack: { ...COMMON, id: 'slack', type: 'slack', url: 'env:SLACK' },
    discord: { ...COMMON, id: 'discord', type: 'discord', url: 'env:DISCORD' },
    teams: { ...COMMON, id: 'teams', type: 'teams', url: 'env:TEAMS' },
    pagerduty: {
      ...COMMON,
      id: 'pagerduty',
      type: 'pagerduty',
      routingKey: 'env:ROUTING_KEY',
      baseUrl: servers.pagerduty.url,
    },
  };
  return {
    servers,
    http,
    channel(type, fields = {}) {
      // Only the addresses of AWS's services are set in the client; the others are in the channel's settings.
      if (type === 'sns') {
        const topicArn = 'arn:aws:sns:eu-central-1:123456789012:alerts';
        const sns: ChannelOf<'sns'> = { ...COMMON, id: 'sns', type, topicArn, ...fields };
        return snsChannel(sns, { ...CLIENT, endpoint: servers.sns.url });
      }
      if (type === 'eventbridge') {
        const bus: ChannelOf<'eventbridge'> = { ...COMMON, id: 'eventbridge', type, eventBus: 'default', ...fields };
        return eventBridgeChannel(bus, { ...CLIENT, endpoint: servers.eventbridge.url });
      }
      return createChannel({ ...settings[type], ...fields }, parts);
    },
    async close() {
      await http.close();
      await Promise.all(types.map((type) => servers[type].close()));
    },
  };
}
