/** Tooltips with the figures of a day, at the pointer or by the arrow keys. */

import { DAY_MS } from '../../../base/time.ts';
import type { Uptime, UptimePart } from '../../../health/uptime/uptime.ts';
import { dayText, percentText, plural, shareText } from '../../../wording/figures.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 };

const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('aria-hidden', 'true');
document.body.append(tip);

/** The bars that the arrow keys move along. */
let active: HTMLElement | null = null;

export function enableTips(): void {
  document.addEventListener('pointerover', ({ target }) => {
    const bar = target instanceof Element && target.matches('.days > i') ? target : null;
    if (bar?.parentElement) showTip(bar.parentElement, [...bar.parentElement.children].indexOf(bar));
    else if (target !== tip) hideTip();
  });
  document.addEventListener('pointermove', ({ target, clientX }) => {
    const strip = target instanceof Element ? target.closest<SVGSVGElement>('.strip[data-days]') : null;
    if (strip) void showStripTip(strip, clientX);
  });
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('.days') || !target.matches(':focus-visible')) return;
    active = target;
    select(target, Number(target.getAttribute('aria-valuenow')) - 1);
  });
  document.addEventListener('focusout', hideTip);
  document.addEventListener('scroll', hideTip, { passive: true });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hideTip();
    if (!(event.target instanceof HTMLElement) || event.target !== active) return;
    const last = active.children.length - 1;
    const index = Number(active.getAttribute('aria-valuenow')) - 1;
    const step = STEPS[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? last : step === undefined ? null : index + step;
    if (next === null) return;
    event.preventDefault();
    select(active, Math.min(last, Math.max(0, next)));
  });
}

/** Makes bars reachable by keys, as a read-only slider. Without a script they are a picture. */
export function makeDaysReachable(): void {
  for (const days of document.querySelectorAll<HTMLElement>('.days[data-days]:not([data-own])')) {
    const last = days.children.length;
    const attributes = { role: 'slider', tabindex: '0', 'aria-readonly': 'true', 'aria-valuemin': '1' };
    const values = {
      'aria-valuemax': String(last),
      'aria-valuenow': String(last),
      'aria-valuetext': textOf(days, last - 1),
    };
    const all = Object.entries({ ...attributes, ...values });
    for (const [name, value] of all) days.setAttribute(name, value);
    days.setAttribute('data-own', all.map(([name]) => name).join(' '));
  }
}

function select(days: HTMLElement, index: number): void {
  days.setAttribute('aria-valuenow', String(index + 1));
  days.setAttribute('aria-valuetext', textOf(days, index));
  showTip(days, index);
}

function showTip(days: HTMLElement, index: number): void {
  const bar = days.children[index];
  if (!bar || bar.getClientRects().length === 0) {
    hideTip();
    return;
  }
  place(linesOf(days, index), bar.getBoundingClientRect());
}

/**
 * Shows the tooltip of the day under the pointer, in a row of the overview. The row's figures are fetched when the
 * pointer first enters it.
 */
async function showStripTip(strip: SVGSVGElement, clientX: number): Promise<void> {
  const { left, width, top, bottom } = strip.getBoundingClientRect();
  const count = Number(strip.dataset.days);
  const index = Math.min(count - 1, Math.max(0, Math.floor(((clientX - left) / width) * count)));
  const provider = strip.closest('.row')?.id.slice('p-'.length) ?? '';
  const asked = Symbol(provider);
  pointed = asked;
  const series = await daysOf(provider);
  if (pointed !== asked) return;
  const part = series[index];
  // There is no bar before the first observed day.
  if (!part || !series.slice(0, index + 1).some(({ checks }) => checks > 0)) return hideTip();
  const { checks, uptimePercentage, usablePercentage, coveragePercentage } = part;
  const figures = [checks || '', uptimePercentage ?? '', usablePercentage ?? '', coveragePercentage].map(String);
  const barLeft = left + (index / count) * width;
  place([dayText(part.from), ...figureLines(figures)], { left: barLeft, width: width / count, top, bottom });
}

let pointed: symbol | null = null;
const known = new Map<string, Promise<UptimePart[]>>();

/** The figures of 90 days, kept until the next refresh. */
function daysOf(provider: string): Promise<UptimePart[]> {
  const asked = known.get(provider) ?? readDays(provider);
  known.set(provider, asked);
  return asked;
}

async function readDays(provider: string): Promise<UptimePart[]> {
  const response = await fetch(`v1/providers/${provider}/uptime?window=90d`).catch(() => null);
  return response?.ok ? ((await response.json()) as Uptime).series : [];
}

export function forgetDays(): void {
  known.clear();
}

function place([day = '', ...lines]: string[], at: Pick<DOMRect, 'left' | 'width' | 'top' | 'bottom'>): void {
  const heading = document.createElement('b');
  heading.textContent = day;
  tip.replaceChildren(heading, ...lines.flatMap((line) => [document.createElement('br'), line]));
  tip.hidden = false;
  const { left, width, top, bottom } = at;
  const { offsetWidth, offsetHeight } = tip;
  const fitted = Math.min(innerWidth - offsetWidth - 8, Math.max(8, left + width / 2 - offsetWidth / 2));
  tip.style.left = `${fitted}px`;
  tip.style.top = `${top > offsetHeight + 12 ? top - offsetHeight - 8 : bottom + 8}px`;
}

function hideTip(): void {
  pointed = null;
  tip.hidden = true;
}

function textOf(days: HTMLElement, index: number): string {
  return linesOf(days, index).join(', ');
}

function linesOf(days: HTMLElement, index: number): string[] {
  const figures = days.dataset.days?.split(';')[index]?.split(',') ?? [];
  return [dayText(Date.parse(days.dataset.from ?? '') + index * DAY_MS), ...figureLines(figures)];
}

function figureLines([checks = '', uptime = '', usable = '', coverage = '']: string[]): string[] {
  if (checks === '') return ['Not observed'];
  const share = (text: string) => (text === '' ? '–' : shareText(Number(text), Number(checks)));
  const shares = uptime === usable ? `Up ${share(uptime)}` : `Up ${share(uptime)}, usable ${share(usable)}`;
  return [shares, `${plural(Number(checks), 'check')}, ${percentText(Number(coverage))} of the day observed`];
}
