/**
 * A list as a file: CSV for spreadsheets, JSON lines for programs. Either the whole range, sent while it is read, or one
 * page of it, whose header Link names the next. The routes choose the items.
 */

import { parseAccept } from 'hono/utils/accept';
import type { Page, PageRequest } from '../../store/store.ts';
import { Problem } from '../http/problem.ts';
import { type Cell, CSV_MEDIA, csvRow } from './csv.ts';

export const FORMATS = ['json', 'csv', 'ndjson'] as const;

/** `json`: one page, as every other answer. `csv`, `ndjson`: one item a line. */
export type Format = (typeof FORMATS)[number];

export const EXPORT_MEDIA = { csv: CSV_MEDIA, ndjson: 'application/x-ndjson' } as const;

/** Of the store's pages, the largest: an export reads them all. */
const PAGE_LIMIT = 1000;

export interface Export {
  media: string;
  fileName: string;
  /** In pieces of up to 1000 lines. */
  pieces: AsyncIterable<string>;
  /** Cursor of the next page; null where there is none. */
  next: string | null;
}

/** How a list is written as CSV. */
export interface Columns<T> {
  names: readonly string[];
  cells(item: T): readonly Cell[];
}

/** What the caller asked for: by the parameter, or else by the header, or else one page of JSON. */
export function formatOf(parameter: Format | undefined, accept: string | undefined): Format {
  if (parameter !== undefined) return parameter;
  const wanted = parseAccept(accept ?? '')
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { type } of wanted) {
    if (type === 'application/json' || type === '*/*') return 'json';
    if (type === 'text/csv') return 'csv';
    if (type === EXPORT_MEDIA.ndjson) return 'ndjson';
  }
  return 'json';
}

/** What of a list is asked for: one page where one of the two is given, else all of it. */
export interface Paging {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface ExportSource<T> {
  /** The file's name, without what follows the dot. */
  name: string;
  columns: Columns<T>;
  readPage(request: Pick<PageRequest, 'limit' | 'cursor'>): Promise<Page<T>>;
}

/**
 * @param maxPages Of a whole list; one that has more is refused, since a file that silently ended would be worse.
 * @throws {StoreError} Of a page.
 */
export async function exportOf<T>(
  format: Exclude<Format, 'json'>,
  { name, columns, readPage }: ExportSource<T>,
  { limit, cursor }: Paging,
  maxPages: number,
): Promise<Export> {
  const isWhole = limit === undefined && cursor === undefined;
  const line = format === 'csv' ? (item: T) => csvRow(columns.cells(item)) : (item: T) => `${JSON.stringify(item)}\n`;
  const textOf = ({ items }: Page<T>) => items.map(line).join('');
  const head = format === 'csv' ? csvRow(columns.names) : '';
  const first = await readPage({ limit: limit ?? PAGE_LIMIT, ...(cursor !== undefined && { cursor }) });

  async function* pieces(): AsyncGenerator<string> {
    yield head + textOf(first);
    let next = isWhole ? first.next : null;
    for (let pages = 1; next !== null; pages++) {
      if (pages >= maxPages) throw tooManyPages(maxPages);
      const page: Page<T> = await readPage({ limit: PAGE_LIMIT, cursor: next });
      yield textOf(page);
      next = page.next;
    }
  }

  return {
    media: EXPORT_MEDIA[format],
    fileName: `${name}.${format}`,
    pieces: pieces(),
    next: isWhole ? null : first.next,
  };
}

function tooManyPages(maxPages: number): Problem {
  return new Problem(
    'answer_too_large',
    `Expected a range of at most ${maxPages * PAGE_LIMIT} items, got more. Ask for a shorter one with "from" and "to", ` +
      'or for its pages with "limit": the header Link of each names the next.',
  );
}

/**
 * The response to an export of the request at `url`. Its first piece is read before anything is sent, so that a table that cannot be read is
 * answered as a problem; what fails later breaks the transfer off, so that half a file is not taken for a whole one.
 */
export async function exportResponse(
  { media, fileName, pieces, next: nextCursor }: Export,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next = await iterator.next();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await iterator.next();
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(stream, {
    headers: {
      ...headers,
      'content-type': media,
      'content-disposition': `attachment; filename="${fileName}"`,
      ...(nextCursor !== null && { link: `<${withCursor(url, nextCursor)}>; rel="next"` }),
    },
  });
}

/** The same query with another cursor, relative to the request: the path that the caller used may be another one here. */
function withCursor(url: string, cursor: string): string {
  const query = new URL(url).searchParams;
  query.set('cursor', cursor);
  return `?${query}`;
}
