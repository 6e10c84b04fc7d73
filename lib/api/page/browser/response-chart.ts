/** The chart of response times over a window: median, 95th percentile, and the share of failed checks. */

import uPlot from 'uplot';
import type { Uptime } from '../../../health/uptime/uptime.ts';
import { percentText, responseText } from '../../../wording/figures.ts';
import { REFRESHED } from './events.ts';
import { createPlot, LONELY_POINTS } from './plot.ts';

const HEIGHT_PX = 240;

export function showResponseChart(mount: HTMLElement, tabs: HTMLElement, provider: string): void {
  const plot = createPlot({
    mount,
    label: 'Response time of good checks over the window.',
    heightPx: HEIGHT_PX,
    isTime: true,
    timeAt: (seconds) => seconds,
    valueText: responseText,
    scales: {
      y: { range: (_plot, _low, high) => [0, (high || 100) * 1.1] },
      share: { range: [0, 100] },
    },
    right: { scale: 'share', valueText: (share) => `${share}%` },
    series: (colour) => [
      {
        label: 'Failed (right)',
        scale: 'share',
        fill: colour('failed'),
        stroke: colour('bad'),
        width: 0,
        points: { show: false },
        value: (_plot, share) => (share == null ? '–' : percentText(share)),
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [1], gap: 1 }) }),
      },
      { label: 'p95', stroke: colour('line-2'), width: 1.5, dash: [4, 3], points: LONELY_POINTS, value: timeText },
      {
        label: 'Median',
        stroke: colour('line-1'),
        fill: colour('area'),
        width: 2,
        points: LONELY_POINTS,
        value: timeText,
      },
    ],
  });
  let window = tabs.querySelector<HTMLElement>('[aria-pressed=true]')?.dataset.window ?? '24h';

  async function load(anew: boolean): Promise<void> {
    const asked = window;
    const response = await fetch(`../v1/providers/${provider}/uptime?window=${asked}`).catch(() => null);
    if (!response?.ok || asked !== window) return;
    const { series: all } = (await response.json()) as Uptime;
    const first = all.findIndex(({ checks }) => checks > 0);
    // Leave out the time before the first check: it is not a gap. Keep at least two points, since a line needs two.
    const series = all.slice(Math.max(0, Math.min(first, all.length - 2)));
    plot.show(
      [
        series.map(({ from }) => Date.parse(from) / 1000),
        series.map(({ usablePercentage }) => (usablePercentage === null ? null : 100 - usablePercentage)),
        series.map(({ p95Ms }) => p95Ms),
        series.map(({ p50Ms }) => p50Ms),
      ],
      anew,
    );
  }

  for (const tab of tabs.querySelectorAll('button')) tab.disabled = false;
  tabs.addEventListener('click', ({ target }) => {
    const chosen = target instanceof HTMLButtonElement ? target : null;
    if (!chosen?.dataset.window) return;
    window = chosen.dataset.window;
    for (const tab of tabs.querySelectorAll('button')) tab.setAttribute('aria-pressed', String(tab === chosen));
    void load(true);
  });
  document.addEventListener(REFRESHED, () => void load(false));
  void load(true);
}

function timeText(_plot: uPlot, ms: number | null): string {
  return ms == null ? '–' : responseText(ms);
}
