#!/usr/bin/env node
/** The command line of the package: `npx provider-health`. */

import { main } from '../lib/cli/main.ts';
import manifest from '../package.json' with { type: 'json' };

process.exitCode = await main(process.argv.slice(2), manifest.version);
