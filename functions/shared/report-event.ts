/** Which providers a batch of the table's stream reports: what routers wrote, let through by the stream's filter. */

import type { DynamoDBStreamEvent } from 'aws-lambda';
import { SORT_KEY } from '../../lib/store/items/keys.ts';

export type ReportEvent = Pick<DynamoDBStreamEvent, 'Records'>;

export function isReportEvent(event: object): event is ReportEvent {
  return 'Records' in event && (event as ReportEvent).Records[0]?.eventSource === 'aws:dynamodb';
}

/** Each provider once, however many routers report it. */
export function reportedProviders({ Records }: ReportEvent): string[] {
  return [...new Set(Records.flatMap(({ dynamodb }) => dynamodb?.Keys?.[SORT_KEY]?.S ?? []))];
}
