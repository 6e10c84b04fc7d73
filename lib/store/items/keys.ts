/**
 * Where each item of the table lies. What an item holds is said beside it (items.ts and the `…-item.ts` files). Times in
 * keys are written as `Date.toISOString` does, so that their order as texts is their order in time.
 */

export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Epoch seconds after which DynamoDB deletes an item, late by days; so readers look at it too. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** Of STATUS and TICK items: present only on writes that an alert may follow from. A stream filter selects by it. */
export const NOTICE_ATTRIBUTE = 'notice';

/** All statuses, in one partition: they are one Query. */
export const STATUS_PARTITION = 'STATUS';
/** The mark of writes to statuses that no tick made. */
export const TOUCHED_KEY: Key = { pk: 'TOUCHED', sk: STATUS_PARTITION };
export const REGISTRATION_PARTITION = 'PROVIDER';
export const TRANSITION_PARTITION = 'TRANSITION';
export const TICK_PARTITION = 'TICK';
/** The days of all providers that are over, in one partition: they are one Query. */
export const FLEET_DAYS_PARTITION = 'FLEET';
const MANUAL_CHECK_PARTITION = 'MANUAL';
/** What routers report: an item that is written again has the provider checked. */
export const REPORT_PARTITION = 'REPORT';
/** The list of providers that was accepted last. */
const LIST_PARTITION = 'LIST';
/** What was announced about each provider, in one partition: it is one Query. */
export const ALERT_PARTITION = 'ALERT';

export interface Key {
  pk: string;
  sk: string;
}

export function statusKey(provider: string): Key {
  return { pk: STATUS_PARTITION, sk: provider };
}

export function registrationKey(provider: string): Key {
  return { pk: REGISTRATION_PARTITION, sk: provider };
}

/** Partition of one provider's checks. */
export function checkPartition(provider: string): string {
  return `CHECK#${provider}`;
}

/** @param timestamp ISO 8601 UTC with milliseconds. */
export function checkKey(provider: string, timestamp: string): Key {
  return { pk: checkPartition(provider), sk: timestamp };
}

/** The provider of a check's partition; null when it is another kind of partition. */
export function providerOfCheckPartition(pk: string): string | null {
  return pk.startsWith('CHECK#') ? pk.slice('CHECK#'.length) : null;
}

/** Partition of the packed checks of a group of providers. */
export function packPartition(group: string): string {
  return `CHECKS#${group}`;
}

/** Partition of one provider's hours. */
export function hourPartition(provider: string): string {
  return `HOUR#${provider}`;
}

/**
 * An hour at short intervals is more than one item: the first has the hour itself as its key, the others a number more.
 *
 * @param hour When it begins, ISO 8601 UTC with milliseconds.
 * @param part From 0.
 */
export function hourKey(provider: string, hour: string, part: number): Key {
  return { pk: hourPartition(provider), sk: part === 0 ? hour : `${hour}#${String(part).padStart(3, '0')}` };
}

/** Partition of one provider's days. */
export function dayPartition(provider: string): string {
  return `DAY#${provider}`;
}

/** @param day `2026-03-01`. */
export function dayKey(provider: string, day: string): Key {
  return { pk: dayPartition(provider), sk: day };
}

/** @param id The transition's id, `<at>#<provider>`. */
export function transitionKey(id: string): Key {
  return { pk: TRANSITION_PARTITION, sk: id };
}

/** @param part From 0: the days of a shard are several items where one would be too large. */
export function fleetDaysKey(shard: string, part: number): Key {
  return { pk: FLEET_DAYS_PARTITION, sk: `${shard}#${String(part).padStart(3, '0')}` };
}

export function tickKey(shard: string): Key {
  return { pk: TICK_PARTITION, sk: shard };
}

/** @param subject A provider's id, or what stands for the monitor itself. */
export function alertKey(subject: string): Key {
  return { pk: ALERT_PARTITION, sk: subject };
}

/** Partition of what was announced about a provider, or about the monitor itself. */
export function announcedPartition(subject: string): string {
  return `ANNOUNCED#${subject}`;
}

/** @param alertAt ISO 8601 UTC with milliseconds. */
export function announcedKey(subject: string, alertAt: string, phase: string, channel: string): Key {
  return { pk: announcedPartition(subject), sk: `${alertAt}#${phase}#${channel}` };
}

/** Of one alert to one channel. */
export function deliveryKey(alert: string, channel: string): Key {
  return { pk: `DELIVERY#${alert}`, sk: channel };
}

/** Of the last report of failures at a provider. */
export function reportKey(provider: string): Key {
  return { pk: REPORT_PARTITION, sk: provider };
}

/** Which list of providers is in force. */
export const ACCEPTED_LIST_KEY: Key = { pk: LIST_PARTITION, sk: 'ACCEPTED' };

/** @param hash Of the text. */
export function listTextKey(hash: string): Key {
  return { pk: LIST_PARTITION, sk: `TEXT#${hash}` };
}

/** The one item that manual checks are counted in. */
export const MANUAL_CHECK_KEY: Key = { pk: MANUAL_CHECK_PARTITION, sk: 'USAGE' };
