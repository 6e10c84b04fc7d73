/** Puts the key into the header that a provider expects. Never into the URL, since URLs end up in logs. */

import type { Secret } from '../../keys/secret.ts';
import type { AuthStyle } from '../presets/preset.ts';

export function authHeaders(style: AuthStyle, url: URL, key: Secret | null): Record<string, string> {
  if (key === null) return {};
  const text = key.reveal();
  const header = headerOf(style, url, text);
  return { [header]: header === 'authorization' ? `Bearer ${text}` : text };
}

function headerOf(style: AuthStyle, url: URL, key: string): string {
  switch (style) {
    case 'bearer':
      return 'authorization';
    case 'api-key':
    case 'x-goog-api-key':
      return style;
    case 'anthropic':
      // Anthropic's OAuth tokens and Bedrock's keys are bearer tokens.
      return key.startsWith('sk-ant-oat') || /\.(amazonaws\.com|api\.aws)$/.test(url.hostname)
        ? 'authorization'
        : 'x-api-key';
    case 'vertex':
      return url.pathname.includes('/projects/') ? 'authorization' : 'x-goog-api-key';
    default: {
      const never: never = style;
      return never;
    }
  }
}
