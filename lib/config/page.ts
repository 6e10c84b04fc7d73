/** The schema of `page` in providers.json (an organisation's title, logo and links on the status page), and its defaults. */

import type * as z from 'zod';
import { list, object, text } from './fields.ts';

/** Every page contains the logo, and pages should be small. */
const MAX_LOGO_CHARACTERS = 32_768;
const MAX_LINKS = 6;

const DEFAULT_TITLE = 'Provider Health';

/** The characters of a line of text: no control characters, and none that change the direction of writing. */
const LINE = String.raw`[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]`;

const LINK_URL = /^(?:https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?|mailto:[^\s@?]+@[^\s@?]+)$/;

/** Recognises types of pictures by their first bytes, and SVG by its text. */
const LOGO_TYPES: readonly { type: string; is: (bytes: Buffer) => boolean }[] = [
  { type: 'image/png', is: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')) },
  { type: 'image/jpeg', is: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')) },
  {
    type: 'image/webp',
    is: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
  { type: 'image/svg+xml', is: (bytes) => /<svg[\s>]/.test(bytes.toString('utf8')) },
];

const pageLink = object('an object with "text" and "url"', {
  text: text('1 to 40 characters in one line', new RegExp(`^${LINE}{1,40}$`, 'u')).describe('What the link says.'),
  url: text('an address that starts with https://, http:// or mailto:', LINK_URL).describe('Where it leads.'),
});

export const pageSchema = object('an object with "title", "logoUrl" or "links"', {
  title: text('1 to 60 characters in one line', new RegExp(`^${LINE}{1,60}$`, 'u'))
    .nullish()
    .describe(`Name at the top of the page, in the browser's tab and in the feed. Default "${DEFAULT_TITLE}".`),
  logoUrl: text(
    `a data: URL of a PNG, JPEG, WebP or SVG picture, with ";base64,", of at most ${MAX_LOGO_CHARACTERS} characters`,
    /^data:image\/[a-z+]+;base64,[A-Za-z0-9+/]+={0,2}$/,
    isLogo,
  )
    .nullish()
    .describe(
      'Picture before the title, as a data: URL: the page loads nothing from other hosts. Drawn 24 pixels high, on light and on dark. Default: the mark of Provider Health.',
    ),
  links: list('links', pageLink, MAX_LINKS)
    .optional()
    .describe('Links at the top of the page, such as to a runbook or to who is on call. Default: none.'),
});

export interface PageLink {
  text: string;
  url: string;
}

/** The title, the logo and the links of the page. */
export interface PageSettings {
  title: string;
  /** A data: URL; null: the product's own mark. */
  logoUrl: string | null;
  links: readonly PageLink[];
}

export const PAGE_DEFAULTS: PageSettings = { title: DEFAULT_TITLE, logoUrl: null, links: [] };

export function toPageSettings(page: z.output<typeof pageSchema> | undefined): PageSettings {
  return {
    title: page?.title ?? PAGE_DEFAULTS.title,
    logoUrl: page?.logoUrl ?? PAGE_DEFAULTS.logoUrl,
    links: page?.links ?? PAGE_DEFAULTS.links,
  };
}

/** Whether a data: URL contains a picture of the type that it names. Otherwise browsers would not show it. */
function isLogo(url: string): boolean {
  if (url.length > MAX_LOGO_CHARACTERS) return false;
  const comma = url.indexOf(',');
  const type = url.slice('data:'.length, url.indexOf(';'));
  const bytes = Buffer.from(url.slice(comma + 1), 'base64');
  return LOGO_TYPES.some((one) => one.type === type && one.is(bytes));
}
