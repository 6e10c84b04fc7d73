/**
 * A whole list as a file, sent while it is read: CSV for spreadsheets, JSON lines for programs. How long a list may be is
 * the door's limit; what its items are, and which of them, is the routes'.
 */

import { parseAccept } from 'hono/utils/accept';
import type { Page, PageRequest } from '../../store/store.ts';
import { badRequest } from '../http/problem.ts';
import { type Cell, CSV_MEDIA, csvRow } from './csv.ts';

export const FORMATS = ['json', 'csv', 'ndjson'] as const;

/** `json`: one page, as every other answer. `csv`, `ndjson`: all of the range, one item a line. */
export type Format = (typeof FORMATS)[number];

export const EXPORT_MEDIA = { csv: CSV_MEDIA, ndjson: 'application/x-ndjson' } as const;

/** Of the store's pages, the largest: an export reads them all. */
const PAGE_LIMIT = 1000;

export interface Export {
  media: string;
  fileName: string;
  /** In pieces of some hundred lines. */
  pieces: AsyncIterable<string>;
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

/** @throws {Problem} `bad_request` for the parameters of pages: a file that silently ended would be worse. */
export function refusePaging(format: Format, query: { limit?: number | undefined; cursor?: string | undefined }): void {
  const paging = (['limit', 'cursor'] as const).filter((field) => query[field] !== undefined);
  if (paging.length === 0) return;
  const message = `not together with ${format}, which has everything from "from" to "to"`;
  throw badRequest(paging.map((field) => ({ field, message })));
}

export function exportOf<T>(
  format: Exclude<Format, 'json'>,
  name: string,
  columns: Columns<T>,
  readPage: (request: Pick<PageRequest, 'limit' | 'cursor'>) => Promise<Page<T>>,
): Export {
  const line = format === 'csv' ? (item: T) => csvRow(columns.cells(item)) : (item: T) => `${JSON.stringify(item)}\n`;

  async function* pieces(): AsyncGenerator<string> {
    const head = format === 'csv' ? csvRow(columns.names) : '';
    let cursor: string | null = null;
    let isFirst = true;
    do {
      const page: Page<T> = await readPage({ limit: PAGE_LIMIT, ...(cursor !== null && { cursor }) });
      yield (isFirst ? head : '') + page.items.map(line).join('');
      isFirst = false;
      cursor = page.next;
    } while (cursor !== null);
  }

  return { media: EXPORT_MEDIA[format], fileName: `${name}.${format}`, pieces: pieces() };
}

/**
 * The response to an export. Its first piece is read before anything is sent, so that a table that cannot be read is
 * answered as a problem; what fails later breaks the transfer off, so that half a file is not taken for a whole one.
 */
export async function exportResponse(
  { media, fileName, pieces }: Export,
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
    },
  });
}
