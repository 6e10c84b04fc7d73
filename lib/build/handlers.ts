/** The last step of `npm run build`: the handlers into the package, so that whoever deploys from it needs no sources of ours. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HANDLERS, writeModules } from '../stack/functions/handler-bundle.ts';

const TARGET = fileURLToPath(new URL('../../dist/handlers', import.meta.url));

for (const handler of HANDLERS) writeModules(handler, join(TARGET, handler));
