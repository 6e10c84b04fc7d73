/** The form of a recorded answer that shows what one row of the catalogue is for. Words that do not decide stand as "(words)". */

import type { ProviderType } from '../../../lib/health/provider.ts';

export interface Evidence {
  type: ProviderType;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** As it was sent. */
  body: string;
}

export function says(type: ProviderType, status: number, body: unknown, headers: Evidence['headers'] = {}): Evidence {
  return { type, status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** OpenAI's shape. */
export function error(message: string, type: string | null = null, code: string | number | null = null): object {
  return { error: { message, type, param: null, code } };
}

/** Anthropic's shape. */
export function typed(type: string, message = '(words)'): object {
  return { type: 'error', error: { type, message } };
}

/** Google's shape. */
export function google(code: number, status: string, message = '(words)', details?: readonly object[]): object {
  return { error: { code, message, status, ...(details && { details }) } };
}

export function page(title: string): string {
  return `<!DOCTYPE html><html><head><title>${title}</title></head><body></body></html>`;
}

/** An AWS exception by its name. */
export function exception(status: number, name: string, message: string): Evidence {
  return says('bedrock', status, { message }, { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` });
}
