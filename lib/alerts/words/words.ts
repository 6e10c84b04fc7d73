/** The words of a message, the same for every channel. Each channel decides how it shows them. */

import type { Alert, AlertProblem } from '../../health/alerting/alert.ts';
import { incidentPath } from '../../health/alerting/incident-address.ts';
import type { Category } from '../../health/category.ts';
import { durationText, ordinalText, plural } from '../../wording/figures.ts';
import type { AlertMessage, Message } from './message.ts';
import { listText, timeText } from './phrases.ts';

/** How serious the message is. Channels with colours show it as a colour. */
export type Tone = 'bad' | 'warning' | 'good' | 'neutral';

export interface Words {
  /** One word or two in large letters, such as `DOWN`. */
  label: string;
  /** One line, at most some 150 characters. */
  title: string;
  /** The text below the title; a provider's own words in it are plain text. */
  lines: readonly string[];
  tone: Tone;
  /** Link to the page about it; null: not known. */
  link: string | null;
}

/** Further providers are counted, not named: a message is read on a phone. */
const NAMED_IN_TITLE = 4;
const NAMED_IN_TEXT = 20;

/** What providers in one message can have, in the order in which the message names them. */
const WORST_FIRST = ['outage', 'action_needed', 'flapping'] as const satisfies readonly AlertProblem[];

export function wordsOf(message: Message): Words {
  if (message.kind === 'test') {
    return {
      label: 'TEST',
      title: 'Provider Health: this channel works',
      lines: ['A test message was requested. Nothing is wrong.'],
      tone: 'neutral',
      link: null,
    };
  }
  const { alerts } = message;
  const [first] = alerts;
  const words = alerts.length === 1 ? wordsOfOne(first) : wordsOfMany(alerts);
  const worst = alerts.find(({ severity }) => severity === 'critical') ?? first;
  return { ...words, label: labelOf(worst), tone: toneOf(worst), link: linkOf(message) };
}

/**
 * Links to the incident of one alert, or to the ongoing incidents for several. Flapping and monitor faults have no page
 * of their own, so they link to the nearest one.
 */
function linkOf({ alerts, publicUrl }: AlertMessage): string | null {
  const [{ provider, problem, since }] = alerts;
  if (publicUrl === null) return null;
  if (alerts.length > 1) return `${publicUrl}/incidents?state=ongoing`;
  if (provider === null) return `${publicUrl}/`;
  if (problem === 'flapping') return `${publicUrl}/incidents?provider=${provider}`;
  return `${publicUrl}/${incidentPath({ provider, at: since })}`;
}

type TitleAndLines = Pick<Words, 'title' | 'lines'>;

function wordsOfOne(alert: Alert): TitleAndLines {
  if (alert.provider === null) return wordsOfMonitor(alert);
  return { title: titleOf(alert, alert.provider), lines: linesOf(alert) };
}

function titleOf(alert: Alert, name: string): string {
  const does = `${name} ${verbOf(alert, true)}`;
  const after = ` after ${durationText(alert.lastedMs)}`;
  if (alert.problem === 'flapping' || isUnchecked(alert)) return does;
  if (alert.phase === 'recovered') return `${does}${after}`;
  const why = alert.category === null ? '' : `: ${alert.category}`;
  return `${does}${alert.phase === 'reminder' ? after : ''}${why}`;
}

function linesOf(alert: Alert): string[] {
  const since = `since ${timeText(alert.since)}`;
  if (isUnchecked(alert))
    return [
      `It was removed or disabled while it was ${alert.problem === 'flapping' ? 'flapping' : 'down'} ${since}, so the problem counts as ended.`,
    ];
  if (alert.phase === 'recovered') {
    const over =
      alert.problem === 'flapping' ? 'It has worked for 30 minutes without a change.' : `It was down ${since}.`;
    return [over];
  }
  return [
    ...(alert.problem === 'flapping'
      ? [
          `It changed its state 4 times within 30 minutes. Until it has kept its state for 30 minutes, there is one more alert at most: if it is blacklisted.`,
        ]
      : [`Not usable ${since}: ${faultText(alert.problem)}`]),
    ...(alert.category === null ? [] : [`${alert.category}: ${alert.errorMessage ?? ''}`]),
    ...(alert.problem === 'action_needed' && alert.category !== null ? [adviceOf(alert.category)] : []),
    ...(alert.ordinal === null || alert.ordinal < 2 ? [] : [`${ordinalText(alert.ordinal)} incident in 24 h.`]),
  ];
}

function faultText(problem: AlertProblem): string {
  return problem === 'action_needed'
    ? 'needs our fix. The provider works for others.'
    : "the provider's fault. Other providers are selected until it works again.";
}

/** What the operator should check. */
function adviceOf(category: Category): string {
  switch (category) {
    case 'auth':
      return 'Check the key that apiKey refers to: it was refused, or may not do this.';
    case 'quota':
      return "Check the account's credit, bill and spending limits.";
    case 'rate_limited':
      return "Check the account's rate limits against its traffic.";
    case 'model_not_found':
      return 'Check model: it is unknown, retired, or not open to this account.';
    case 'bad_request':
      return 'Check model, body and headers: the request itself was refused.';
    case 'config':
      return "Check the provider's settings: no request could be sent.";
    case 'redirect':
      return 'Check baseUrl: it answers from another address.';
    default:
      return 'Check baseUrl, and the network in between.';
  }
}

function wordsOfMonitor({ phase, since, lastedMs }: Alert): TitleAndLines {
  const lasted = durationText(lastedMs);
  if (phase === 'recovered') {
    return {
      title: `The monitor's own network works again after ${lasted}`,
      lines: ['Statuses are up to date again.'],
    };
  }
  return {
    title:
      phase === 'reminder'
        ? `The monitor's own network still fails after ${lasted}`
        : "The monitor's own network fails",
    lines: [
      `Nearly all providers and every witness have failed at once since ${timeText(since)}, so the providers are not the cause.`,
      'Statuses stay as they were, and no outage is announced. Check how the monitor reaches the internet.',
    ],
  };
}

function wordsOfMany(alerts: readonly Alert[]): TitleAndLines {
  const inOrder = WORST_FIRST.flatMap((problem) => alerts.filter((alert) => alert.problem === problem));
  const names = listText(
    inOrder.map(({ provider }) => provider ?? ''),
    NAMED_IN_TITLE,
  );
  const shown = inOrder.slice(0, NAMED_IN_TEXT).map(lineOf);
  const more = alerts.length - shown.length;
  return {
    title: `${countsText(inOrder)}: ${names}`,
    lines: [...shown, ...(more > 0 ? [`And ${more} more.`] : [])],
  };
}

/** `14 providers are down, 3 need action`. */
function countsText(alerts: readonly Alert[]): string {
  const verbs = alerts.map((alert) => ({ one: verbOf(alert, true), many: verbOf(alert, false) }));
  const kinds = [...new Map(verbs.map((verb) => [verb.many, verb])).values()];
  const counts = kinds.map(({ one, many }, index) => {
    const count = verbs.filter((verb) => verb.many === many).length;
    return `${index === 0 ? plural(count, 'provider') : count} ${count === 1 ? one : many}`;
  });
  return counts.join(', ');
}

/** `are still down`; of one provider, `is still down`. */
function verbOf(alert: Alert, isOne: boolean): string {
  const { phase, problem } = alert;
  const [be, end] = isOne ? ['is', 's'] : ['are', ''];
  if (isUnchecked(alert)) return `${be} no longer checked`;
  if (phase === 'recovered') return problem === 'flapping' ? `${be} stable again` : `work${end} again`;
  const still = phase === 'reminder' ? 'still ' : '';
  switch (problem) {
    case 'outage':
      return `${be} ${still}down`;
    case 'action_needed':
      return `${still}need${end} action`;
    case 'flapping':
      return `${be} ${still}flapping`;
    case 'monitor_fault':
      return `${still}fail${end}`;
    default: {
      const never: never = problem;
      return never;
    }
  }
}

function lineOf(alert: Alert): string {
  const title = titleOf(alert, alert.provider ?? '');
  return alert.errorMessage === null ? title : `${title}: ${alert.errorMessage}`;
}

function labelOf(alert: Alert): string {
  const { phase, problem } = alert;
  if (isUnchecked(alert)) return 'NOT CHECKED';
  if (phase === 'recovered') return 'RECOVERED';
  switch (problem) {
    case 'outage':
      return phase === 'reminder' ? 'STILL DOWN' : 'DOWN';
    case 'action_needed':
      return 'ACTION NEEDED';
    case 'flapping':
      return 'FLAPPING';
    case 'monitor_fault':
      return 'MONITOR';
    default: {
      const never: never = problem;
      return never;
    }
  }
}

function toneOf(alert: Alert): Tone {
  const { phase, severity } = alert;
  if (isUnchecked(alert)) return 'neutral';
  if (phase === 'recovered') return 'good';
  return severity === 'warning' ? 'warning' : 'bad';
}

/** Whether the problem ended because the provider is no longer checked, not because it works again. */
function isUnchecked({ phase, state }: Alert): boolean {
  return phase === 'recovered' && state === 'unknown';
}
