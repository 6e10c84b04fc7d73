/**
 * The common frame of all pages: head, header, footer. Links are relative, so that the page works under any base path.
 */

import { html } from 'hono/html';
import type { PageSettings } from '../../config/page.ts';
import type { Look } from '../../wording/status-words.ts';
import { ASSET_VERSION } from './generated/assets.ts';
import type { Html } from './html.ts';

export interface Site extends PageSettings {
  /** Path of the operators' sign-in, from the root; null or absent: no link to it. */
  signInPath?: string | null;
}

export interface Shell {
  /** Title of the browser's tab, before the site's name. */
  title: string;
  site: Site;
  look: Look;
  /** Relative path from the page to the root of the API: empty or `../`. */
  root: string;
  /** When the page was made. Ages are counted from this time. */
  now: Date;
  /** Seconds between two refreshes; null: never. */
  refreshSeconds: number | null;
  hasCharts: boolean;
  main: Html;
}

/** Colour of the dot in the tab's icon, visible on light and dark tabs. */
const DOTS: Record<Look, string> = { ok: '#2da44e', warn: '#d4a017', bad: '#e5484d', ours: '#8e6bee', off: '#8b949e' };

export function page({ title, site, look, root, now, refreshSeconds, hasCharts, main }: Shell): Html {
  const asset = (name: string) => `${root}assets/${name}?v=${ASSET_VERSION}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${site.title}</title>
<link rel="icon" href="${iconOf(look)}">
<link rel="stylesheet" href="${asset('page.css')}">
<link rel="alternate" type="application/atom+xml" title="Incidents" href="${root}feed.atom">
${refreshSeconds !== null && html`<script src="${asset('page.js')}" defer></script>`}
${hasCharts && html`<script src="${asset('chart.js')}" defer></script>`}
</head>
<body data-now="${now.toISOString()}" data-refresh-seconds="${refreshSeconds}" data-root="${root}">
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div><a class="brand" href="${root || './'}">${logo(site)}<span>${site.title}</span></a>${
    site.links.length > 0 &&
    html`<nav aria-label="Links"><ul>${site.links.map(({ text, url }) => html`<li><a href="${url}" rel="noreferrer">${text}</a></li>`)}</ul></nav>`
  }<p class="live" id="live"></p></div></header>
<main id="main">
${main}
</main>
<footer><ul>
<li><a href="${root}incidents">Incidents</a></li>
<li><a href="${root}v1/summary">Summary as JSON</a></li>
<li><a href="${root}v1/openapi.json">API description</a></li>
<li><a href="${root}metrics">Metrics</a></li>
<li><a href="${root}feed.atom">Incidents feed</a></li>
${site.signInPath && html`<li><a href="${root}${site.signInPath.slice(1)}" rel="nofollow">Sign in</a></li>\n`}</ul></footer>
${MARKS}
</body>
</html>
`;
}

function logo({ logoUrl }: PageSettings): Html {
  if (logoUrl !== null) return html`<img src="${logoUrl}" alt="" height="24">`;
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12h4.5l2.5-7 5 14 3-7h5"/></svg>`;
}

/** Each look has its own shape too, since some people cannot distinguish the colours. */
const MARKS = html`<svg class="marks" aria-hidden="true"><symbol id="ok" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="m6 10.4 2.7 2.7L14 7.4"/></symbol><symbol id="warn" viewBox="0 0 20 20"><path class="body" d="M10 1.8 19 17.6H1Z"/><path d="M10 7.6v4.2m0 2.6v.1"/></symbol><symbol id="bad" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="m7 7 6 6m0-6-6 6"/></symbol><symbol id="ours" viewBox="0 0 20 20"><rect class="body" x="1" y="1" width="18" height="18" rx="5"/><path d="M10 5.4v5.4m0 3.4v.1"/></symbol><symbol id="off" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8"/><path d="M6.5 10h7"/></symbol></svg>`;

/** The script fills this element while the monitor does not answer. */
export const CONTACT = html`<p class="contact" id="contact" data-keep hidden></p>`;

export function mark(look: Look): Html {
  return html`<svg class="mark" aria-hidden="true"><use href="#${look}"/></svg>`;
}

function iconOf(look: Look): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${DOTS[look]}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
