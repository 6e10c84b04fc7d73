/** Converts fields to the shorter form in which they are stored, and back. */

import type { Alert } from '../../health/alerting/alert.ts';
import type { Timings, TokenUse } from '../../health/check.ts';
import { lesserText } from './text.ts';

/** From epoch milliseconds, which need a third of the bytes of a text. */
export function timeFrom(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function epochMsList(times: readonly string[]): number[] {
  return times.map((time) => Date.parse(time));
}

export function timesFrom(list: readonly number[]): string[] {
  return list.map(timeFrom);
}

/** A text of ones and zeros: 20 bytes, where a list needs 40. */
export function verdictsText(verdicts: readonly boolean[]): string {
  return verdicts.map((good) => (good ? '1' : '0')).join('');
}

export function verdictsFrom(text: string): boolean[] {
  return [...text].map((verdict) => verdict === '1');
}

export type DayAndCount = readonly [day: string, count: number];

export function dayAndCount({ day, count }: { day: string; count: number }): DayAndCount {
  return [day, count];
}

export function countFrom([day, count]: DayAndCount): { day: string; count: number } {
  return { day, count };
}

export type TimesWithTotal = readonly [totalMs: number, ...(number | null)[]];

export function timingsList({ dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs }: Timings): TimesWithTotal {
  return [totalMs, firstByteMs, firstTokenMs, dnsMs, connectMs, tlsMs];
}

export function timingsFrom([totalMs, ...parts]: TimesWithTotal): Timings {
  const [firstByteMs = null, firstTokenMs = null, dnsMs = null, connectMs = null, tlsMs = null] = parts;
  return { dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs };
}

/** Input, output, and 1 if the numbers are estimated. */
export function tokensList({ input, output, estimated }: TokenUse): number[] {
  return estimated ? [input, output, 1] : [input, output];
}

export function tokensFrom([input = 0, output = 0, estimated]: readonly number[]): TokenUse {
  return { input, output, estimated: estimated === 1 };
}

/** Alerts as JSON, with shortened error messages, because an item can hold several alerts. */
export function alertsText(alerts: readonly Alert[]): string {
  return JSON.stringify(
    alerts.map((alert) => ({ ...alert, errorMessage: alert.errorMessage && lesserText(alert.errorMessage) })),
  );
}
