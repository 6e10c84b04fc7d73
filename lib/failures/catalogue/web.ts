/**
 * Web servers, frameworks and firewalls, which answer in place of an API that was not reached. `html`, `text` and `empty`
 * are codes for a body that is no JSON; a header is one where only its presence counts.
 */

import type { Rows } from '../signature.ts';

export const WEB: Rows = {
  auth: [
    'cf-mitigated|x-amzn-waf-action|x-vercel-mitigated >waf',
    'html~just a moment|html~attention required|html~access denied|html~request rejected|html~captcha >waf',
    'html~incapsula incident >waf',
    '@403 html|text~error code: 10 >waf',
    '@406 html >waf',
    '@451 >geo',
  ],
  // Envoy's own words, under whatever status the gateway around it makes of them.
  server_error: ['text~upstream connect error'],
  config: [
    '~plain http request|~to an https server|~plain http to an ssl >https',
    '@404 html|text|empty|=not found',
    '@405',
    '~missing authentication token|~cannot post /|~route post:/',
  ],
};
