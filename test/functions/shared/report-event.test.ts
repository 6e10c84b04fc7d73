import { expect, test } from 'vitest';
import { isReportEvent, type ReportEvent, reportedProviders } from '../../../functions/shared/report-event.ts';
import { reportItem } from '../../../lib/store/items/report-item.ts';
import { START } from '../../support/builders.ts';
import { delayedEvent, scheduledEvent } from '../../support/bundle-events.ts';
import { streamEvent, tableRecord } from '../../support/stream-records.ts';

const reports = (...ids: string[]) =>
  streamEvent(...ids.map((id) => tableRecord({ ...reportItem(id, new Date(START)) })));

test('a batch of the stream has each reported provider once', () => {
  const event = reports('alpha', 'beta', 'alpha');
  expect(isReportEvent(event)).toBe(true);
  expect(reportedProviders(event as ReportEvent)).toEqual(['alpha', 'beta']);
});

test.each([
  ['a scheduled event', scheduledEvent(START)],
  ['a delayed message', delayedEvent(START, 30)],
  ['an empty batch', { Records: [] }],
  ['an event that a person sends to the function', { time: START }],
])('%s reports no provider', (_name, event) => {
  expect(isReportEvent(event)).toBe(false);
});
