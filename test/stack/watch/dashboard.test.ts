import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { FLEET_METRICS, LOST_ALERTS_METRIC, PROVIDER_METRICS } from '../../../lib/config/metrics.ts';
import { synthesize, textOf } from '../synth.ts';

const DASHBOARD = 'AWS::CloudWatch::Dashboard';

interface Widget {
  type: string;
  properties: { alarms?: string[]; metrics?: unknown[] };
}

function widgetsOf(template: Template): Widget[] {
  const [dashboard] = Object.values(template.findResources(DASHBOARD));
  return JSON.parse(textOf(dashboard?.Properties.DashboardBody)).widgets;
}

const template = synthesize();

test('the dashboard shows every alarm', () => {
  const shown = widgetsOf(template).flatMap(({ properties }) => properties.alarms ?? []);
  const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  expect(shown.sort()).toEqual(alarms.map((id) => `${id}.Arn`).sort());
});

test('the dashboard shows every metric of the fleet, and those of each provider only when there are any', () => {
  const text = JSON.stringify(widgetsOf(template));
  for (const name of [...Object.values(FLEET_METRICS), LOST_ALERTS_METRIC]) expect(text).toContain(`"${name}"`);
  expect(text).not.toContain('SEARCH');
  const withProviders = JSON.stringify(widgetsOf(synthesize({ metricsPerProvider: true })));
  for (const name of Object.values(PROVIDER_METRICS)) expect(withProviders).toContain(`MetricName=\\"${name}\\"`);
});

test('a stack can be without it', () => {
  synthesize({ dashboard: false }).resourceCountIs(DASHBOARD, 0);
});
