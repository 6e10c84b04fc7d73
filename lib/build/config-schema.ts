/** Makes providers.schema.json, for editors, from the schema that validates. Run as a program, it writes the file. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { configSchema } from '../config/schema.ts';

/** The content of providers.schema.json. */
export function jsonSchemaText(): string {
  // Most editors support draft 7 only.
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { target: 'draft-07', io: 'input' });
  const document = { $schema, title: 'providers.json of Provider Health', ...schema };
  return `${JSON.stringify(document, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../../providers.schema.json', import.meta.url), jsonSchemaText());
}
