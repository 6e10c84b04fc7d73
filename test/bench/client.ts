/** The interface of every compared program ("contender") of the benchmark. */

import { readFileSync } from 'node:fs';
import type { ClientReport } from './protocol.ts';

export const CA = readFileSync(new URL('tls/root.cert.pem', import.meta.url), 'utf8');

/** Probes every provider once. */
export type Tick = () => Promise<Pick<ClientReport, 'measuredMs' | 'uncertain'>>;

export function idOf(index: number): string {
  return `p${index}`;
}

export function baseUrlOf(port: number): string {
  return `https://localhost:${port}/v1`;
}

export function urlOf(port: number): string {
  return `${baseUrlOf(port)}/chat/completions`;
}
