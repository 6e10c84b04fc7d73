/** The common part of both charts: colours of the page, values at the pointer, zoom, keys, any width. Times are UTC. */

import uPlot from 'uplot';
import { clockText, dayMonthText } from '../../../wording/figures.ts';
import { bothTimes } from './times.ts';

export interface PlotSpec {
  /** The element to draw in. Its content is replaced. */
  mount: HTMLElement;
  /** What the chart shows, for screen readers. */
  label: string;
  heightPx: number;
  /** Whether the x values are epoch seconds. */
  isTime: boolean;
  /** Epoch seconds of an x value; undefined where there is no point. */
  timeAt(x: number): number | undefined;
  /** The series besides the x values. Called again when the colour scheme or the number of series changes. */
  series(colour: (name: string) => string): uPlot.Series[];
  /** A second scale, with its axis on the right. */
  right?: { scale: string; valueText(value: number): string };
  /** Scales of the value axis and further ones. */
  scales: uPlot.Scales;
  /** Text of a value on the value axis. */
  valueText(value: number): string;
}

export interface Plot {
  /** Shows data. Keeps the zoom unless `anew` is true or the series changed. */
  show(data: uPlot.AlignedData, anew?: boolean): void;
}

const FONT = '12px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const DAY_SECONDS = 86_400;
const ZOOM_STEP = 0.5;

export function createPlot(spec: PlotSpec): Plot {
  const { mount, heightPx, right } = spec;
  const { canvas, reset, said, nothing } = frameIn(mount, spec.label);
  let data: uPlot.AlignedData = [[]];
  let isFilled = false;
  let plot = draw();

  function draw(): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const grid = { stroke: colour('line'), width: 1 };
    const axis = { stroke: colour('muted'), font: FONT, ticks: { show: false } };
    const made = new uPlot(
      {
        width: widthOf(mount),
        height: heightPx,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        cursor: { drag: { x: true, y: false }, points: { size: 7 } },
        scales: { x: { time: spec.isTime }, ...spec.scales },
        axes: [
          {
            ...axis,
            size: 32,
            space: 70,
            grid: { show: false },
            values: (_plot, ticks) => tickTexts(ticks.map(spec.timeAt)),
          },
          { ...axis, size: 62, grid, values: (_plot, ticks) => ticks.map(spec.valueText) },
          ...(right
            ? [
                {
                  ...axis,
                  scale: right.scale,
                  side: 1,
                  size: 48,
                  grid: { show: false },
                  values: (_plot: uPlot, ticks: number[]) => ticks.map(right.valueText),
                },
              ]
            : []),
        ],
        series: [{ label: 'Time', value: (_plot, x) => timeText(x) }, ...spec.series(colour)],
        hooks: {
          setScale: [(changed, key) => void (key === 'x' && reset.toggleAttribute('hidden', !isZoomed(changed)))],
          ready: [showLast],
        },
      },
      data,
      canvas,
    );
    made.over.addEventListener('mouseleave', () => showLast(made));
    return made;
  }

  function timeText(x: number | null): string {
    const seconds = x === null ? undefined : spec.timeAt(x);
    return seconds === undefined ? '–' : bothTimes(new Date(seconds * 1000).toISOString());
  }

  function positions(): readonly number[] {
    return data[0] as readonly number[];
  }

  function isZoomed({ scales }: uPlot): boolean {
    const [first, last] = [positions()[0], positions().at(-1)];
    if (first === undefined || last === undefined || scales.x?.min == null || scales.x.max == null) return false;
    return scales.x.min > first || scales.x.max < last;
  }

  /**
   * Shows the newest values in the legend, for when the pointer is not on the chart. Shows a text when there are no
   * values.
   */
  function showLast(made: uPlot): void {
    const [, ...series] = data;
    const newest = Math.max(...series.map((values) => Array.from(values).findLastIndex((value) => value != null)));
    nothing.hidden = newest >= 0 || !isFilled;
    if (positions().length > 0) made.setLegend({ idx: newest < 0 ? positions().length - 1 : newest });
  }

  function showAll(): void {
    plot.setData(data, true);
    showLast(plot);
  }

  function point(index: number): void {
    const x = positions()[index];
    if (x === undefined) return;
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: heightPx / 3 });
    const rows = [...canvas.querySelectorAll('.u-series')];
    said.textContent = rows.map((row) => [...row.children].map((cell) => cell.textContent).join(' ')).join(', ');
  }

  function zoom(factor: number): void {
    const { min, max } = plot.scales.x ?? {};
    if (min == null || max == null) return;
    const pointed = plot.cursor.idx == null ? undefined : positions()[plot.cursor.idx];
    const middle = pointed ?? (min + max) / 2;
    plot.setScale('x', { min: middle - (middle - min) * factor, max: middle + (max - middle) * factor });
  }

  reset.addEventListener('click', showAll);
  canvas.addEventListener('keydown', (event) => {
    const last = positions().length - 1;
    const index = plot.cursor.idx ?? last + 1;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => point(Math.max(0, index - 1)),
      ArrowRight: () => point(Math.min(last, index + 1)),
      Home: () => point(0),
      End: () => point(last),
      '+': () => zoom(ZOOM_STEP),
      '-': showAll,
      Escape: showAll,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  new ResizeObserver(() => {
    if (widthOf(mount) !== plot.width) plot.setSize({ width: widthOf(mount), height: heightPx });
  }).observe(mount);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    plot.destroy();
    plot = draw();
  });

  return {
    show(fresh, anew = false) {
      const keepsZoom = !anew && isZoomed(plot);
      data = fresh;
      isFilled = true;
      // uPlot cannot change the series of a plot, so make a new plot.
      if (fresh.length !== plot.series.length) {
        plot.destroy();
        plot = draw();
        return;
      }
      plot.setData(fresh, !keepsZoom);
      if (plot.cursor.idx == null) showLast(plot);
    },
  };
}

function frameIn(mount: HTMLElement, label: string) {
  const canvas = document.createElement('div');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'group');
  canvas.setAttribute('aria-label', `${label} Arrow keys read the values; plus zooms in, minus shows all.`);
  const reset = document.createElement('button');
  reset.type = 'button';
  reset.className = 'reset';
  reset.textContent = 'Show all';
  reset.hidden = true;
  const said = document.createElement('output');
  said.className = 'hidden';
  const nothing = document.createElement('p');
  nothing.className = 'nothing';
  nothing.textContent = 'Nothing was observed in this time.';
  nothing.hidden = true;
  mount.replaceChildren(canvas, reset, said, nothing);
  return { canvas, reset, said, nothing };
}

/** Draws a dot for points of a line without a neighbour: they would be invisible otherwise. */
export const LONELY_POINTS: uPlot.Series.Points = {
  show: true,
  size: 5,
  filter: (plot, seriesIndex) => {
    const values = plot.data[seriesIndex] ?? [];
    return [...values.keys()].filter(
      (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
    );
  },
};

/** The width inside of the element's padding. */
function widthOf(mount: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(mount);
  return Math.max(200, mount.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
}

/**
 * Labels of the time axis: days where the ticks are days apart; else times, with the date at midnight. No two labels
 * are equal.
 */
function tickTexts(times: readonly (number | undefined)[]): string[] {
  const known = times.filter((time) => time !== undefined);
  const days = known.every((time) => time % DAY_SECONDS === 0);
  // When two ticks are in the same minute, the labels get seconds.
  const minutes = known.map((time) => Math.floor(time / 60));
  const withSeconds = new Set(minutes).size < minutes.length;
  return times.map((time) => {
    if (time === undefined) return '';
    if (days || time % DAY_SECONDS === 0) return dayMonthText(time * 1000);
    const iso = new Date(time * 1000).toISOString();
    return withSeconds ? iso.slice(11, 19) : clockText(iso);
  });
}
