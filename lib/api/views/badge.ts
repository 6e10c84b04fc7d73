/** A provider's state as a badge: the picture, and the data from which shields.io draws one. */

import type { AgedStatus } from '../../health/aged-status.ts';
import type { State } from '../../health/transition.ts';

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

/** A stale status is shown as `stale`, not as its last state. */
export function badgeOf(status: AgedStatus): Badge {
  const label = status.provider;
  if (!status.enabled) return { label, message: 'disabled', color: GREY };
  if (status.stale) return { label, message: 'stale', color: GREY };
  return { label, message: status.state, color: COLORS[status.state] };
}

/** Widths in hundredths of a pixel of 11 px Verdana; the text is fitted to the box with any font. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...widths(302, 'il'),
  ...widths(390, 'fj'),
  ...widths(450, 'rt'),
  ...widths(500, '-'),
  ...widths(575, 'csz'),
  ...widths(655, 'aekovxy'),
  ...widths(690, 'bdghnpqu'),
  ...widths(900, 'w'),
  ...widths(1070, 'm'),
};
/** Width of digits, and of all other characters. */
const OTHER_WIDTH = 700;
const PADDING_PX = 6;

/** The elements have no ids, since one document may contain several badges. */
export function badgeSvg({ label, message, color }: Badge): string {
  const labelPx = widthOf(label);
  const allPx = labelPx + widthOf(message);
  const title = escapeXml(`${label}: ${message}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${allPx}" height="20" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${allPx}" height="20" rx="3" fill="${color}"/><path fill="#3a4149" d="M3 0h${labelPx - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0)}${text(message, labelPx)}</g>
</svg>
`;
}

function text(content: string, leftPx: number): string {
  const lengthPx = widthOf(content) - 2 * PADDING_PX;
  return `<text x="${leftPx + PADDING_PX}" y="14" textLength="${lengthPx}" lengthAdjust="spacingAndGlyphs">${escapeXml(content)}</text>`;
}

function widthOf(content: string): number {
  const hundredths = [...content].reduce((sum, character) => sum + (WIDTHS[character] ?? OTHER_WIDTH), 0);
  return Math.ceil(hundredths / 100) + 2 * PADDING_PX;
}

function widths(width: number, characters: string): Record<string, number> {
  return Object.fromEntries([...characters].map((character) => [character, width]));
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
