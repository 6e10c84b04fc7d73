/** The chart of the last checks. Each check is a column, divided into its phases. */

import uPlot from 'uplot';
import type { HealthCheck } from '../../../health/check.ts';
import { responseText } from '../../../wording/figures.ts';
import { CATEGORY_WORDS } from '../../../wording/terms.ts';
import { REFRESHED } from './events.ts';
import { createPlot } from './plot.ts';

const HEIGHT_PX = 240;
const CHECKS = 120;

interface Phase {
  label: string;
  /** Name of a colour in the page's style. */
  colour: string;
  /** When the phase ended, in milliseconds from the beginning of the probe; null where it did not happen. */
  endMs(check: HealthCheck): number | null;
  lastedMs(check: HealthCheck): number | null;
}

/** Time before the request was written. `firstByteMs` and the later timings are counted from there. */
const beforeMs = ({ timings }: HealthCheck) => (timings.dnsMs ?? 0) + (timings.connectMs ?? 0) + (timings.tlsMs ?? 0);
const after = (check: HealthCheck, ms: number | null) => (ms === null ? null : beforeMs(check) + ms);

/** The last phase comes first: each phase is drawn over the one before it in this list. */
const PHASES: readonly Phase[] = [
  {
    label: 'Rest',
    colour: 'phase-6',
    endMs: (check) => after(check, check.responseTimeMs),
    lastedMs: ({ responseTimeMs, timings }) => responseTimeMs - (timings.firstTokenMs ?? timings.firstByteMs ?? 0),
  },
  {
    label: 'First token',
    colour: 'phase-5',
    endMs: (check) => after(check, check.timings.firstTokenMs),
    lastedMs: ({ timings }) => timings.firstTokenMs,
  },
  {
    label: 'First byte',
    colour: 'phase-4',
    endMs: (check) => after(check, check.timings.firstByteMs),
    lastedMs: ({ timings }) => timings.firstByteMs,
  },
  {
    label: 'TLS',
    colour: 'phase-3',
    endMs: (check) => (check.timings.tlsMs === null ? null : beforeMs(check)),
    lastedMs: ({ timings }) => timings.tlsMs,
  },
  {
    label: 'Connect',
    colour: 'phase-2',
    endMs: ({ timings }) => (timings.connectMs === null ? null : (timings.dnsMs ?? 0) + timings.connectMs),
    lastedMs: ({ timings }) => timings.connectMs,
  },
  {
    label: 'DNS',
    colour: 'phase-1',
    endMs: ({ timings }) => timings.dnsMs,
    lastedMs: ({ timings }) => timings.dnsMs,
  },
];

export function showPhaseChart(mount: HTMLElement, provider: string): void {
  let checks: HealthCheck[] = [];
  /** Phases that occur in these checks; only they are in the legend. */
  let phases: readonly Phase[] = [];
  let hasFailed = false;
  const at = (index: number | null | undefined) => (index == null ? undefined : checks[index]);
  const bars = uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.8, 16] }) };
  const text = (ms: number | null | undefined) => (ms == null ? '–' : responseText(ms));
  const plot = createPlot({
    mount,
    label: 'The last checks by phase.',
    heightPx: HEIGHT_PX,
    valueText: responseText,
    // The x axis counts checks, not time, so all columns have the same width.
    isTime: false,
    timeAt: (index) => {
      const check = at(index);
      return check && Date.parse(check.timestamp) / 1000;
    },
    scales: {
      // Half a column more on each side, so that the outer columns are whole.
      x: { time: false, range: (_plot, low, high) => [low - 0.5, high + 0.5] },
      y: { range: (_plot, _low, high) => [0, (high || 100) * 1.1] },
    },
    series: (colour) => [
      ...(hasFailed
        ? [
            {
              label: 'Failed after',
              fill: colour('failed'),
              stroke: colour('bad'),
              width: 0,
              points: { show: false },
              value: (_plot: uPlot, _ms: number, _series: number, index: number | null) => {
                const check = at(index);
                if (!check || check.isHealthy) return '–';
                return `${text(check.responseTimeMs)}, ${CATEGORY_WORDS[check.category].toLowerCase()}`;
              },
              ...bars,
            },
          ]
        : []),
      ...phases.map((phase) => ({
        label: phase.label,
        fill: colour(phase.colour),
        stroke: colour(phase.colour),
        width: 0,
        points: { show: false },
        value: (_plot: uPlot, _ms: number, _series: number, index: number | null) => {
          const check = at(index);
          return check?.isHealthy ? text(phase.lastedMs(check)) : '–';
        },
        ...bars,
      })),
    ],
  });

  async function load(): Promise<void> {
    const response = await fetch(`../v1/providers/${provider}/checks?limit=${CHECKS}`).catch(() => null);
    if (!response?.ok) return;
    const page = (await response.json()) as { checks: HealthCheck[] };
    checks = page.checks.reverse();
    hasFailed = checks.some(({ isHealthy }) => !isHealthy);
    phases = PHASES.filter(({ endMs }) => checks.some((check) => check.isHealthy && endMs(check) !== null));
    plot.show([
      checks.map((_check, index) => index),
      ...(hasFailed
        ? [checks.map((check) => (check.isHealthy ? null : (after(check, check.responseTimeMs) ?? 0)))]
        : []),
      ...phases.map(({ endMs }) => checks.map((check) => (check.isHealthy ? endMs(check) : null))),
    ]);
  }

  document.addEventListener(REFRESHED, () => void load());
  void load();
}
