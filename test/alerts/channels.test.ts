import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../lib/alerts/channels/http.ts';
import { createChannel } from '../../lib/alerts/channels.ts';
import type { Message } from '../../lib/alerts/words/message.ts';
import { CHANNEL_TYPES, type ChannelType, SEVERITIES } from '../../lib/health/alerting/alert-settings.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { type AlertServices, ROUTING_KEY, startAlertServices, WEBHOOK_SECRET } from '../support/alert-services.ts';
import { minute, START } from '../support/builders.ts';
import { startProxy } from '../support/servers/proxy.ts';
import { alert, message, recovery } from './samples.ts';
import { isFromMonitor } from './verify.ts';

const NOW = new Date(START);
const TEST: Message = { kind: 'test', at: START };

let services: AlertServices;

beforeEach(async () => {
  services = await startAlertServices(() => NOW);
});
afterEach(() => services.close());

const signal = () => new AbortController().signal;

async function received(type: ChannelType, sent: Message) {
  expect(await services.channel(type).send(sent, signal())).toMatchObject({ outcome: 'delivered' });
  return services.servers[type].received;
}

describe('every channel', () => {
  it.each(CHANNEL_TYPES)('%s is sent an outage in words, with its reason', async (type) => {
    const [request] = await received(type, message([alert()]));
    const text = decodeURIComponent(request?.text ?? '')
      .replaceAll('+', ' ')
      .replaceAll('\\', '');
    expect(text).toContain('alpha is down: server_error');
    expect(text).toContain('expected HTTP 200, got 503');
  });

  it.each(CHANNEL_TYPES)('%s is sent a link to the incident where the page has an address', async (type) => {
    const publicUrl = 'https://health.example.com/prod';
    const [request] = await received(type, { ...message([alert()]), publicUrl });
    expect(decodeURIComponent(request?.text ?? '')).toContain(`${publicUrl}/incidents/20260301T100100000Z-alpha`);
  });

  it.each(CHANNEL_TYPES)('%s is sent a test', async (type) => {
    const [request] = await received(type, TEST);
    expect(decodeURIComponent(request?.text ?? '').replaceAll('+', ' ')).toContain('this channel works');
  });

  it.each(CHANNEL_TYPES)('%s gives the reason of a refusal, and does not try it again', async (type) => {
    const body = type === 'sns' ? REFUSAL_XML : '{"__type":"ValidationException","message":"no such thing"}';
    const media = type === 'sns' ? 'text/xml' : 'application/json';
    services.servers[type].answerNext({ status: 400, body, headers: { 'content-type': media } });
    const result = await services.channel(type).send(message([alert()]), signal());
    expect(result).toMatchObject({ outcome: 'refused', answer: expect.stringMatching(/400.*no such thing/) });
    expect(services.servers[type].received).toHaveLength(1);
  });

  it.each(CHANNEL_TYPES)('%s that is broken, busy or gone is tried again later', async (type) => {
    for (const status of [500, 503]) {
      services.servers[type].answerNext({ status });
      expect(await services.channel(type).send(message([alert()]), signal())).toMatchObject({ outcome: 'failed' });
    }
    services.servers[type].answerNext(null);
    expect(await services.channel(type).send(message([alert()]), signal())).toMatchObject({ outcome: 'failed' });
  });

  it.each(CHANNEL_TYPES)('%s ends at its signal, also when the other side hangs', async (type) => {
    const aborted = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
    expect(await services.channel(type).send(message([alert()]), aborted)).toMatchObject({ outcome: 'failed' });
  });

  it.each(['slack', 'discord', 'teams', 'pagerduty'] as const)(
    'K1: %s shows nothing of its secret, though the other side echoes it',
    async (type) => {
      services.servers[type].answerNext({
        status: 403,
        body: `who are you, ${ROUTING_KEY} ${services.servers[type].url}/services/T0/B0/slack-token-0123456789 /api/webhooks/1/discord-token-0123456789 /workflows/teams-token-0123456789`,
      });
      const result = await services.channel(type).send(message([alert()]), signal());
      const secret = {
        slack: 'slack-token-',
        discord: 'discord-toke',
        teams: 'teams-token-',
        pagerduty: 'routing-key-',
      }[type];
      expect(result.outcome).toBe('refused');
      expect(result.answer).toContain('who are you');
      expect(result.answer).not.toContain(secret);
    },
  );
});

const REFUSAL_XML =
  '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>no such thing</Message></Error><RequestId>r</RequestId></ErrorResponse>';

describe('a webhook', () => {
  it('has the alerts for programs, words for people, and a signature that can be verified', async () => {
    const [request] = await received('webhook', message([alert()]));
    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.body).toEqual({
      version: 1,
      type: 'alert',
      at: minute(2),
      title: 'alpha is down: server_error',
      text: expect.stringContaining("the provider's fault"),
      alerts: [alert()],
    });
    const verify = (body: string, secret = WEBHOOK_SECRET, now = NOW.getTime()) =>
      isFromMonitor(request?.headers ?? {}, body, secret, now);
    const body = request?.text ?? '';
    expect(verify(body)).toBe(true);
    expect(verify(`${body} `)).toBe(false);
    expect(verify(body, 'another secret')).toBe(false);
    expect(verify(body, WEBHOOK_SECRET, NOW.getTime() + 301_000)).toBe(false);
  });

  it('without a secret has no signature', async () => {
    const { url } = services.servers.webhook;
    const settings = { id: 'w', type: 'webhook', tags: [], severities: SEVERITIES, url, secret: null } as const;
    const parts = {
      http: services.http,
      keys: createKeyResolver({ env: {} }),
      addressPolicy: 'loopback',
      now: () => NOW,
    } as const;
    await createChannel(settings, parts).send(TEST, signal());
    expect(services.servers.webhook.received[0]?.headers).not.toHaveProperty('x-provider-health-signature');
  });

  it.each([
    ['a private address', 'https://10.0.0.1/hook'],
    ['this machine', 'https://localhost/hook'],
    ['cloud metadata', 'https://169.254.169.254/latest'],
    ['http', 'http://example.com/hook'],
  ])('K3: to %s is refused as a baseUrl is, also where it is a secret, and nothing is sent', async (_, url) => {
    const http = createHttp('public');
    const parts = {
      http,
      keys: createKeyResolver({ env: { URL: url } }),
      addressPolicy: 'public',
      now: () => NOW,
    } as const;
    const settings = {
      id: 'w',
      type: 'webhook',
      tags: [],
      severities: SEVERITIES,
      url: 'env:URL',
      secret: null,
    } as const;
    const result = await createChannel(settings, parts).send(TEST, signal());
    expect(result).toMatchObject({
      outcome: 'refused',
      answer: expect.stringContaining('expected https and a host on the internet'),
    });
    await http.close();
  });

  it.each([
    ['a name that resolves to this machine, when it is looked up', () => 'http://localhost:1/'],
    ['this machine, when it is connected', () => services.servers.webhook.url],
  ])('K3: to %s is refused, and nothing is sent', async (_, url) => {
    const http = createHttp('public');
    const sent = http.send({ method: 'POST', url: url(), body: '{}' }, signal());
    await expect(sent).rejects.toMatchObject({ code: 'ERR_ADDRESS_FORBIDDEN' });
    expect(services.servers.webhook.received).toEqual([]);
    await http.close();
  });

  it('goes through the proxy that the network demands, by its name', async () => {
    const port = Number(new URL(services.servers.webhook.url).port);
    const proxy = await startProxy({ leadsTo: port });
    const http = createHttp('private', { https: null, http: proxy.url, except: ['direct.test'] });
    const url = 'http://hooks.wild.test/alerts';
    expect(await http.send({ method: 'POST', url, body: '{}' }, signal())).toMatchObject({ status: 204 });
    expect(proxy.asked).toEqual(['hooks.wild.test:80']);
    expect(services.servers.webhook.received).toHaveLength(1);
    await expect(http.send({ method: 'POST', url: 'http://direct.test/' }, signal())).rejects.toThrow();
    expect(proxy.asked).toHaveLength(1);
    await http.close();
    await proxy.close();
  });

  it('follows no redirect: the body is only for the configured address', async () => {
    services.servers.webhook.answerNext({ status: 307, headers: { location: `${services.servers.slack.url}/` } });
    expect(await services.channel('webhook').send(TEST, signal())).toMatchObject({ outcome: 'refused' });
    expect(services.servers.slack.received).toEqual([]);
  });

  it('whose secret cannot be read is refused, with what to do', async () => {
    const { url } = services.servers.webhook;
    const settings = {
      id: 'w',
      type: 'webhook',
      tags: [],
      severities: SEVERITIES,
      url,
      secret: 'env:NOT_SET',
    } as const;
    const parts = {
      http: services.http,
      keys: createKeyResolver({ env: {} }),
      addressPolicy: 'loopback',
      now: () => NOW,
    } as const;
    expect(await createChannel(settings, parts).send(TEST, signal())).toEqual({
      outcome: 'refused',
      answer: 'env:NOT_SET: the environment variable is not set. Set NOT_SET',
    });
  });

  it.each([408, 429, 502])('that answers %i is tried again later', async (status) => {
    services.servers.webhook.answerNext({ status });
    expect(await services.channel('webhook').send(TEST, signal())).toMatchObject({
      outcome: 'failed',
      retryAfterMs: null,
    });
  });

  it('K1: shows nothing of the path of its address, though that is written out', async () => {
    const url = `${services.servers.webhook.url}/hook/token-0123456789?sig=b7Rk2Yp9Wc4V`;
    const settings = { id: 'hook', type: 'webhook', url, secret: null, tags: [], severities: SEVERITIES } as const;
    const parts = {
      http: services.http,
      keys: createKeyResolver(),
      addressPolicy: 'loopback',
      now: () => NOW,
    } as const;
    services.servers.webhook.answerNext({ status: 404, body: `no ${url} here` });
    const { answer } = await createChannel(settings, parts).send(TEST, signal());
    expect(answer).toMatch(/^HTTP 404: no http:\/\/127\.0\.0\.1:\d+\/\*\*\* here$/);
  });

  it('is sent again after the time that it asks for', async () => {
    services.servers.webhook.answerNext({ status: 429, headers: { 'retry-after': '7' } });
    expect(await services.channel('webhook').send(TEST, signal())).toMatchObject({
      outcome: 'failed',
      retryAfterMs: 7000,
    });
  });

  it('has its answer read only as far as it is shown', async () => {
    services.servers.webhook.answerNext({ status: 400, body: 'x'.repeat(5_000_000) });
    const { answer } = await services.channel('webhook').send(TEST, signal());
    expect(answer.length).toBeLessThanOrEqual(300);
  });
});

const HOSTILE = '<!channel> [click](https://evil.example) @everyone **bold** `code` <https://evil.example|here> &amp;';

describe("a provider's words", () => {
  it('notify no group and make no link in Slack', async () => {
    const [request] = await received('slack', message([alert({ errorMessage: HOSTILE })]));
    expect(request?.text).not.toMatch(/<[!@h]/);
    expect(request?.text).toContain('&lt;!channel&gt;');
  });

  it('notify no group and format nothing in Discord', async () => {
    const [request] = await received('discord', message([alert({ errorMessage: HOSTILE })]));
    expect(request?.body.allowed_mentions).toEqual({ parse: [] });
    const [embed] = (request?.body.embeds ?? []) as { description: string }[];
    expect(embed?.description).toContain('\\[click\\]\\(https\\://evil.example\\)');
  });

  it('are no Markdown in Teams', async () => {
    const [request] = await received('teams', message([alert({ errorMessage: HOSTILE })]));
    expect(request?.text).not.toContain('"TextBlock"');
    expect(request?.text).toContain('[click]');
  });

  it('make no line of a subject, and no character that SNS refuses', async () => {
    const [request] = await received(
      'sns',
      message([alert({ provider: 'a'.repeat(63), category: 'invalid_response' })]),
    );
    const subject = new URLSearchParams(request?.text).get('Subject') ?? '';
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});

describe('PagerDuty', () => {
  const events = () => services.servers.pagerduty.received.map(({ body }) => body);

  it('opens an incident and resolves it, both under the key of their thread', async () => {
    const channel = services.channel('pagerduty');
    await channel.send(message([alert()]), signal());
    await channel.send(message([recovery()]), signal());
    expect(events()).toMatchObject([
      {
        routing_key: ROUTING_KEY,
        event_action: 'trigger',
        dedup_key: `${minute(1)}#alpha`,
        payload: {
          summary: 'alpha is down: server_error',
          severity: 'critical',
          component: 'alpha',
          source: 'provider-health',
        },
      },
      { routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: `${minute(1)}#alpha` },
    ]);
    expect(services.servers.pagerduty.received.map(({ path }) => path)).toEqual(['/v2/enqueue', '/v2/enqueue']);
  });

  it('has one incident of several that failed together, resolved when the last of them works', async () => {
    const channel = services.channel('pagerduty');
    const thread = `${minute(2)}#group`;
    const three = ['a', 'b', 'c'] as const;
    const [first, ...rest] = three.map((provider) => alert({ provider, thread }));
    if (!first) throw new Error('expected an alert');
    await channel.send(message([first, ...rest]), signal());
    await channel.send(message([recovery({ provider: 'a', thread })], [thread]), signal());
    expect(events()).toMatchObject([
      { event_action: 'trigger', dedup_key: thread, payload: { summary: '3 providers are down: a, b and c' } },
    ]);
    await channel.send(message([recovery({ provider: 'b', thread })]), signal());
    expect(events().slice(1)).toMatchObject([{ event_action: 'resolve', dedup_key: thread }]);
  });

  it('sends a test as a change event, which pages no one', async () => {
    await services.channel('pagerduty').send(TEST, signal());
    expect(services.servers.pagerduty.received.map(({ path }) => path)).toEqual(['/v2/change/enqueue']);
    expect(events()).toEqual([
      {
        routing_key: expect.stringMatching(/^routing-key-/),
        payload: {
          summary: expect.any(String),
          source: 'provider-health',
          timestamp: TEST.at,
          custom_details: { text: expect.any(String) },
        },
      },
    ]);
  });
});

describe('EventBridge', () => {
  it('has an event for each alert, of a documented source and detail type', async () => {
    const [request] = await received('eventbridge', message([alert(), alert({ provider: 'beta' })]));
    const entries = (request?.body.Entries ?? []) as Record<string, unknown>[];
    expect(
      entries.map(({ Source, DetailType, Resources, EventBusName }) => [Source, DetailType, Resources, EventBusName]),
    ).toEqual([
      ['provider-health', 'Provider Health Alert', ['alpha'], 'default'],
      ['provider-health', 'Provider Health Alert', ['beta'], 'default'],
    ]);
    expect(JSON.parse(String(entries[0]?.Detail))).toEqual({
      version: 1,
      title: 'alpha is down: server_error',
      text: expect.any(String),
      ...alert(),
    });
  });

  it('sends many in calls of ten', async () => {
    const [first, ...rest] = Array.from({ length: 23 }, (_, index) => alert({ provider: `p${index}` }));
    if (!first) throw new Error('expected an alert');
    const requests = await received('eventbridge', message([first, ...rest]));
    expect(requests.map(({ body }) => (body.Entries as unknown[]).length)).toEqual([10, 10, 3]);
  });

  it('that accepts the call but not the event is tried again or not, depending on the reason', async () => {
    const answer = (ErrorCode: string) => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'sorry' }] }),
    });
    const { eventbridge } = services.servers;
    eventbridge.answerNext(answer('ThrottlingException'), answer('AccessDeniedException'));
    const channel = services.channel('eventbridge');
    expect(await channel.send(TEST, signal())).toMatchObject({ outcome: 'failed' });
    expect(await channel.send(TEST, signal())).toMatchObject({
      outcome: 'refused',
      answer: expect.stringContaining('sorry'),
    });
  });
});

describe('SNS', () => {
  it('has a subject and a text fit for an e-mail', async () => {
    const [request] = await received('sns', message([alert({ ordinal: 4 })]));
    const fields = new URLSearchParams(request?.text);
    expect(fields.get('Action')).toBe('Publish');
    expect(fields.get('TopicArn')).toBe('arn:aws:sns:eu-central-1:123456789012:alerts');
    expect(fields.get('Subject')).toBe('[DOWN] alpha is down: server_error');
    expect(fields.get('Message')).toBe(
      [
        'alpha is down: server_error',
        '',
        "Not usable since 2026-03-01 10:01 UTC: the provider's fault. Other providers are selected until it works again.",
        'server_error: expected HTTP 200, got 503',
        '4th incident in 24 h.',
        '',
        '-- ',
        'Provider Health',
      ].join('\n'),
    );
  });
});
