/** A provider's state as a badge: the picture, and what shields.io draws one from. */

import type { State } from '../health/transition.ts';
import type { AgedStatus } from './fleet.ts';

export interface Badge {
  label: string;
  message: string;
  /** `#rrggbb`; white text is readable on it. */
  color: string;
}

const GREY = '#5b6570';

const COLORS: Record<State, string> = {
  unknown: GREY,
  healthy: '#1f7a3d',
  degraded: '#96600a',
  unhealthy: '#c0271d',
  blacklisted: '#7d1a13',
};

/** A stale status is not shown as if it still held. */
export function badgeOf(status: AgedStatus): Badge {
  const label = status.provider;
  if (!status.enabled) return { label, message: 'disabled', color: GREY };
  if (status.stale) return { label, message: 'stale', color: GREY };
  return { label, message: status.state, color: COLORS[status.state] };
}

/** Width of a character of 11 px Verdana, on average and rounded up: the text is then fitted to the box. */
const CHARACTER_PX = 7;
const PADDING_PX = 6;

export function badgeSvg({ label, message, color }: Badge): string {
  const labelPx = widthOf(label);
  const messagePx = widthOf(message);
  const title = escapeXml(`${label}: ${message}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${labelPx + messagePx}" height="20" role="img" aria-label="${title}">
<title>${title}</title>
<clipPath id="r"><rect width="${labelPx + messagePx}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="${labelPx}" height="20" fill="#3a4149"/><rect x="${labelPx}" width="${messagePx}" height="20" fill="${color}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0)}${text(message, labelPx)}</g>
</svg>
`;
}

function text(content: string, leftPx: number): string {
  const lengthPx = widthOf(content) - 2 * PADDING_PX;
  return `<text x="${leftPx + PADDING_PX}" y="14" textLength="${lengthPx}" lengthAdjust="spacingAndGlyphs">${escapeXml(content)}</text>`;
}

function widthOf(content: string): number {
  return [...content].length * CHARACTER_PX + 2 * PADDING_PX;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
