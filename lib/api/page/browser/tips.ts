/** What a day was like: shown where it is pointed at, and reached by the arrow keys. */

import { DAY_MS } from '../../../base/time.ts';
import { dayText, percentText, plural } from '../../../wording/figures.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 };

const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('aria-hidden', 'true');
document.body.append(tip);

/** The element of bars whose day is shown by key. */
let active: HTMLElement | null = null;

export function enableTips(): void {
  document.addEventListener('pointerover', ({ target }) => {
    const bar = target instanceof Element && target.matches('.days > i') ? target : null;
    if (bar?.parentElement) showTip(bar.parentElement, [...bar.parentElement.children].indexOf(bar));
    else if (target !== tip) hideTip();
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

/** Bars that a key can walk along are a slider that cannot be changed; without a script they are a picture. */
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
  const [day = '', ...lines] = linesOf(days, index);
  const heading = document.createElement('b');
  heading.textContent = day;
  tip.replaceChildren(heading, ...lines.flatMap((line) => [document.createElement('br'), line]));
  tip.hidden = false;
  const { left, width, top, bottom } = bar.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = tip;
  const fitted = Math.min(innerWidth - offsetWidth - 8, Math.max(8, left + width / 2 - offsetWidth / 2));
  tip.style.left = `${fitted}px`;
  tip.style.top = `${top > offsetHeight + 12 ? top - offsetHeight - 8 : bottom + 8}px`;
}

function hideTip(): void {
  tip.hidden = true;
}

function textOf(days: HTMLElement, index: number): string {
  return linesOf(days, index).join(', ');
}

function linesOf(days: HTMLElement, index: number): string[] {
  const [checks = '', uptime = '', usable = '', coverage = ''] = days.dataset.days?.split(';')[index]?.split(',') ?? [];
  const day = dayText(Date.parse(days.dataset.from ?? '') + index * DAY_MS);
  if (checks === '') return [day, 'Not observed'];
  const shares = uptime === usable ? [`Up ${percent(uptime)}`] : [`Up ${percent(uptime)}, usable ${percent(usable)}`];
  return [day, ...shares, `${plural(Number(checks), 'check')}, ${percent(coverage)} of the day observed`];
}

function percent(text: string): string {
  return text === '' ? '–' : percentText(Number(text));
}
