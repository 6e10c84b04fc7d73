/** The local monitor's output in the terminal: a line for each transition and alert, and what to try first. */

import type { SentAlert } from '../alerts/sent.ts';
import type { Log } from '../base/log.ts';
import type { MonitorConfig } from '../config/schema.ts';
import { safeMessage } from '../egress/message.ts';
import type { Transition } from '../health/transition.ts';
import { inStateColour } from './state-colour.ts';

export interface Lines {
  /** Prints one or more lines. */
  out(text: string): void;
  /** The same, for errors. */
  err(text: string): void;
  /** Whether colours are shown. */
  colour: boolean;
}

const LONGEST_STATE = 'blacklisted'.length;
const ID_WIDTH = 22;

/** `14:02:05  glm  healthy -> unhealthy  overloaded, the provider's fault: The model is …` */
export function transitionLine(transition: Transition, colour: boolean): string {
  const { provider, from, to, at, category, fault, errorMessage } = transition;
  const states = `${from.padStart(LONGEST_STATE)} -> ${colour ? inStateColour(to, to) : to}${' '.repeat(LONGEST_STATE - to.length)}`;
  const whose = fault === 'ours' ? 'needs our fix' : "the provider's fault";
  const failure = category === null ? '' : `  ${category}, ${whose}: ${printable(errorMessage ?? '')}`;
  // Only the status of a provider that was removed or disabled becomes unknown.
  const reason = to === 'unknown' ? '  no longer checked' : failure;
  return `${timeOf(new Date(at))}  ${provider.padEnd(ID_WIDTH)}  ${states}${reason}`.trimEnd();
}

/** `14:02:05  glm                     alert sent by slack: glm is down: overloaded` */
export function alertLine({ channel, title, providers }: SentAlert, now: Date): string {
  const [only = ''] = providers;
  const about = providers.length > 1 ? `${providers.length} providers` : only;
  return `${timeOf(now)}  ${about.padEnd(ID_WIDTH)}  alert sent by ${channel}: ${printable(title)}`;
}

/** `Europe/Berlin, UTC+01:00`: the zone of the times in the terminal. */
export function zoneText(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const digits = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  const offset = minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '-' : '+'}${digits(minutes / 60)}:${digits(minutes % 60)}`;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'UTC' ? 'UTC' : `${timeZone}, ${offset}`;
}

/** `14:02:05  providers.json has changed: 3 providers now; added a, b; changed c; removed d` */
export function changeLine(file: string, before: MonitorConfig, after: MonitorConfig, now: Date): string {
  const old = new Map(before.providers.map((provider) => [provider.id, JSON.stringify(provider)]));
  const ids = after.providers.map(({ id }) => id);
  const differs = after.providers.filter((provider) => old.get(provider.id) !== JSON.stringify(provider));
  const parts = [
    `${ids.length} ${ids.length === 1 ? 'provider' : 'providers'} now`,
    ...listed(
      'added',
      differs.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    ),
    ...listed(
      'changed',
      differs.filter(({ id }) => old.has(id)).map(({ id }) => id),
    ),
    ...listed(
      'removed',
      [...old.keys()].filter((id) => !ids.includes(id)),
    ),
  ];
  return `${timeOf(now)}  ${file} has changed: ${parts.join('; ')}`;
}

function listed(what: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${what} ${ids.join(', ')}`];
}

export interface Started {
  url: string;
  tableName: string;
  dynamodbEndpoint: string;
  /** Path of the file with the key of the embedded table; null where the table is elsewhere. */
  credentialsFile: string | null;
  /** Folder that keeps the embedded table; null: the table is lost with the process, or is elsewhere. */
  dataFolder: string | null;
  tickSeconds: number;
  /** The enabled providers. */
  providers: readonly { id: string; intervalSeconds: number }[];
  simulated: boolean;
  /** Time zone of the printed times, from `zoneText`. */
  zone: string;
  /** Reference to the password; null: only this machine is served, without a password. */
  password: string | null;
}

/** What a newcomer needs first: the addresses of the page and the table, and commands to try. */
export function startLines(started: Started): string {
  const { url, tableName, dynamodbEndpoint, credentialsFile, dataFolder, tickSeconds, providers, simulated, zone } =
    started;
  const count = `${providers.length} ${providers.length === 1 ? 'provider' : 'providers'}`;
  const example = providers[0]?.id ?? 'ID';
  const curl = `curl -s${started.password === null ? '' : ` -u ":${secretText(started.password)}"`}`;
  return [
    '',
    `Status page  ${url}/`,
    `Table        ${tableName} at ${dynamodbEndpoint}${credentialsFile === null ? '' : ` (embedded, ${fateOf(dataFolder)})`}`,
    ...(dataFolder === null ? [] : [`             A backup is a copy of ${dataFolder} while this is stopped.`]),
    ...(credentialsFile === null
      ? []
      : [
          `             For your programs: AWS_ENDPOINT_URL_DYNAMODB=${dynamodbEndpoint} AWS_REGION=us-east-1 AWS_SHARED_CREDENTIALS_FILE=${credentialsFile}`,
        ]),
    simulated
      ? `Monitoring   ${count}, simulated, every ${tickSeconds} s, so that states change within the first minute.`
      : `Monitoring   ${count}, a tick every ${tickSeconds} s.`,
    ...(simulated ? ['             Your own: npm start -- --config providers.json'] : []),
    ...slowTicks(providers, tickSeconds),
    '',
    'Try',
    `  ${curl} ${url}/v1/summary`,
    `  ${curl} ${url}/v1/providers/${example}`,
    `  ${curl} ${url}/v1/scores`,
    `  ${curl} '${url}/v1/select?strategy=best'`,
    `  ${curl} -X POST ${url}/v1/providers/${example}/check`,
    '',
    `Ctrl-C stops it. Transitions and sent alerts, times in ${zone}:`,
  ].join('\n');
}

/** The secret as a shell variable. The secret itself is never printed. */
function secretText(reference: string): string {
  return reference.startsWith('env:') ? `$${reference.slice('env:'.length)}` : 'PASSWORD';
}

/** Says what happens to the embedded table at the end. */
function fateOf(dataFolder: string | null): string {
  return dataFolder === null ? 'lost when this process ends; --data DIR keeps it' : `kept in ${dataFolder}`;
}

/** A warning when providers want more checks than there are ticks. */
function slowTicks(providers: Started['providers'], tickSeconds: number): string[] {
  const least = Math.min(...providers.map(({ intervalSeconds }) => intervalSeconds));
  if (least >= tickSeconds) return [];
  const ids = providers.filter(({ intervalSeconds }) => intervalSeconds < tickSeconds).map(({ id }) => id);
  return [`             Ticks are slower than the intervals of ${ids.join(', ')}. Add --tick-seconds ${least}.`];
}

/** The log for the terminal: a line for each warning and error, none for info. */
export function terminalLog(lines: Lines, now: () => Date): Log {
  const write = (level: string, message: string, fields: Record<string, unknown> = {}) => {
    const rest = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
    lines.err([timeOf(now()), level, printable(message), ...rest].join('  '));
  };
  return {
    info: () => {},
    warn: (message, fields) => write('warning', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

/** Removes control characters, which a terminal obeys, and bidi marks, which reorder text, from providers' words. */
function printable(text: string): string {
  return safeMessage(text, []);
}

function valueText(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
}

/** Local time of day. */
function timeOf(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
