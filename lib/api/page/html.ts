/** Pieces of the page. Every value that is put into a template is escaped, since a provider's error text is hostile. */

import type { html } from 'hono/html';

export type Html = ReturnType<typeof html>;
