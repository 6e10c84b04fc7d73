/**
 * Reads which providers routers reported, from a batch of the table's stream. The stream's filter lets through only
 * reports.
 */

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { SORT_KEY } from '../../lib/store/items/keys.ts';

export type ReportEvent = Pick<DynamoDBStreamEvent, 'Records'>;

export function isReportEvent(event: object): event is ReportEvent {
  return 'Records' in event && (event as ReportEvent).Records[0]?.eventSource === 'aws:dynamodb';
}

/** Ids of the reported providers, each once. */
export function reportedProviders({ Records }: ReportEvent): string[] {
  return [...new Set(Records.flatMap(({ dynamodb }) => dynamodb?.Keys?.[SORT_KEY]?.S ?? []))];
}
