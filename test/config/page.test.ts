import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../lib/config/error.ts';
import { parseConfig } from '../../lib/config/parse.ts';

const parse = (page: unknown) => parseConfig({ providers: [], page }, { addressPolicy: 'public' }).page;
const dataUrl = (type: string, bytes: string | Buffer) =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24"/></svg>';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

function mistakesOf(page: unknown): string[] {
  try {
    parse(page);
    return [];
  } catch (error) {
    return (error as ConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('page', () => {
  it('has the product’s title, logo and links by default', () => {
    expect(parse(undefined)).toEqual({ title: 'Provider Health', logoUrl: null, links: [] });
    expect(parse({ title: null, logoUrl: null })).toEqual({ title: 'Provider Health', logoUrl: null, links: [] });
  });

  it.each([
    ['PNG', dataUrl('image/png', PNG)],
    ['JPEG', dataUrl('image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex'))],
    ['WebP', dataUrl('image/webp', 'RIFF\0\0\0\0WEBPVP8 ')],
    ['SVG', dataUrl('image/svg+xml', SVG)],
  ])('takes a title, links, and a logo that is a %s', (_, logoUrl) => {
    const page = {
      title: 'Modelle für Kunden',
      logoUrl,
      links: [
        { text: 'Runbook', url: 'https://wiki.example.com/llm?page=1#top' },
        { text: 'On call', url: 'mailto:on-call@example.com' },
      ],
    };
    expect(parse(page)).toEqual(page);
  });

  const LOGO =
    'page.logoUrl: expected a data: URL of a PNG, JPEG, WebP or SVG picture, with ";base64,", of at most 32768 characters';
  const LINK = 'page.links[0].url: expected an address that starts with https://, http:// or mailto:';

  it.each([
    [
      'another host’s picture',
      { logoUrl: 'https://cdn.example.com/logo.png' },
      `${LOGO}, got a text of 32 characters.`,
    ],
    ['a page', { logoUrl: dataUrl('text/html', SVG) }, `${LOGO}, got a text of 150 characters.`],
    ['an SVG that says PNG', { logoUrl: dataUrl('image/png', SVG) }, `${LOGO}, got a text of 150 characters.`],
    ['a picture of no type', { logoUrl: 'data:;base64,AAAA' }, `${LOGO}, got a text of 17 characters.`],
    [
      'a large one',
      { logoUrl: dataUrl('image/png', Buffer.concat([PNG, Buffer.alloc(25_000)])) },
      `${LOGO}, got a text of 33378 characters.`,
    ],
    ['a script', { links: [{ text: 'Go', url: 'javascript:alert(1)' }] }, `${LINK}, got a text of 19 characters.`],
    ['a path', { links: [{ text: 'Go', url: '/metrics' }] }, `${LINK}, got "/metrics".`],
    [
      'a user in an address',
      { links: [{ text: 'Go', url: 'https://me:secret@example.com/' }] },
      `${LINK}, got a text of 30 characters.`,
    ],
    [
      'two lines',
      { title: 'Two\nlines' },
      'page.title: expected 1 to 60 characters in one line, got a text of 9 characters.',
    ],
    ['no text', { title: '' }, 'page.title: expected 1 to 60 characters in one line, got "".'],
    ['a field that is not there', { logo: 'x' }, 'page.logo: unknown field. Did you mean "logoUrl"?'],
    [
      'many links',
      { links: Array(7).fill({ text: 'Go', url: 'https://example.com' }) },
      'page.links: expected a list of at most 6 links, got a list of 7.',
    ],
  ])('refuses %s', (_, page, expected) => {
    expect(mistakesOf(page)).toEqual([expected]);
  });
});
