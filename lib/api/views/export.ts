/**
 * Exports a list as a file: CSV for spreadsheets, JSON lines for programs. Sends the whole range while it is read, or
 * one page with a header Link to the next page. Not here: which items (routes).
 */

import { parseAccept } from 'hono/utils/accept';
import type { Page, PageRequest } from '../../store/store.ts';
import { Problem } from '../http/problem.ts';
import { type Cell, CSV_MEDIA, csvRow } from './csv.ts';

export const FORMATS = ['json', 'csv', 'ndjson'] as const;

/** `json`: one page, like every other answer. `csv`, `ndjson`: one item a line. */
export type Format = (typeof FORMATS)[number];

export const EXPORT_MEDIA = { csv: CSV_MEDIA, ndjson: 'application/x-ndjson' } as const;

/** The largest page of the store, since an export reads all pages. */
const PAGE_LIMIT = 1000;

export interface Export {
  media: string;
  fileName: string;
  /** Pieces of up to 1000 lines. */
  pieces: AsyncIterable<string>;
  /** Cursor of the next page; null where there is none. */
  next: string | null;
}

/** How a list is written as CSV. */
export interface Columns<T> {
  names: readonly string[];
  cells(item: T): readonly Cell[];
}

/** The requested format: from the parameter, else from the header Accept, else JSON. */
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

/** The requested part of a list: one page if a field is given, else the whole list. */
export interface Paging {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface ExportSource<T> {
  /** The file's name without its extension. */
  name: string;
  columns: Columns<T>;
  readPage(request: Pick<PageRequest, 'limit' | 'cursor'>): Promise<Page<T>>;
}

/**
 * @param maxPages The most pages of a whole list. A longer list is refused, since a file without its end would mislead.
 * @throws {StoreError} When the first page cannot be read.
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
 * Makes the response of an export. Reads the first piece before anything is sent, so that an unreadable table becomes a
 * problem document. A later failure aborts the transfer, so that nobody takes half a file for a whole one.
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

/** The same query with another cursor, as a relative link, since the caller's path may differ from the path here. */
function withCursor(url: string, cursor: string): string {
  const query = new URL(url).searchParams;
  query.set('cursor', cursor);
  return `?${query}`;
}
