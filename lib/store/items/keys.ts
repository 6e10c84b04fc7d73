/**
 * The keys of all items in the table. The `…-item.ts` files define their contents. Times in keys have the form of
 * `Date.toISOString`, so that sorting them as texts sorts them by time.
 */

export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Epoch seconds after which DynamoDB deletes an item. It can be days late, so readers check the attribute too. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The notice, in STATUS, TICK and ALERT items: only on writes that may lead to an alert. A stream filter selects by it. */
export const NOTICE_ATTRIBUTE = 'notice';

/** All statuses are in one partition, so that one Query reads them. */
export const STATUS_PARTITION = 'STATUS';
/** The mark that another process than a tick wrote a status. */
export const TOUCHED_KEY: Key = { pk: 'TOUCHED', sk: STATUS_PARTITION };
export const REGISTRATION_PARTITION = 'PROVIDER';
export const TRANSITION_PARTITION = 'TRANSITION';
export const TICK_PARTITION = 'TICK';
/** The finished days of all providers are in one partition, so that one Query reads them. */
export const FLEET_DAYS_PARTITION = 'FLEET';
const MANUAL_CHECK_PARTITION = 'MANUAL';
/** Reports of routers. Each write of such an item causes a check of the provider. */
export const REPORT_PARTITION = 'REPORT';
/** The accepted provider list. */
const LIST_PARTITION = 'LIST';
/** The records of alerts are in one partition, so that one Query reads them. */
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
 * With short intervals an hour is several items. The key of the first is the hour itself, the others append a number.
 *
 * @param hour Beginning of the hour, ISO 8601 UTC with milliseconds.
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

/** @param part From 0. The days of a large shard are several items. */
export function fleetDaysKey(shard: string, part: number): Key {
  return { pk: FLEET_DAYS_PARTITION, sk: `${shard}#${String(part).padStart(3, '0')}` };
}

export function tickKey(shard: string): Key {
  return { pk: TICK_PARTITION, sk: shard };
}

/** @param subject A provider's id, or `*` for the monitor itself. */
export function alertKey(subject: string): Key {
  return { pk: ALERT_PARTITION, sk: subject };
}

/** Partition of the sent alerts about a provider, or about the monitor itself. */
export function announcedPartition(subject: string): string {
  return `ANNOUNCED#${subject}`;
}

/** @param alertAt ISO 8601 UTC with milliseconds. */
export function announcedKey(subject: string, alertAt: string, phase: string, channel: string): Key {
  return { pk: announcedPartition(subject), sk: `${alertAt}#${phase}#${channel}` };
}

/** Key of the delivery of one alert to one channel. */
export function deliveryKey(alert: string, channel: string): Key {
  return { pk: `DELIVERY#${alert}`, sk: channel };
}

/** Key of the last report about a provider. */
export function reportKey(provider: string): Key {
  return { pk: REPORT_PARTITION, sk: provider };
}

/** Key of the item that names the provider list in force. */
export const ACCEPTED_LIST_KEY: Key = { pk: LIST_PARTITION, sk: 'ACCEPTED' };

/** @param hash Hash of the list's text. */
export function listTextKey(hash: string): Key {
  return { pk: LIST_PARTITION, sk: `TEXT#${hash}` };
}

/** Key of the one item that counts manual checks. */
export const MANUAL_CHECK_KEY: Key = { pk: MANUAL_CHECK_PARTITION, sk: 'USAGE' };
