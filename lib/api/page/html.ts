/** Parts of the page. Every value in a template is escaped, since a provider's error text may be hostile. */

import type { html } from 'hono/html';

export type Html = ReturnType<typeof html>;
