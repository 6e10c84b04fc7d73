/** The last step of `npm run build`: the handlers into the package, so that whoever deploys from it needs no sources of ours. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeModules } from '../stack/functions/handler-bundle.ts';
import { HANDLERS } from '../stack/functions/handler-source.ts';

const TARGET = fileURLToPath(new URL('../../dist/handlers', import.meta.url));

for (const handler of HANDLERS) writeModules(handler, join(TARGET, handler));
