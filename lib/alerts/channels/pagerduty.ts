/**
 * PagerDuty, by the Events API v2. Alerts about one problem, or about several that began together, are one incident: it is
 * triggered when the problem opens, and resolved when the last provider in it works.
 */

import type { Alert } from '../../health/alerting/alert.ts';
import type { ChannelOf, Severity } from '../../health/alerting/alert-settings.ts';
import type { Secret } from '../../keys/secret.ts';
import type { AlertMessage, TestMessage } from '../words/message.ts';
import { type Words, wordsOf } from '../words/words.ts';
import type { Channel } from './channel.ts';
import { type ChannelParts, httpChannel, type Post } from './http-channel.ts';

const PATH = '/v2/enqueue';
/** A test is a change event: it takes the same key, is listed beside the service's incidents, and pages nobody. */
const TEST_PATH = '/v2/change/enqueue';
const SOURCE = 'provider-health';
const LONGEST_SUMMARY = 1024;

export function pagerDutyChannel(settings: ChannelOf<'pagerduty'>, parts: ChannelParts): Channel {
  return httpChannel(
    settings,
    {
      url: settings.baseUrl,
      secret: settings.routingKey,
      write: (message, key) =>
        message.kind === 'test'
          ? [postOf(key, TEST_PATH, { payload: testPayload(message) })]
          : eventsOf(message).map((event) => postOf(key, PATH, { client: 'Provider Health', ...event })),
    },
    parts,
  );
}

type Event =
  | { event_action: 'trigger'; dedup_key: string; payload: Payload; links?: readonly Link[] }
  | { event_action: 'resolve'; dedup_key: string };

interface Link {
  href: string;
  text: string;
}

interface Payload {
  summary: string;
  source: string;
  severity: Severity;
  timestamp: string;
  component?: string;
  group: string;
  class?: string;
  custom_details: unknown;
}

function postOf(key: Secret | null, path: string, event: object): Post {
  return { path, body: JSON.stringify({ routing_key: key?.reveal() ?? '', ...event }) };
}

function eventsOf(message: AlertMessage): Event[] {
  const threads = [...new Set(message.alerts.map(({ thread }) => thread))];
  if (message.alerts[0].phase !== 'recovered') return threads.map((thread) => trigger(message, thread));
  return threads.filter((thread) => !message.openThreads.has(thread)).map(resolve);
}

function testPayload(message: TestMessage) {
  return { ...textOf(wordsOf(message)), source: SOURCE, timestamp: message.at };
}

function trigger(message: AlertMessage, thread: string): Event {
  const alerts = message.alerts.filter((alert) => alert.thread === thread);
  const [first = message.alerts[0]] = alerts;
  const words = wordsOf({ ...message, alerts: alerts.length === message.alerts.length ? message.alerts : [first] });
  const payload: Payload = {
    ...textOf(words),
    source: SOURCE,
    severity: worstOf(alerts),
    timestamp: first.at,
    ...(alerts.length === 1 && first.provider !== null && { component: first.provider }),
    group: SOURCE,
    class: first.problem,
  };
  const links = words.link === null ? [] : [{ href: words.link, text: 'Details' }];
  return { event_action: 'trigger', dedup_key: thread, payload, ...(links.length > 0 && { links }) };
}

function resolve(thread: string): Event {
  return { event_action: 'resolve', dedup_key: thread };
}

function worstOf(alerts: readonly Alert[]): Severity {
  const severities = alerts.map(({ severity }) => severity);
  if (severities.includes('critical')) return 'critical';
  return severities.includes('error') ? 'error' : 'warning';
}

function textOf({ title, lines }: Words) {
  return { summary: title.slice(0, LONGEST_SUMMARY), custom_details: { text: lines.join('\n') } };
}
