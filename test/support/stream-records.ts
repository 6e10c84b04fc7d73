/** Records in the form of the table's stream, and Lambda's event filter, as far as this project's patterns use it. */

import { marshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../lib/store/items/kinds.ts';

export interface TableRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: string;
  eventSource: string;
  awsRegion: string;
  eventSourceARN: string;
  dynamodb: {
    ApproximateCreationDateTime: number;
    Keys: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
}

let sequence = 100_000_000_000;

/** The stream's record of one write, in DynamoDB's own form. @param image The item after it; null: it was deleted. */
export function tableRecord(image: Item | null, before: Item | null = null): TableRecord {
  const { pk, sk } = image ?? before ?? {};
  sequence += 1;
  const newImage = image && imageOf(image);
  const oldImage = before && imageOf(before);
  return {
    eventID: sequence.toString(16).padStart(32, '0'),
    eventName: newImage === null ? 'REMOVE' : oldImage === null ? 'INSERT' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:dynamodb:eu-central-1:111122223333:table/health/stream/2026-03-01T00:00:00.000',
    dynamodb: {
      ApproximateCreationDateTime: 1_772_359_200,
      Keys: imageOf({ pk, sk }),
      ...(newImage && { NewImage: newImage }),
      ...(oldImage && { OldImage: oldImage }),
      SequenceNumber: String(sequence),
      SizeBytes: 512,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

export function streamEvent(...records: TableRecord[]) {
  return { Records: records };
}

/**
 * Whether Lambda would invoke the function: a record passes when one of the patterns matches. A pattern matches when
 * the record has each of its fields and each matches; a list matches any value in it.
 *
 * @throws On a rule of another kind, which this function does not support.
 */
export function passes(record: unknown, patterns: readonly unknown[]): boolean {
  return patterns.some((pattern) => matches(record, pattern));
}

function matches(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    const unknown = pattern.find((rule) => typeof rule === 'object' && rule !== null);
    if (unknown !== undefined)
      throw new Error(`filter: expected texts, numbers and nulls, got ${JSON.stringify(unknown)}`);
    return pattern.includes(value);
  }
  if (typeof pattern !== 'object' || pattern === null) throw new Error('filter: expected an object or a list');
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  return Object.entries(pattern).every(([name, inner]) => name in fields && matches(fields[name], inner));
}

function imageOf(item: Item): Record<string, unknown> {
  return { ...marshall({ ...item }, { removeUndefinedValues: true }) };
}
