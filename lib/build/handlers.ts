/** A step of `npm run build`: bundles the handlers into the package, so that users can deploy without the sources. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeModules } from '../stack/functions/handler-bundle.ts';
import { HANDLERS } from '../stack/functions/handler-source.ts';

const TARGET = fileURLToPath(new URL('../../dist/handlers', import.meta.url));

for (const handler of HANDLERS) writeModules(handler, join(TARGET, handler));
